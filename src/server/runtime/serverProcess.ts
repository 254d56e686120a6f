import { createLogger } from './adapters';
import { getRuntime, stopRuntime } from './runtime';

declare global {
  var everbeatHandlesSignals: true | undefined;
  var everbeatEnding: Promise<void> | undefined;
}

/** Shorter than the ten seconds after which container hosts kill a process that they asked to stop. */
const STOP_DEADLINE_MS = 7_000;

/** A second signal, as Ctrl-C under npm sends, waits for the same end. */
function endProcess(): void {
  if (globalThis.everbeatEnding !== undefined) return;
  // Not `unref`: whatever hangs, the process ends. What is left behind is repaired by the next start.
  setTimeout(() => {
    const seconds = STOP_DEADLINE_MS / 1_000;
    createLogger('error').error({}, `Not everything stopped within ${seconds} s; ending anyway`);
    process.exit(1);
  }, STOP_DEADLINE_MS);
  globalThis.everbeatEnding = stopRuntime().finally(() => process.exit(0));
}

/**
 * Starts the runtime, and on SIGINT or SIGTERM stops it and ends the process, within 7 s. Signal handlers are
 * installed once per process, however often hot reload loads this module. Rejects when the runtime cannot
 * start.
 */
export async function startServerProcess(): Promise<void> {
  if (globalThis.everbeatHandlesSignals === undefined) {
    globalThis.everbeatHandlesSignals = true;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, endProcess);
  }
  await getRuntime();
}
