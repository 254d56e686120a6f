export const backdropClass =
  'fixed inset-0 z-40 bg-black/45 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0';

/** Whether a dialog is open, held by the component that opens it. */
export interface OpenState {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}
