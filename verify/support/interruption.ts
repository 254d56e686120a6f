/**
 * Aborted by the first signal that asks this process to end, or when nobody reads its output any more (`|
 * head`). The program can then stop the servers and processes that it started.
 */
export function abortOnInterruption(): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, abort);
  process.stdout.on('error', abort);
  return controller.signal;
}

/**
 * Rejects with the signal's reason once it is aborted; to be raced with work that does not watch the signal.
 */
export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
