import { type ComponentProps, createContext, type ReactNode, use, useId } from 'react';
import { cn } from '@/lib/cn';

const control =
  'w-full rounded-lg border border-line-strong/70 bg-surface px-3 text-[0.9375rem] text-ink placeholder:text-muted aria-invalid:border-danger disabled:opacity-60';

/** What connects a control to the label, hint and error of the field around it. */
type ControlProps = Pick<ComponentProps<'input'>, 'id' | 'aria-invalid' | 'aria-describedby'>;
const ControlContext = createContext<ControlProps>({});

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...use(ControlContext)} {...rest} className={cn(control, 'h-10', className)} />;
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...use(ControlContext)}
      {...rest}
      className={cn(control, 'field-sizing-content min-h-20 py-2', className)}
    />
  );
}

/** A native select, which works best on phones and with a keyboard. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select {...use(ControlContext)} {...rest} className={cn(control, 'h-10 pr-8', className)} />;
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  /** One Input, Textarea or Select. */
  children: ReactNode;
}

export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const described = [error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`]
    .filter(Boolean)
    .join(' ');
  const controlProps: ControlProps = {
    id,
    'aria-invalid': error !== undefined || undefined,
    'aria-describedby': described || undefined,
  };
  return (
    <div className={cn('min-w-0 space-y-1.5', className)}>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <ControlContext value={controlProps}>{children}</ControlContext>
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-[0.8125rem] text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

/** What is wrong with a whole form. A long form scrolls to it, clear of the buttons that stay in sight. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <p
      ref={bringIntoView}
      role="alert"
      className="scroll-mb-24 rounded-xl bg-danger-soft px-4 py-3 text-sm text-danger"
    >
      {children}
    </p>
  );
}

const bringIntoView = (element: HTMLElement | null): void => element?.scrollIntoView({ block: 'nearest' });
