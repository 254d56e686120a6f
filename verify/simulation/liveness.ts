import { GRACE_SECONDS, WATCHDOG_SECONDS } from './hosts';
import type { Snapshot } from './snapshot';

/** What the observer knows. */
interface Known {
  last: Snapshot;
  /** Tasks that a hand edit left with nothing that would wake them. */
  orphanIds: ReadonlySet<string>;
}

/** Each further publication of a lost tick waits twice as long as the one before, to this many doublings. */
const DOUBLINGS_MAX = 6;
/** Two passes of the watchdog, since the one under way may have just passed by, and the run itself. */
const PASSES_MS = (2 * WATCHDOG_SECONDS + GRACE_SECONDS) * 1_000;
/** An agent that never answers is given up by its runtime after this long. */
const RUN_MS = 600_000;

/** After faults have stopped: a row of the ledger that is open longer than this after its time was forgotten. */
export const CALM_HORIZON_SECONDS = PASSES_MS / 1_000 + GRACE_SECONDS;

/** What must come to its end once faults have stopped, and by when. */
export interface Expectation {
  what: string;
  isMet(known: Known): boolean;
  deadlineMs: number;
}

/** Every arm must fire, be skipped or be replaced; every operation must settle (invariants 8 and 9). */
export function expectLiveness({ last, orphanIds }: Known, nowMs: number): Expectation[] {
  const { tasks, ticks, operations } = last;
  const nameOf = (id: string): string => `${tasks.get(id)?.identifier} of ${tasks.get(id)?.user_id}`;
  const arms = [...ticks.values()]
    .filter(({ outcome }) => outcome === null)
    .map(({ id, task_id, due_at, published_at, publications }): Expectation => {
      const patienceMs = GRACE_SECONDS * 1_000 * 2 ** Math.min(publications - 1, DOUBLINGS_MAX);
      const publishedAgainMs = Date.parse(published_at) + patienceMs;
      return {
        what: `9: the arm of ${nameOf(task_id)}, due at ${due_at}, never came to anything`,
        isMet: (known) => known.last.ticks.get(id)?.outcome !== null,
        deadlineMs: Math.max(nowMs, Date.parse(due_at), publishedAgainMs) + PASSES_MS,
      };
    });
  const runs = [...operations.values()]
    .filter(({ status }) => status === 'running')
    .map(
      ({ id, task_id, lease_expires_at }): Expectation => ({
        what: `9: an operation of ${nameOf(task_id)} never settled`,
        isMet: (known) => known.last.operations.get(id)?.status !== 'running',
        deadlineMs: Math.max(nowMs + RUN_MS, Date.parse(lease_expires_at)) + PASSES_MS,
      }),
    );
  const orphans = [...orphanIds].map(
    (id): Expectation => ({
      what: `9: ${nameOf(id)}, left with neither arm nor blocker by a hand edit, was never mended`,
      isMet: (known) => !known.orphanIds.has(id),
      deadlineMs: nowMs + PASSES_MS,
    }),
  );
  return [...arms, ...runs, ...orphans];
}
