'use client';

import { useTheme } from 'next-themes';
import { Toaster } from 'sonner';

export function Toasts() {
  const { resolvedTheme } = useTheme();
  return (
    <Toaster
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-left"
      className="toasts"
      offset={{ bottom: '5rem' }}
      mobileOffset={{ bottom: '4.75rem' }}
      closeButton
      toastOptions={{
        style: {
          background: 'var(--color-surface)',
          color: 'var(--color-ink)',
          border: '1px solid var(--color-line)',
        },
        classNames: { description: 'text-muted! line-clamp-2', actionButton: 'bg-accent! text-on-accent!' },
      }}
    />
  );
}
