import type { TaskStatus } from '@everbeat/domain';
import { GRACE_SECONDS, WATCHDOG_SECONDS } from './cluster';
import type { Snapshot } from './snapshot';

/** What the checks know about the database (see `InvariantChecker`). */
interface Known {
  snapshot: Snapshot;
  /** Tasks that a hand edit left without arm and blocker. */
  orphanIds: ReadonlySet<string>;
}

/** The watchdog waits twice as long before each further publication of a tick, up to this many doublings. */
const DOUBLINGS_MAX = 6;
/** Two passes of the watchdog, because the current one may have already passed the task, and its grace. */
const PASSES_MS = (2 * WATCHDOG_SECONDS + GRACE_SECONDS) * 1_000;
/** The longest time that a run may take, including an agent that does not respond. */
const RUN_MS = 600_000;
/**
 * How long an arm may wait for room: behind runs that take that long, and then for the next publication by the
 * watchdog, when its message was turned away too often.
 */
const ROOM_MS = 2 * RUN_MS + GRACE_SECONDS * 1_000 * 2 ** DOUBLINGS_MAX;

/** No rule of a simulated task, and no lease, reaches further. What does is from a clock that was years ahead. */
const AHEAD_MS_MAX = 86_400_000;

/** Without faults, a row of the ledger that is still open so long after its due time has been forgotten. */
export const CALM_HORIZON_SECONDS = PASSES_MS / 1_000 + GRACE_SECONDS;

/** Where a task runs by itself. */
const LOOP: readonly TaskStatus[] = ['scheduled', 'running'];

/** Something that must happen once faults have stopped, and its deadline. */
export interface Expectation {
  what: string;
  isMet(known: Known): boolean;
  deadlineMs: number;
}

/**
 * Every arm must fire, be skipped or be superseded; every operation must settle (PROTOCOL §8, invariants 8
 * and 9).
 */
export function expectLiveness({ snapshot, orphanIds }: Known, nowMs: number): Expectation[] {
  const { tasks, ticks, operations } = snapshot;
  /** When it is due, or now if the watchdog must repair it because it is impossibly far ahead. */
  const possible = (instant: string): number => {
    const ms = Date.parse(instant);
    return ms > nowMs + AHEAD_MS_MAX ? nowMs : ms;
  };
  const nameOf = (id: string): string => `${tasks.get(id)?.identifier} of ${tasks.get(id)?.user_id}`;
  const arms = [...ticks.values()]
    .filter(({ outcome }) => outcome === null)
    .map(({ id, task_id, due_at, published_at, publications }): Expectation => {
      const patienceMs = GRACE_SECONDS * 1_000 * 2 ** Math.min(publications - 1, DOUBLINGS_MAX);
      const publishedAgainMs = possible(published_at) + patienceMs;
      return {
        what: `9: the arm of ${nameOf(task_id)}, due at ${due_at}, never got an outcome`,
        isMet: (known) => known.snapshot.ticks.get(id)?.outcome !== null,
        deadlineMs: Math.max(nowMs, possible(due_at), publishedAgainMs) + PASSES_MS + ROOM_MS,
      };
    });
  const runs = [...operations.values()]
    .filter(({ status }) => status === 'running')
    .map(
      ({ id, task_id, lease_expires_at }): Expectation => ({
        what: `9: an operation of ${nameOf(task_id)} never settled`,
        isMet: (known) => known.snapshot.operations.get(id)?.status !== 'running',
        deadlineMs: Math.max(nowMs + RUN_MS, possible(lease_expires_at)) + PASSES_MS,
      }),
    );
  const orphans = [...orphanIds].map(
    (id): Expectation => ({
      what: `9: ${nameOf(id)}, left with neither arm nor blocker by a hand edit, was never repaired`,
      isMet: (known) => !known.orphanIds.has(id),
      deadlineMs: nowMs + PASSES_MS,
    }),
  );
  const waiting = [...tasks.values()]
    .filter(({ status, is_waiting, token }) => status === 'scheduled' && is_waiting && token !== null)
    .map(
      ({ id, due_at }): Expectation => ({
        what: `15: ${nameOf(id)} did not run again by itself after its far side was back`,
        isMet: (known) => {
          const task = known.snapshot.tasks.get(id);
          const isResting = task?.status === 'scheduled' && task.token === null;
          return task === undefined || !task.is_waiting || isResting || !LOOP.includes(task.status);
        },
        deadlineMs: Math.max(nowMs, possible(due_at ?? '')) + RUN_MS + 2 * PASSES_MS,
      }),
    );
  return [...arms, ...runs, ...orphans, ...waiting];
}
