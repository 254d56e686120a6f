'use client';

import { useSyncExternalStore } from 'react';

/**
 * One clock for all components of the page: it ticks on the full second, and only while something uses it.
 */
const listeners = new Set<() => void>();
let now: number | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
  timer = setTimeout(tick, 1_000 - (now % 1_000));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    now = Date.now();
    timer = setTimeout(tick, 1_000 - (now % 1_000));
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    now = null;
  };
}

const snapshot = (): number => {
  now ??= Date.now();
  return now;
};

/** Milliseconds since the epoch, updated every second; null on the server. */
export const useNow = (): number | null => useSyncExternalStore(subscribe, snapshot, () => null);
