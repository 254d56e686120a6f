'use client';

import { useTheme } from 'next-themes';
import { Toaster } from 'sonner';

export function Toasts() {
  const { resolvedTheme } = useTheme();
  return (
    <Toaster
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      mobileOffset={{ bottom: '5rem' }}
      closeButton
      toastOptions={{
        style: { background: 'var(--surface)', color: 'var(--ink)', border: '1px solid var(--line)' },
        classNames: { description: 'text-muted!', actionButton: 'bg-accent! text-on-accent!' },
      }}
    />
  );
}
