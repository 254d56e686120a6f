import { type DeliveryReason, type DeliveryStatus, LIMITS, type TaskStatus } from '@everbeat/domain';
import { GRACE_SECONDS, WATCHDOG_SECONDS } from './cluster';
import {
  type BriefRow,
  type DeliveryRow,
  RULE_SECONDS_MAX,
  type Snapshot,
  type TaskRow,
  type TickRow,
} from './snapshot';

/** What the checks know about the database (see `InvariantChecker`). */
interface Known {
  snapshot: Snapshot;
  /** Tasks that a hand edit left without arm and blocker, or without the question that they wait for. */
  orphanIds: ReadonlySet<string>;
}

/** The watchdog waits twice as long before each further publication of a tick, up to this many doublings. */
const DOUBLINGS_MAX = 6;
/** Two passes of the watchdog, because the current one may have already passed the task, and its grace. */
const PASSES_MS = (2 * WATCHDOG_SECONDS + GRACE_SECONDS) * 1_000;
/** The longest time that a run may take, including an agent that does not respond. */
const RUN_MS = 600_000;
/**
 * How long an arm may wait for room: behind runs that take that long, and then for the next publication by
 * the watchdog, when its message was turned away too often.
 */
const ROOM_MS = 2 * RUN_MS + GRACE_SECONDS * 1_000 * 2 ** DOUBLINGS_MAX;
/** The longest time from one run to the next that a rule of a simulated task gives. */
const RULE_MS_MAX = RULE_SECONDS_MAX * 1_000;

/**
 * No rule of a simulated task, and no lease, reaches further. What does is from a clock that was years ahead.
 */
const AHEAD_MS_MAX = 86_400_000;

/** Without faults, a row of the ledger that is still open so long after its due time has been forgotten. */
export const CALM_HORIZON_SECONDS = PASSES_MS / 1_000 + GRACE_SECONDS;

/**
 * How long a flood, the longest wait of a message that is tried again, or a cool-down may put a delivery off.
 */
const PUT_OFF_MS_MAX = 3_600_000;

/** Why a delivery waits for a time of the day. */
const WAITS_FOR_TIME: readonly (DeliveryReason | null)[] = ['digest', 'quiet-hours'];

/**
 * The next digest is at most a day away, and the quiet hours after it. What is further is from a wrong clock.
 */
const TOLD_MS_MAX = 2 * 86_400_000;

const UNTOLD: readonly DeliveryStatus[] = ['pending', 'sending'];

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
  const isImpossible = (instant: string): boolean => Date.parse(instant) > nowMs + AHEAD_MS_MAX;
  /** When it is due, or now if the watchdog must repair it because it is impossibly far ahead. */
  const possible = (instant: string): number => (isImpossible(instant) ? nowMs : Date.parse(instant));
  const nameOf = (id: string): string => `${tasks.get(id)?.identifier} of ${tasks.get(id)?.user_id}`;
  const firesByMs = ({ due_at, published_at, publications }: TickRow): number => {
    const patienceMs = GRACE_SECONDS * 1_000 * 2 ** Math.min(publications - 1, DOUBLINGS_MAX);
    const publishedAgainMs = possible(published_at) + patienceMs;
    return Math.max(nowMs, possible(due_at), publishedAgainMs) + PASSES_MS + ROOM_MS;
  };
  const arms = [...ticks.values()]
    .filter(({ outcome }) => outcome === null)
    .map(
      (tick): Expectation => ({
        what: `9: the arm of ${nameOf(tick.task_id)}, due at ${tick.due_at}, never got an outcome`,
        isMet: (known) => known.snapshot.ticks.get(tick.id)?.outcome !== null,
        deadlineMs: firesByMs(tick),
      }),
    );
  const runs = [...operations.values()]
    .filter(({ status }) => status === 'running')
    .map(
      ({ id, task_id, lease_expires_at }): Expectation => ({
        what: `9: an operation of ${nameOf(task_id)} never settled`,
        isMet: (known) => known.snapshot.operations.get(id)?.status !== 'running',
        // A run that keeps steps is taken over when its lease is over, and then goes on.
        deadlineMs: Math.max(nowMs + RUN_MS, possible(lease_expires_at)) + 2 * PASSES_MS + RUN_MS,
      }),
    );
  const orphans = [...orphanIds].map(
    (id): Expectation => ({
      what: `9: ${nameOf(id)}, left by a hand edit with nothing that leads on, was never repaired`,
      isMet: (known) => !known.orphanIds.has(id),
      deadlineMs: nowMs + PASSES_MS,
    }),
  );
  const waiting = [...tasks.values()].flatMap((task): Expectation[] => {
    const { id, status, is_waiting, token, retry_wait_seconds } = task;
    const tick = ticks.get(token ?? '');
    if (status !== 'scheduled' || !is_waiting || tick === undefined) return [];
    // What the watchdog arms anew waits once more: for as long as the far side asked, or its rule says.
    const waitMs = retry_wait_seconds === null ? RULE_MS_MAX : retry_wait_seconds * 1_000;
    const anewMs = isImpossible(tick.due_at) ? waitMs + PASSES_MS + ROOM_MS : 0;
    return [
      {
        what: `15: ${nameOf(id)} did not run again by itself after its far side was back`,
        isMet: (known) => hasGoneOn(known.snapshot.tasks.get(id)),
        deadlineMs: firesByMs(tick) + anewMs + RUN_MS + PASSES_MS,
      },
    ];
  });
  const deliveries = [...snapshot.deliveries.values()]
    .filter((delivery) => isUnderWay(delivery, nowMs + RUN_MS))
    .map(({ id, task_id, status, due_at }): Expectation => {
      const putOffMs = LIMITS.deliveryLostSeconds * 1_000 + PASSES_MS + PUT_OFF_MS_MAX;
      const deadlineMs = Math.max(nowMs, possible(due_at)) + putOffMs;
      return {
        what: `14: a delivery of ${nameOf(task_id)}, due at ${due_at}, stayed ${status}`,
        isMet: (known) => !isUnderWay(known.snapshot.deliveries.get(id), deadlineMs),
        deadlineMs,
      };
    });
  return [
    ...arms,
    ...runs,
    ...orphans,
    ...waiting,
    ...deliveries,
    ...expectSilenceHeard({ snapshot }, nowMs),
  ];
}

