import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { AppShell } from '@/features/shell/AppShell';
import { Providers } from '@/features/shell/Providers';
import { FirstView } from './firstView';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Everbeat', template: '%s · Everbeat' },
  description:
    'Recurring tasks for AI agents: give an agent a job once, and it runs again and again, reports, and asks you when it needs to.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f9faf5' },
    { media: '(prefers-color-scheme: dark)', color: '#0b1412' },
  ],
};

/** next-themes sets the class of `html` before React hydrates, hence `suppressHydrationWarning`. */
export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* Browsers ask for it without the password of the server unless they are told otherwise. */}
        <link rel="manifest" href="/manifest.webmanifest" crossOrigin="use-credentials" />
      </head>
      <body className="font-sans antialiased">
        <Providers>
          <FirstView reads={(api, client) => [client.prefetchQuery(api.inbox.counts.queryOptions())]}>
            <AppShell>{children}</AppShell>
          </FirstView>
        </Providers>
      </body>
    </html>
  );
}
