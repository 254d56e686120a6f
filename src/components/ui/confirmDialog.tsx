'use client';

import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { ReactNode } from 'react';
import { Button, buttonVariants } from './button';
import { backdropClass, type OpenState } from './overlay';

export interface ConfirmProps extends OpenState {
  title: string;
  /** What will happen, in one or two sentences. */
  children: ReactNode;
  /** The label of the confirming button: "Delete task". */
  action: string;
  /** The label of the button that changes nothing. */
  keep?: string;
  busy: boolean;
  onConfirm: () => void;
}

/** Asks for confirmation of a destructive action. */
export function ConfirmDialog(props: ConfirmProps) {
  const { open, onOpenChange, title, children, action, keep = 'Keep it', busy, onConfirm } = props;
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdropClass} />
        <AlertDialog.Viewport className="fixed inset-0 z-50 flex items-center justify-center p-4">
          <AlertDialog.Popup className="w-full max-w-md rounded-2xl border bg-paper p-6 shadow-2xl outline-none transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0">
            <AlertDialog.Title className="text-lg font-semibold tracking-tight">{title}</AlertDialog.Title>
            <AlertDialog.Description className="mt-2 text-sm text-muted">{children}</AlertDialog.Description>
            <div className="mt-6 flex flex-wrap justify-end gap-2">
              <AlertDialog.Close className={buttonVariants()}>{keep}</AlertDialog.Close>
              <Button variant="danger" busy={busy} onClick={onConfirm}>
                {action}
              </Button>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
