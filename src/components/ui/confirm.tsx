import type { ConfirmProps } from './confirmDialog';
import { lazyDialog } from './lazy';

/** Asks for confirmation of a destructive action. */
export const Confirm = lazyDialog<ConfirmProps>(() =>
  import('./confirmDialog').then((module) => module.ConfirmDialog),
);
