'use client';

import { AlertDialog } from '@base-ui/react/alert-dialog';
import { type ReactNode, useRef } from 'react';
import { cn } from '@/lib/cn';
import { Button, buttonVariants } from './button';
import { backdropClass, type OpenState, popupFadeClass } from './overlay';
import { useFocusBack } from './useFocusBack';

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
  const popup = useRef<HTMLDivElement>(null);
  const focusBack = useFocusBack(open, popup);
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdropClass} />
        <AlertDialog.Viewport className="fixed inset-0 z-50 flex items-center justify-center p-4">
          <AlertDialog.Popup
            ref={popup}
            finalFocus={focusBack}
            className={cn(
              popupFadeClass,
              'w-full max-w-md rounded-2xl border bg-paper p-6 shadow-2xl outline-none',
            )}
          >
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
