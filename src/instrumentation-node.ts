import { getRuntime, stopRuntime } from './server/runtime';

/**
 * Starts the runtime before the first request, and ends it when the process is asked to stop. Hot reload may load this
 * module again; the handlers are set once a process.
 */
export async function startServer(): Promise<void> {
  await getRuntime();
  if (globalThis.everbeatSignals === true) return;
  globalThis.everbeatSignals = true;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void stopRuntime().finally(() => process.exit(0)));
  }
}

declare global {
  var everbeatSignals: true | undefined;
}
