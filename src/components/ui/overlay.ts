export const backdropClass =
  'fixed inset-0 z-40 bg-black/45 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0';

/**
 * How a dialog appears. It does not fade away: until it had, it would take the keys that are meant for the
 * page.
 */
export const popupFadeClass =
  'transition-[opacity,transform] duration-150 data-ending-style:transition-none data-starting-style:opacity-0';

/** Whether a dialog is open, held by the component that opens it. */
export interface OpenState {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}
