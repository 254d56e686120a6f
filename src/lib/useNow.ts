'use client';

import { useCallback, useRef, useSyncExternalStore } from 'react';

/**
 * One clock for all components of the page: it ticks on the full second, and only while something that can be
 * seen uses it.
 */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
  clearTimeout(timer);
  for (const listener of listeners) listener();
  if (document.visibilityState === 'visible') timer = setTimeout(tick, 1_000 - (Date.now() % 1_000));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    timer = setTimeout(tick, 1_000 - (Date.now() % 1_000));
    document.addEventListener('visibilitychange', tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', tick);
  };
}

/** The start of the present second, so that all reads within one render agree. */
const thisSecond = (): number => Math.floor(Date.now() / 1_000) * 1_000;

/**
 * What `read` makes of the present time, in milliseconds since the epoch; null on the server. The component
 * renders again when the result differs from the last one, and not with every second: an object is compared
 * by its fields.
 */
export function useAtTime<Value>(read: (now: number) => Value): Value | null {
  const last = useRef<Value>(undefined);
  const snapshot = useCallback((): Value => {
    const value = read(thisSecond());
    if (last.current === undefined || !isSame(last.current, value)) last.current = value;
    return last.current;
  }, [read]);
  return useSyncExternalStore(subscribe, snapshot, () => null);
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const fields = Object.entries(a);
  const others = new Map(Object.entries(b));
  return fields.length === others.size && fields.every(([name, value]) => Object.is(value, others.get(name)));
}
