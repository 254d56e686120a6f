import type { Coverage } from './messages';

/** What the code that Stryker has changed reads and writes. */
interface StrykerNamespace {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number;
  hitLimit?: number | undefined;
  mutantCoverage?: Coverage;
}

declare global {
  var __stryker__: StrykerNamespace | undefined;
}
globalThis.__stryker__ ??= {};

export const stryker: StrykerNamespace = globalThis.__stryker__;

let activeMutant: string | undefined;
let endsAtMs = Number.POSITIVE_INFINITY;
let isOver = false;
let reads = 0;
/** Looking at the clock each time would cost more than the code between. */
const READS_PER_LOOK = 512;

/**
 * The changed code asks at every step which change is on, so it asks in every loop too. A loop without end,
 * which no timer of its own thread can interrupt, is left there by an error.
 */
Object.defineProperty(stryker, 'activeMutant', {
  get(): string | undefined {
    reads += 1;
    isOver ||= reads % READS_PER_LOOK === 0 && processorMs() > endsAtMs;
    // Each time from now on: what catches the error may go on with its loop.
    if (isOver) throw new Error('The test takes too long');
    return activeMutant;
  },
  set(id: string | undefined) {
    activeMutant = id;
  },
});

/** Ends the code that runs now after so much time on the processor; null: at no time. */
export function limitTime(limitMs: number | null): void {
  isOver = false;
  endsAtMs = limitMs === null ? Number.POSITIVE_INFINITY : processorMs() + limitMs;
}

/** Of this process. On a busy machine, the time on the clock says little of how much was done in it. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
