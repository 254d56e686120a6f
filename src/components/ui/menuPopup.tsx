'use client';

import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';
import { buttonVariants } from './button';

export interface MenuChoice {
  text: string;
  icon: LucideIcon;
  isDangerous?: boolean;
  onChoose: () => void;
}

export interface MenuProps {
  /** The accessible name of the button, which shows only its icon. */
  label: string;
  icon: ReactNode;
  items: readonly MenuChoice[];
}

interface MenuPopupProps extends MenuProps {
  /** What the person did with the button before this was loaded. */
  wasPressed: boolean;
  hadFocus: boolean;
}

/** The menu with the button that opens it. */
export function MenuPopup({ label, icon, items, wasPressed, hadFocus }: MenuPopupProps) {
  return (
    <BaseMenu.Root modal={false} defaultOpen={wasPressed}>
      <BaseMenu.Trigger
        aria-label={label}
        className={buttonVariants({ size: 'icon' })}
        // It takes the place of a button, whose focus goes over to it.
        autoFocus={hadFocus}
      >
        {icon}
      </BaseMenu.Trigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={6} align="end" className="z-40">
          <BaseMenu.Popup className="min-w-44 rounded-xl border bg-surface p-1.5 shadow-lg outline-none transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {items.map(({ text, icon: Icon, isDangerous = false, onChoose }) => (
              <BaseMenu.Item
                key={text}
                onClick={onChoose}
                className={cn(
                  'flex items-center gap-2 rounded-md px-2.5 py-1.5 text-sm outline-none select-none data-highlighted:bg-sunken [&_svg]:size-4',
                  isDangerous && 'text-danger',
                )}
              >
                <Icon aria-hidden /> {text}
              </BaseMenu.Item>
            ))}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}
