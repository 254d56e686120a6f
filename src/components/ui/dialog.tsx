'use client';

import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import { cn } from '@/lib/cn';
import { Button, buttonVariants } from './button';
import { ConfirmDialog } from './confirmDialog';
import { backdropClass, type OpenState, popupFadeClass } from './overlay';
import { type ReportUnsaved, UnsavedContext } from './unsaved';
import { useFocusBack } from './useFocusBack';

interface DialogProps extends OpenState {
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  className?: string;
}

/**
 * A modal dialog: centred, or the whole screen on a phone. Its content scrolls; a `DialogFooter` stays in
 * sight. Closing it over text that is not saved (`useReportUnsaved`) asks first.
 */
export function Dialog({ open, onOpenChange, title, description, children, className }: DialogProps) {
  const discard = useRef<(() => void) | null>(null);
  const [asks, setAsks] = useState(false);
  const popup = useRef<HTMLDivElement>(null);
  const focusBack = useFocusBack(open, popup);
  const reportUnsaved = useCallback<ReportUnsaved>((throwAway) => {
    discard.current = throwAway;
  }, []);
  const requestChange = (next: boolean) => {
    if (next || discard.current === null) onOpenChange(next);
    else setAsks(true);
  };
  const discardAndClose = () => {
    discard.current?.();
    setAsks(false);
    onOpenChange(false);
  };
  return (
    <BaseDialog.Root open={open} onOpenChange={requestChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropClass} />
        <BaseDialog.Viewport className="fixed inset-0 z-50 flex items-center justify-center sm:p-8">
          <BaseDialog.Popup
            ref={popup}
            finalFocus={focusBack}
            className={cn(
              popupFadeClass,
              'flex h-dvh w-full flex-col bg-paper shadow-2xl outline-none data-starting-style:translate-y-2 sm:h-auto sm:max-h-full sm:max-w-2xl sm:rounded-2xl sm:border',
              className,
            )}
          >
            <div className="flex items-start justify-between gap-4 px-5 pt-5 pb-4 sm:px-7 sm:pt-7">
              <div className="min-w-0">
                <BaseDialog.Title className="text-xl font-semibold tracking-tight">{title}</BaseDialog.Title>
                {description !== undefined && (
                  <BaseDialog.Description className="mt-1 text-sm text-muted">
                    {description}
                  </BaseDialog.Description>
                )}
              </div>
              <BaseDialog.Close
                aria-label="Close"
                className={cn(buttonVariants({ variant: 'ghost', size: 'icon' }), '-mt-1.5 -mr-1.5')}
              >
                <X aria-hidden />
              </BaseDialog.Close>
            </div>
            <div className="min-h-0 flex-1 overflow-y-auto">
              <div className="px-5 pt-1 pb-5 sm:px-7 sm:pb-7">
                <UnsavedContext value={reportUnsaved}>{children}</UnsavedContext>
              </div>
            </div>
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
      <ConfirmDialog
        open={asks}
        onOpenChange={setAsks}
        title="Discard what you wrote?"
        keep="Keep editing"
        action="Discard"
        busy={false}
        onConfirm={discardAndClose}
      >
        It has not been saved.
      </ConfirmDialog>
    </BaseDialog.Root>
  );
}

/**
 * The row of buttons at the end of a form in a dialog. It stays in sight while the form scrolls behind it.
 */
export function DialogFooter({ children }: { children: ReactNode }) {
  return (
    <div className="sticky bottom-0 -mx-5 -mb-5 flex flex-wrap items-center justify-end gap-2 rounded-b-2xl border-t bg-paper px-5 py-3 sm:-mx-7 sm:-mb-7 sm:px-7 sm:py-4">
      {children}
    </div>
  );
}

interface DialogButtonsProps {
  submit: string;
  busy: boolean;
  /** Nothing can be submitted; the form says why. */
  disabled?: boolean;
}

/** The footer of most forms: Cancel, and the button that submits the form. */
export function DialogButtons({ submit, busy, disabled }: DialogButtonsProps) {
  return (
    <DialogFooter>
      <BaseDialog.Close className={buttonVariants()}>Cancel</BaseDialog.Close>
      <Button
        type="submit"
        variant="primary"
        busy={busy}
        disabled={disabled}
        aria-keyshortcuts="Control+Enter Meta+Enter"
      >
        {submit}
      </Button>
    </DialogFooter>
  );
}
