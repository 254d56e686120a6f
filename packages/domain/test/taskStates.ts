import fc from 'fast-check';
import { NETWORK } from '../src/farSide';
import { streakClassSchema } from '../src/listSchemas';
import type { AutomationRule } from '../src/nextDue';
import {
  DEPENDENCY_ENDS,
  type DependencyEnd,
  EMPTY_SCHEDULER_STATE,
  type SchedulerState,
  toInstant,
} from '../src/schedulerState';
import {
  ABSENCE_RULES,
  AUTOMATION_MODES,
  BLOCKERS,
  REPORT_RULES,
  TASK_STATUSES,
  type TaskStatus,
  TRIGGERS,
  type Trigger,
} from '../src/status';
import type { TaskState } from '../src/taskState';

/** Task states for tests. Each test names only what matters to it. */

export const NOW = new Date('2026-06-01T12:00:00.000Z');
export const USER = 'user-1';
export const TOKEN = '11111111-1111-4111-8111-111111111111';
export const OTHER_TOKEN = '22222222-2222-4222-8222-222222222222';

export const inSeconds = (seconds: number, from = NOW): Date => new Date(from.getTime() + seconds * 1_000);

export type StateChanges = Partial<Omit<TaskState, 'scheduler'>> & { scheduler?: Partial<SchedulerState> };

export const EVERY_HOUR = {
  automationMode: 'heartbeat',
  heartbeatInterval: 3_600,
} as const satisfies Partial<AutomationRule>;

export const EVERY_NOON = {
  automationMode: 'schedule',
  schedulePattern: '0 12 * * *',
  scheduleTimezone: 'UTC',
} as const satisfies Partial<AutomationRule>;

/** Without changes: a one-off task in the backlog. */
export function taskState({ scheduler, ...changes }: StateChanges = {}): TaskState {
  return {
    id: '33333333-3333-4333-8333-333333333333',
    userId: USER,
    identifier: 'T-1',
    revision: 1,
    status: 'backlog',
    priority: 0,
    agentId: null,
    agentKind: 'http',
    automationMode: null,
    heartbeatInterval: null,
    heartbeatTimeout: 120,
    schedulePattern: null,
    scheduleTimezone: null,
    parentTaskId: null,
    totalTopics: 1,
    maxTopics: null,
    error: null,
    config: {},
    operation: null,
    seenAt: null,
    humanWaiting: false,
    hasUnread: false,
    waitsFor: [],
    ...changes,
    scheduler: { ...EMPTY_SCHEDULER_STATE, ...scheduler },
  };
}

/** The scheduler state of an arm for `dueAt`. */
export const armed = (dueAt: Date, trigger: Trigger = 'heartbeat'): Partial<SchedulerState> => ({
  tickToken: TOKEN,
  scheduledAt: toInstant(NOW),
  dueAt: toInstant(dueAt),
  trigger,
});

/** Scheduled until `dueAt`, hourly by default. */
export const resting = (dueAt: Date, changes: StateChanges = {}): TaskState => {
  const rule = { ...EVERY_HOUR, ...changes };
  const scheduler = { ...armed(dueAt, rule.automationMode ?? 'manual'), ...changes.scheduler };
  return taskState({ ...rule, status: 'scheduled', scheduler });
};

/** Scheduled without an arm, blocked by an urgent brief. */
export const blocked = (changes: StateChanges = {}): TaskState => {
  const disarmed = { tickToken: null, scheduledAt: null, dueAt: null, trigger: null } as const;
  return resting(NOW, {
    ...changes,
    scheduler: { ...disarmed, blockedBy: 'urgent-brief', ...changes.scheduler },
  });
};

export const operationBy = (trigger: Trigger, claimedFrom: TaskStatus = 'scheduled') => ({
  id: '44444444-4444-4444-8444-444444444444',
  topicId: '55555555-5555-4555-8555-555555555555',
  trigger,
  tickToken: trigger === 'manual' ? null : TOKEN,
  occurrence: trigger === 'manual' ? '44444444-4444-4444-8444-444444444444' : TOKEN,
  attempt: 1,
  claimedFrom,
  continuesTopic: false,
  isWaiting: false,
  leaseEpoch: 0,
  losses: 0,
});

/**
 * Running, by default hourly and started by its own tick. As after a claim, it has a due time but no token.
 */
export const running = (changes: StateChanges = {}): TaskState =>
  taskState({
    ...EVERY_HOUR,
    status: 'running',
    operation: operationBy('heartbeat'),
    ...changes,
    scheduler: { dueAt: toInstant(NOW), trigger: 'heartbeat', ...changes.scheduler },
  });

/** Freezes deeply, so that any write into it throws. */
export function frozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

const instants = fc
  .integer({ min: -7 * 86_400, max: 7 * 86_400 })
  .map((seconds) => toInstant(inSeconds(seconds)));

const streakClasses = fc.constantFrom(...streakClassSchema.options);
export const farSides = fc.constantFrom(NETWORK, 'a.example.com', 'b.example.com');