/**
 * What waits for longer was asked while the clock was years ahead. (The watchdog heeds the clock of the
 * database too, which is another one here.)
 */
const YEAR_MS = 365 * 86_400_000;

/**
 * Of a question whose time is over, or will be while the other expectations are waited for, the default must
 * be taken, and one that is to be asked again must be. None may wait for years.
 */
const expectSilenceHeard = ({ snapshot }: Pick<Known, 'snapshot'>, nowMs: number): Expectation[] => {
  const nameOf = (id: string): string =>
    `${snapshot.tasks.get(id)?.identifier} of ${snapshot.tasks.get(id)?.user_id}`;
  return openQuestions(snapshot).flatMap(({ id, task_id, expires_at, escalate_at }) => {
    const expect = (
      what: string,
      instant: string | null,
      key: 'expires_at' | 'escalate_at',
    ): Expectation[] => {
      const dueMs = Date.parse(instant ?? '');
      const isFar = dueMs > nowMs + YEAR_MS;
      if (!isFar && !(dueMs <= nowMs + RUN_MS)) return [];
      const isMet = ({ snapshot: is }: Known) => {
        const brief = is.briefs.get(id);
        if (!is.tasks.has(task_id) || brief?.resolved_at !== null) return true;
        const time = brief[key];
        return time === null || (isFar && Date.parse(time) <= nowMs + YEAR_MS);
      };
      return [
        {
          what: `${isFar ? '18: a question waits for years' : what} (${nameOf(task_id)}, ${instant})`,
          isMet,
          deadlineMs: (isFar ? nowMs : Math.max(nowMs, dueMs)) + PASSES_MS,
        },
      ];
    };
    return [
      ...expect('4: the default of a question was not taken in time', expires_at, 'expires_at'),
      ...expect('14: a question was not asked again in time', escalate_at, 'escalate_at'),
    ];
  });
};

/** Those of tasks that are not deleted. */
const openQuestions = ({ briefs, tasks }: Snapshot): BriefRow[] =>
  [...briefs.values()].filter(({ resolved_at, task_id }) => resolved_at === null && tasks.has(task_id));

/**
 * How long after the last digest the quiet hours of a simulated channel may go on, and some time to spare.
 */
const QUIET_MS_MAX = 30 * 60_000;

/**
 * When each delivery that waits for a time of the day may be sent, each question that nobody answers is over,
 * and each was asked again. Null: nothing waits.
 */
export function whenAllIsTold({ snapshot }: Pick<Known, 'snapshot'>, nowMs: number): Date | null {
  const waiting = waitingForTime(snapshot).map(({ due_at }) => due_at);
  const silent = openQuestions(snapshot).flatMap(({ expires_at, escalate_at }) => [expires_at, escalate_at]);
  const times = [...waiting, ...silent.filter((instant) => instant !== null)];
  if (times.length === 0) return null;
  const possible = times.map((instant) => Date.parse(instant)).filter((ms) => ms <= nowMs + TOLD_MS_MAX);
  return new Date(Math.max(nowMs, ...possible) + QUIET_MS_MAX);
}

/**
 * What waits for a time of the day must be told once that has come, or wait for the digest after its quiet
 * hours, and questions whose time has come must be answered or asked again.
 */
export const expectTold = ({ snapshot }: Pick<Known, 'snapshot'>, nowMs: number): Expectation[] => [
  ...expectSilenceHeard({ snapshot }, nowMs),
  ...waitingForTime(snapshot).map(
    ({ id, due_at, reason }): Expectation => ({
      what: `14: a delivery that waited for ${reason} was not sent when its time had come, ${due_at}`,
      isMet: (known) => {
        const is = known.snapshot.deliveries.get(id);
        return (
          !UNTOLD.includes(is?.status ?? 'sent') || (reason === 'quiet-hours' && is?.reason === 'digest')
        );
      },
      deadlineMs: nowMs + LIMITS.deliveryLostSeconds * 1_000 + PASSES_MS + PUT_OFF_MS_MAX,
    }),
  ),
];

const waitingForTime = ({ deliveries }: Snapshot): DeliveryRow[] =>
  [...deliveries.values()].filter(
    ({ status, reason }) => status === 'pending' && WAITS_FOR_TIME.includes(reason),
  );

/** Whether the delivery has neither ended nor waits for a time of the day after `untilMs`. */
function isUnderWay(delivery: DeliveryRow | undefined, untilMs: number): boolean {
  if (delivery?.status === 'sending') return true;
  if (delivery?.status !== 'pending') return false;
  return !WAITS_FOR_TIME.includes(delivery.reason) || Date.parse(delivery.due_at) <= untilMs;
}

/**
 * Whether the task no longer waits for its far side: it ran, left its loop, rests for a person or was
 * deleted.
 */
function hasGoneOn(task: TaskRow | undefined): boolean {
  if (task === undefined || !task.is_waiting || !LOOP.includes(task.status)) return true;
  return task.status === 'scheduled' && task.token === null;
}
