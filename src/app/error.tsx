'use client';

import { Button } from '@/components/ui/button';

/** Shown instead of a page whose rendering threw. */
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
        Your tasks keep running; only this page failed. Try again, or reload it.
        {error.digest !== undefined && <> In the server's log, this is error {error.digest}.</>}
      </p>
      <Button variant="primary" className="mt-6" onClick={reset}>
        Try again
      </Button>
    </div>
  );
}