const anyRetry = fc.record({
  occurrence: fc.constant(OTHER_TOKEN),
  attempt: fc.integer({ min: 2, max: 9 }),
  waitSeconds: fc.integer({ min: 0, max: 4_000 }),
});

const anyReview = fc.record({
  phase: fc.constantFrom('review', 'rework', 'asked'),
  operationId: fc.constant('44444444-4444-4444-8444-444444444444'),
  topicId: fc.constant('55555555-5555-4555-8555-555555555555'),
  iteration: fc.integer({ min: 0, max: 3 }),
});

const anyAbsence = fc.record({
  since: fc.constantFrom(toInstant(inSeconds(-30 * 86_400)), toInstant(inSeconds(-60))),
  slowed: fc.constantFrom(true as const, undefined),
});

const anyStreak = fc.record({
  class: streakClasses,
  count: fc.integer({ min: 0, max: 20 }),
  since: instants,
  farSide: farSides,
  told: fc.boolean(),
});

export const DEPENDENCY_IDS = [
  '77777777-7777-4777-8777-777777777777',
  '88888888-8888-4888-8888-888888888888',
  '99999999-9999-4999-8999-999999999999',
] as const;

/** A dependency that has not completed. */
export const dependency = (ended: DependencyEnd | null = null, id: string = DEPENDENCY_IDS[0]) => ({
  id,
  identifier: `T-${id.slice(0, 2)}`,
  ended,
});

const dependencyIds = fc.constantFrom(...DEPENDENCY_IDS);
const anyEnd = fc.constantFrom(...DEPENDENCY_ENDS);
const anyDependency = fc.tuple(fc.option(anyEnd), dependencyIds).map(([ended, id]) => dependency(ended, id));
const anyEnded = fc.tuple(anyEnd, dependencyIds).map(([ended, id]) => ({ ...dependency(ended, id), ended }));

/**
 * Any state that the columns can hold, including those that only hand edits and older versions leave. Only a
 * running task has an operation.
 */
export const anyStateThatIs = (...statuses: TaskStatus[]): fc.Arbitrary<TaskState> =>
  fc
    .record({
      status: fc.constantFrom(...statuses),
      automationMode: fc.constantFrom(null, ...AUTOMATION_MODES),
      heartbeatInterval: fc.constantFrom(null, 0, 10, 3_600),
      schedulePattern: fc.constantFrom(null, '0 12 * * *', '0 0 30 2 *', 'nonsense'),
      scheduleTimezone: fc.constantFrom(null, 'Europe/Berlin', 'Nowhere/Land'),
      parentTaskId: fc.constantFrom(null, 'parent'),
      totalTopics: fc.integer({ min: 0, max: 3 }),
      maxTopics: fc.constantFrom(null, 1, 3),
      error: fc.constantFrom(null, 'It broke'),
      config: fc.record(
        {
          endAt: instants,
          pacing: fc.constant({ minSeconds: 60, maxSeconds: 600 }),
          mayComplete: fc.boolean(),
          report: fc.constantFrom(...REPORT_RULES),
          absence: fc.constantFrom(...ABSENCE_RULES),
          review: fc.constant({ requirement: 'It rhymes', maxIterations: 2 }),
        },
        { requiredKeys: [] },
      ),
      humanWaiting: fc.boolean(),
      hasUnread: fc.boolean(),
      seenAt: fc.constantFrom(null, inSeconds(-3_600), inSeconds(-40 * 86_400)),
      waitsFor: fc.uniqueArray(anyDependency, { selector: ({ id }) => id, maxLength: 2 }),
      scheduler: fc.record({
        tickToken: fc.constantFrom(null, TOKEN),
        dueAt: fc.option(instants),
        consecutiveFailures: fc.integer({ min: 0, max: 4 }),
        automationRuns: fc.integer({ min: 0, max: 3 }),
        blockedBy: fc.constantFrom(null, ...BLOCKERS),
        trigger: fc.constantFrom(null, ...TRIGGERS),
        retry: fc.option(anyRetry, { nil: undefined }),
        streak: fc.option(anyStreak, { nil: undefined }),
        review: fc.option(anyReview, { nil: undefined }),
        absence: fc.option(anyAbsence, { nil: undefined }),
        lostRuns: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
        endedDependencies: fc.option(fc.uniqueArray(anyEnded, { selector: ({ id }) => id, maxLength: 2 }), {
          nil: undefined,
        }),
        ignoredDependencies: fc.option(fc.constant<string[]>([DEPENDENCY_IDS[0]]), {
          nil: undefined,
        }),
      }),
      trigger: fc.constantFrom(...TRIGGERS),
      claimedFrom: fc.constantFrom(...TASK_STATUSES.filter((status) => status !== 'running')),
    })
    .map(({ trigger, claimedFrom, ...changes }) => {
      const operation = changes.status === 'running' ? operationBy(trigger, claimedFrom) : null;
      return taskState({ ...changes, operation });
    });

export const anyState = anyStateThatIs(...TASK_STATUSES);
