'use client';

import { Button } from '@/components/ui/button';

/** What a page shows when it could not be drawn. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <div role="alert" className="mx-auto max-w-md py-20 text-center">
      <h1 className="text-2xl font-semibold tracking-tight">This page could not be shown</h1>
      <p className="mt-2 text-muted">
        Your tasks go on; only this view failed. Try again, or reload the page.
        {error.digest !== undefined && <> The server's log names it {error.digest}.</>}
      </p>
      <Button variant="primary" className="mt-6" onClick={reset}>
        Try again
      </Button>
    </div>
  );
}
