'use client';

import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';
import { Button, buttonVariants } from './button';

export const backdropClass =
  'fixed inset-0 z-40 bg-black/45 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0';

/** Whether a dialog is open, held by the component that opens it. */
export interface OpenState {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

interface DialogProps extends OpenState {
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A modal dialog: centred, or the whole screen on a phone. */
export function Dialog({ open, onOpenChange, title, description, children, className }: DialogProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={onOpenChange}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropClass} />
        <BaseDialog.Viewport className="fixed inset-0 z-50 flex items-start justify-center overflow-y-auto sm:p-8">
          <BaseDialog.Popup
            className={cn(
              'min-h-dvh w-full bg-paper p-5 shadow-2xl outline-none transition-[opacity,transform] duration-150 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0 sm:my-auto sm:min-h-0 sm:max-w-2xl sm:rounded-2xl sm:border sm:p-7',
              className,
            )}
          >
            <div className="mb-5 flex items-start justify-between gap-4">
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
            {children}
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** The last row of a form in a dialog: Cancel, and the button that submits the form. */
export function DialogButtons({ submit, busy }: { submit: string; busy: boolean }) {
  return (
    <div className="flex flex-wrap justify-end gap-2">
      <BaseDialog.Close className={buttonVariants()}>Cancel</BaseDialog.Close>
      <Button type="submit" variant="primary" busy={busy}>
        {submit}
      </Button>
    </div>
  );
}
