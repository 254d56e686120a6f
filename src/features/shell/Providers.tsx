'use client';

import { ThemeProvider } from 'next-themes';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { type ReactNode, useEffect } from 'react';
import { LiveProvider } from '@/features/live/LiveProvider';
import { removeOldDrafts } from '@/lib/drafts/drafts';
import { ApiProvider } from '@/lib/trpc/provider';
import { Toasts } from './Toasts';

export function Providers({ children }: { children: ReactNode }) {
  useEffect(() => removeOldDrafts(localStorage, Date.now()), []);
  return (
    <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange>
      <NuqsAdapter>
        <ApiProvider>
          <LiveProvider>{children}</LiveProvider>
          <Toasts />
        </ApiProvider>
      </NuqsAdapter>
    </ThemeProvider>
  );
}
