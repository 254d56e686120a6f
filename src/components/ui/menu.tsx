'use client';

import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';
import { buttonVariants } from './button';

interface MenuProps {
  /** The accessible name of the button, which shows only its icon. */
  label: string;
  icon: ReactNode;
  children: ReactNode;
}

export function Menu({ label, icon, children }: MenuProps) {
  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger aria-label={label} className={buttonVariants({ size: 'icon' })}>
        {icon}
      </BaseMenu.Trigger>
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={6} align="end" className="z-40">
          <BaseMenu.Popup className="min-w-44 rounded-xl border bg-surface p-1.5 shadow-lg outline-none transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0">
            {children}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

interface MenuItemProps {
  onClick: () => void;
  danger?: boolean;
  children: ReactNode;
}

export function MenuItem({ onClick, danger = false, children }: MenuItemProps) {
  return (
    <BaseMenu.Item
      onClick={onClick}
      className={cn(
        'flex items-center gap-2 rounded-md px-2.5 py-1.5 text-sm outline-none select-none data-highlighted:bg-sunken [&_svg]:size-4',
        danger && 'text-danger',
      )}
    >
      {children}
    </BaseMenu.Item>
  );
}
