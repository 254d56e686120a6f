import type { ReactNode } from 'react';
import { Button } from './button';

interface DisclosureButtonProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: ReactNode;
}

/** Shows and hides the content beside it. */
export function DisclosureButton({ open, onOpenChange, children }: DisclosureButtonProps) {
  return (
    <Button
      variant="ghost"
      size="small"
      className="-ml-2.5"
      aria-expanded={open}
      onClick={() => onOpenChange(!open)}
    >
      {children}
    </Button>
  );
}
