'use client';

import { Menu } from '@base-ui/react/menu';
import { useRef } from 'react';
import { type SnoozeChoice, snoozeChoices } from './snoozeChoices';

interface SnoozeMenuProps {
  /** What it opens beside. */
  anchor: HTMLElement;
  onChoose: (until: SnoozeChoice['until']) => void;
  /** Also after a choice. */
  onClose: () => void;
}

/**
 * Until when? Opened by its owner, for a row or for several, with the first entry highlighted: Enter chooses
 * it.
 */
export default function SnoozeMenu({ anchor, onChoose, onClose }: SnoozeMenuProps) {
  const first = useRef<HTMLDivElement>(null);
  // The menu highlights the entry that has the focus. Without a trigger of its own it takes the focus itself
  // when it opens.
  const highlightFirst = (open: boolean) => {
    if (open) first.current?.focus({ preventScroll: true });
  };
  return (
    <Menu.Root
      open
      modal={false}
      onOpenChange={(open) => !open && onClose()}
      onOpenChangeComplete={highlightFirst}
    >
      <Menu.Portal>
        <Menu.Positioner anchor={anchor} sideOffset={6} align="end" className="z-40">
          <Menu.Popup
            aria-label="Snooze until"
            finalFocus={false}
            className="min-w-56 rounded-xl border bg-surface p-1.5 shadow-lg outline-none"
          >
            {snoozeChoices(new Date()).map(({ label, until, at }, index) => (
              <Menu.Item
                key={label}
                ref={index === 0 ? first : null}
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
