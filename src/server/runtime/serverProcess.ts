import { getRuntime, stopRuntime } from './runtime';

declare global {
  var everbeatHandlesSignals: true | undefined;
  var everbeatEnding: Promise<void> | undefined;
}

/** A second signal, as Ctrl-C under npm sends, waits for the same end. */
function endProcess(): void {
  globalThis.everbeatEnding ??= stopRuntime().finally(() => process.exit(0));
}

/**
 * Starts the runtime, and on SIGINT or SIGTERM stops it and ends the process. Signal handlers are installed once per
 * process, however often hot reload loads this module. Rejects when the runtime cannot start.
 */
export async function startServerProcess(): Promise<void> {
  if (globalThis.everbeatHandlesSignals === undefined) {
    globalThis.everbeatHandlesSignals = true;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, endProcess);
  }
  await getRuntime();
}
