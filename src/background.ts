import { getRuntime, stopRuntime } from './server/runtime/runtime';

declare global {
  var everbeatEnding: Promise<void> | undefined;
  var everbeatHearsSignals: true | undefined;
}

/** Ends the process once the runtime has stopped. A second signal, which Ctrl-C under npm brings, waits for the first. */
function endProcess(): void {
  globalThis.everbeatEnding ??= stopRuntime().finally(() => process.exit(0));
}

/**
 * Starts the runtime before the first request, and ends it when the process is asked to stop. Hot reload may load this
 * module again; the signals are heard once a process.
 */
export async function startServer(): Promise<void> {
  if (globalThis.everbeatHearsSignals === undefined) {
    globalThis.everbeatHearsSignals = true;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, endProcess);
  }
  await getRuntime();
}
