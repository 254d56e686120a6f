import { Button } from './button';

interface DisclosureButtonProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The label while closed. */
  show: string;
  /** The label while open. */
  hide: string;
}

/** Shows and hides the content beside it. */
export function DisclosureButton({ open, onOpenChange, show, hide }: DisclosureButtonProps) {
  return (
    <Button
      variant="ghost"
      size="small"
      className="-ml-2.5"
      aria-expanded={open}
      onClick={() => onOpenChange(!open)}
    >
      {open ? hide : show}
    </Button>
  );
}
