'use client';

import { Menu } from '@base-ui/react/menu';
import { type SnoozeChoice, snoozeChoices } from './snoozeChoices';

interface SnoozeMenuProps {
  /** What it opens beside. */
  anchor: HTMLElement;
  onChoose: (until: SnoozeChoice['until']) => void;
  /** Also after a choice. */
  onClose: () => void;
}

/** Until when? Opened by its owner, for a row or for several. */
export default function SnoozeMenu({ anchor, onChoose, onClose }: SnoozeMenuProps) {
  return (
    <Menu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <Menu.Portal>
        <Menu.Positioner anchor={anchor} sideOffset={6} align="end" className="z-40">
          <Menu.Popup
            aria-label="Snooze until"
            finalFocus={false}
            className="min-w-56 rounded-xl border bg-surface p-1.5 shadow-lg outline-none"
          >
            {snoozeChoices(new Date()).map(({ label, until, at }) => (
              <Menu.Item
                key={label}
                onClick={() => onChoose(until)}
                className="flex items-baseline justify-between gap-6 rounded-md px-2.5 py-2 text-sm outline-none select-none data-highlighted:bg-sunken"
              >
                {label}
                <span className="text-[0.8125rem] text-muted tabular-nums">{at}</span>
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
