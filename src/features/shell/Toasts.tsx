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
      closeButton
      toastOptions={{
        style: {
          background: 'var(--color-surface)',
          color: 'var(--color-ink)',
          border: '1px solid var(--color-line)',
          padding: '0.625rem 0.875rem',
        },
        classNames: { description: 'text-muted! line-clamp-10', actionButton: 'bg-accent! text-on-accent!' },
      }}
    />
  );
}
