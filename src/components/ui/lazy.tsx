'use client';

import { type ComponentType, useEffect, useState } from 'react';
import { toast } from 'sonner';
import type { OpenState } from './overlay';
import { ErrorState, Skeleton } from './states';

/** Components whose code is loaded when it is needed, so that no page waits for it. */

type Load<Props> = () => Promise<ComponentType<Props>>;

interface Loading<Props> {
  Loaded: ComponentType<Props> | null;
  /** What went wrong; null while it is being loaded. */
  error: unknown;
  retry: () => void;
}

function useLoaded<Props>(load: Load<Props>, isNeeded: boolean): Loading<Props> {
  const [Loaded, setLoaded] = useState<ComponentType<Props> | null>(null);
  const [error, setError] = useState<unknown>(null);
  const isMissing = isNeeded && Loaded === null && error === null;
  useEffect(() => {
    if (!isMissing) return;
    let isWanted = true;
    load().then(
      (component) => isWanted && setLoaded(() => component),
      (thrown: unknown) => isWanted && setError(thrown),
    );
    return () => {
      isWanted = false;
    };
  }, [isMissing, load]);
  return { Loaded, error, retry: () => setError(null) };
}

/**
 * A dialog, loaded when it is first opened. If that fails, it closes and says so; opening it again tries
 * again.
 */
export function lazyDialog<Props extends OpenState>(load: Load<Props>): ComponentType<Props> {
  return function LazyDialog(props: Props) {
    const { open, onOpenChange } = props;
    const { Loaded, error, retry } = useLoaded(load, open);
    useEffect(() => {
      if (error === null) return;
      toast.error('This form could not be loaded', { description: 'Check the connection, and try again.' });
      onOpenChange(false);
      retry();
    });
    return Loaded === null ? null : <Loaded {...props} />;
  };
}

/** A part of a page, loaded once it is shown. `height` is the class of the space that it takes until then. */
export function lazyPart<Props extends object>(load: Load<Props>, height: string): ComponentType<Props> {
  return function LazyPart(props: Props) {
    const { Loaded, error, retry } = useLoaded(load, true);
    if (Loaded !== null) return <Loaded {...props} />;
    if (error === null) return <Skeleton className={height} />;
    return <ErrorState title="This part of the page could not be loaded" error={error} onRetry={retry} />;
  };
}
