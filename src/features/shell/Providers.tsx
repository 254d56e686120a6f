'use client';

import { ThemeProvider } from 'next-themes';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import type { ReactNode } from 'react';
import { LiveProvider } from '@/features/live/LiveProvider';
import { ApiProvider } from '@/lib/trpc/provider';
import { Toasts } from './Toasts';

export function Providers({ children }: { children: ReactNode }) {
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
