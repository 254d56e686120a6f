import type { Runtime } from './runtime';

/** One runtime a process. Hot reload and route bundles load modules more than once, so it is held outside of them. */
declare global {
  var everbeatRuntime: { started: Promise<Runtime>; sourceStamp: number } | undefined;
}

/** The runtime that was started in this process, whichever copy of the code has started it. */
export const runningRuntime = (): Promise<Runtime> | undefined => globalThis.everbeatRuntime?.started;
