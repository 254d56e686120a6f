import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isSlowed } from '../../src/absence';
import * as cronTimes from '../../src/cronTimes';
import { areDependenciesMet } from '../../src/dependencies';
import { type FailureStreak, type SchedulerState, toInstant } from '../../src/schedulerState';
import { TASK_STATUSES, type TaskStatus, TRIGGERS } from '../../src/status';
import { TRANSITIONS } from '../../src/transitions';
import {
  armed,
  dependency,
  frozen,
  inSeconds,
  operationBy,
  resting,
  type StateChanges,
  taskState,
} from '../taskStates';
import { EVENTS, HEARTBEAT, ONE_OFF, ORDINARY, REMEDIES, SCHEDULE } from './events';
import { assertExplained, assertSound, keyOf, type Model, STEP_SECONDS, type Step, toModel } from './model';

// Computing cron times dominates the cost of a step, so each is computed once and cached. (A mock of the
// module would stay for the files of tests that come after this one.)
const { cronTimeAfter } = cronTimes;
const times = new Map<string, Date | null | 'refused'>();
function compute(...[pattern, timezone, after]: Parameters<typeof cronTimeAfter>) {
  try {
    return cronTimeAfter(pattern, timezone, after);
  } catch {
    return 'refused';
  }
}
function cachedTimeAfter(pattern: string, timezone: string, after: Date): Date | null {
  const key = `${pattern} in ${timezone} after ${after.getTime()}`;
  const time = times.get(key) ?? compute(pattern, timezone, after);
  times.set(key, time);
  if (time === 'refused') throw new TypeError('croner cannot read it');
  return time;
}
/** As modules are made in tests, each of their exports is a property that can be defined anew. */
const exportAs = (get: () => typeof cronTimeAfter): unknown =>
  Object.defineProperty(cronTimes, 'cronTimeAfter', { configurable: true, enumerable: true, get });
exportAs(() => cachedTimeAfter);
afterAll(() => void exportAs(() => cronTimeAfter));

const WALK_TIMEOUT_MS = 120_000;

/**
 * Pairs that the table allows only because it combines every `from` with every `to`. Retrying a paused task
 * runs it now, without asking the rule for a time; resuming a scheduled task does not put it in the backlog.
 */
const NEVER_MADE = [
  'resume: scheduled → backlog',
  'resolve-brief: paused → failed',
  'undo-answer: paused → paused',
];

/**
 * Walks, each through every sequence of its events up to its depth. Two begin with a task in every status and
 * running by every trigger: one of what can happen to a task that fails by its agent alone or is lost, and
 * one, less deep, of failures of every class, outages and `resumeAll` among all of that, which begins also
 * after failures that it would not get to. The third begins with work that is checked, the fourth with a task
 * whose reports nobody has read for long. Not covered: failures in a row beyond those that a history begins
 * with, other waits than the first ones (`retryWait.test.ts` has them), outages of several tasks (the brief
 * they share is the database's), and clocks that step back.
 */
const WALKS = { ordinary: 5, failures: 4, reviews: 3, absences: 3 } as const;

interface Visit {
  model: Model;
  /** The events that led here. */
  path: string[];
}

/** A task with this rule in every status, and running by every trigger, claimed from every status. */
function rootsOf(name: string, rule: StateChanges): Visit[] {
  const trigger = rule.automationMode ?? 'manual';
  const arm = armed(inSeconds(rule.automationMode === null ? 0 : STEP_SECONDS), trigger);
  const rest = TASK_STATUSES.filter((status) => status !== 'running');
  const root = (status: TaskStatus, how: string, changes: StateChanges): Visit => ({
    model: toModel(taskState({ ...rule, status, ...changes })),
    path: [`${name}, ${how}`],
  });
  const resting = rest.map((status) =>
    root(status, status, status === 'scheduled' ? { scheduler: arm } : {}),
  );
  const byHand = rest.map((from) =>
    root('running', `running by hand from ${from}`, {
      operation: operationBy('manual', from),
      scheduler: from === 'scheduled' ? { ...arm, tickToken: null } : {},
    }),
  );
  // Work that was handed in has roots of its own.
  const ticked = TRIGGERS.filter((by) => !['manual', 'review', 'rework'].includes(by)).map((by) =>
    root('running', `running by ${by}`, {
      operation: operationBy(by),
      scheduler: { ...arm, trigger: by, tickToken: null },
    }),
  );
  return [...resting, ...byHand, ...ticked];
}

/** Work that is checked, as it may stand: handed in, being checked, worked on again. */
function reviewedRootsOf(name: string, rule: StateChanges): Visit[] {
  const config = { review: { requirement: 'It rhymes', maxIterations: 2 } };
  const { id: operationId, topicId } = operationBy('manual');
  const reviewed = (how: string, changes: StateChanges): Visit => ({
    model: toModel(taskState({ ...rule, config, ...changes })),
    path: [`${name} whose work is checked, ${how}`],
  });
  const started = rule.automationMode ?? 'manual';
  const arm = armed(inSeconds(0), started);
  const going = (phase: 'review' | 'rework', iteration: number): StateChanges => ({
    status: 'running',
    operation: { ...operationBy(phase), continuesTopic: true },
    scheduler: {
      ...armed(inSeconds(0), phase),
      tickToken: null,
      continueTopicId: topicId,
      review: { phase, operationId, topicId, iteration, ...(iteration === 2 && { goalMet: true }) },
    },
  });
  return [
    reviewed('running', {
      status: 'running',
      operation: operationBy(started),
      scheduler: { ...arm, tickToken: null },
    }),
    reviewed('being checked', going('review', 1)),
    reviewed('being checked for the last time', going('review', 2)),
    reviewed('worked on again', going('rework', 1)),
  ];
}

/** What has gone wrong before: further than the search itself would get from a task that never failed. */
const HISTORIES: Record<string, { scheduler: Partial<SchedulerState>; outage?: string }> = {
  'after two strikes': { scheduler: { consecutiveFailures: 2 } },
  'lost four times': { scheduler: { lostRuns: 4 } },
  'away for ten minutes': { scheduler: { streak: awaySince(600, { count: 2, told: false }) } },
  'away for nearly a day, as a brief says': {
    scheduler: { streak: awaySince(86_400 - STEP_SECONDS, { count: 30, told: true }) },
    outage: 'a.example.com',
  },
};

function awaySince(seconds: number, changes: Pick<FailureStreak, 'count' | 'told'>): FailureStreak {
  const since = toInstant(inSeconds(-seconds));
  return { class: 'transient', since, farSide: 'a.example.com', ...changes };
}

/** A task with this rule that runs after each of these histories, and that was stopped for each cause. */
function troubledRootsOf(name: string, rule: StateChanges): Visit[] {
  const operation = operationBy(rule.automationMode ?? 'manual');
  const running = Object.entries(HISTORIES).map(([how, { scheduler, outage = null }]) => ({
    model: { ...toModel(taskState({ ...rule, status: 'running', operation, scheduler })), outage },
    path: [`${name}, ${how}`],
  }));
  const stopped = (scheduler: Partial<SchedulerState>, how: string): Visit => {
    const model = toModel(taskState({ ...rule, status: 'paused', error: 'It broke', scheduler }));
    return { model: { ...model, open: { ...model.open, failure: true } }, path: [`${name}, ${how}`] };
  };
  return [
    ...running,
    stopped({ needsPerson: true }, 'stopped until a person acts'),
    stopped({ consecutiveFailures: 3, blockedBy: 'fuse' }, 'paused by the fuse'),
  ];
}

/**
 * A task with this rule whose reports nobody has read for weeks: it runs, or rests and is slowed down
 * already.
 */
function absentRootsOf(name: string, rule: StateChanges): Visit[] {
  const trigger = rule.automationMode ?? 'manual';
  const since = toInstant(inSeconds(-40 * 86_400));
  const scheduler = { ...armed(inSeconds(0), trigger), tickToken: null, absence: { since } };
  const slowed = { ...armed(inSeconds(20 * 3_600), trigger), absence: { since, slowed: true as const } };
  const absent = (how: string, changes: StateChanges): Visit => ({
    model: toModel(taskState({ ...rule, hasUnread: true, ...changes })),
    path: [`${name} at which nobody looks, ${how}`],
  });
  return [
    absent('running', { status: 'running', operation: operationBy(trigger), scheduler }),
    absent('slowed down', { status: 'scheduled', scheduler: slowed }),
  ];
}

/** Events by which a person ends a loop, although no command of that name does. */
const OWN_ENDS: ReadonlySet<string> = new Set([
  'accept the work',
  'interrupt',
  'approve',
  'the goal is met',
  'cancel instead of waiting',
]);

/** The status changes that occurred, as rows of the table. */
const made = new Set<string>();

/** All successors of a model, one per event. An error names the whole path that led to it. */
function follow({ model, path }: Visit, events: Record<string, Step>): Visit[] {
  return Object.entries(events).flatMap(([name, step]) => {
    const further = [...path, name];
    try {
      const next = step({ ...model, made: null });
      if (next === null) return [];
      assertSound(next);
      assertExplained(model, next, OWN_ENDS.has(name));
      if (next.made !== null) made.add(next.made);
      return [{ model: next, path: further }];
    } catch (cause) {
      throw new Error(`After ${further.join(' → ')}: ${String(cause)}`, { cause });
    }
  });
}

/** Breadth-first search up to `depth` events from the roots: each model once, by a shortest path. */
function explore(roots: Visit[], events: Record<string, Step>, depth: number): Map<string, Visit> {
  const seen = new Map<string, Visit>();
  let edge = roots;
  for (let step = 0; step <= depth; step += 1) {
    const fresh = edge.filter((visit) => {
      const key = keyOf(visit.model);
      if (seen.has(key)) return false;
      seen.set(key, visit);
      frozen(visit.model);
      return true;
    });
    edge = step < depth ? fresh.flatMap((visit) => follow(visit, events)) : [];
  }
  return seen;
}

/** Applies these events in order, skipping those that do not apply. */
const acting = (model: Model, acts: string[]): Model =>
  acts.reduce((current, act) => REMEDIES[act]?.(current) ?? current, model);

const PACED = { config: { pacing: { minSeconds: 300, maxSeconds: 600 }, mayComplete: true } };
const ROOTS = [
  ...rootsOf('a heartbeat task', HEARTBEAT),
  ...rootsOf('a cron task', SCHEDULE),
  ...rootsOf('a one-off task', ONE_OFF),
  ...rootsOf('a subtask', { ...ONE_OFF, parentTaskId: 'parent' }),
  ...rootsOf('a task that failed and waits for others', { ...HEARTBEAT, waitsFor: [dependency()] }).filter(
    ({ model }) => model.state.status === 'failed',
  ),
  ...rootsOf('a heartbeat task that paces and completes itself', { ...HEARTBEAT, ...PACED }).filter(
    ({ model }) => model.state.status === 'scheduled' || model.state.status === 'running',
  ),
];

const REVIEWED = [
  ...reviewedRootsOf('a heartbeat task', HEARTBEAT),
  ...reviewedRootsOf('a one-off task', ONE_OFF),
];

const ABSENT = [...absentRootsOf('a heartbeat task', HEARTBEAT), ...absentRootsOf('a cron task', SCHEDULE)];

const TROUBLED = [
  ...troubledRootsOf('a heartbeat task', HEARTBEAT),
  ...troubledRootsOf('a one-off task', ONE_OFF),
];

describe('every state within a few events of any status', { timeout: WALK_TIMEOUT_MS }, () => {
  let visits: Visit[] = [];
  const pathsOf = (wanted: (model: Model) => boolean): string[] =>
    visits.filter(({ model }) => wanted(model)).map(({ path }) => path.join(' → '));

  beforeAll(() => {
    const { stackTraceLimit } = Error;
    // Refusals are thrown as errors, very many of them; stack traces would dominate the run time.
    Error.stackTraceLimit = 0;
    const ordinary = explore(ROOTS, ORDINARY, WALKS.ordinary);
    const failures = explore([...ROOTS, ...TROUBLED], EVENTS, WALKS.failures);
    const reviews = explore(REVIEWED, EVENTS, WALKS.reviews);
    const absences = explore(ABSENT, EVENTS, WALKS.absences);
    visits = [...new Map([...ordinary, ...failures, ...reviews, ...absences]).values()];
    Error.stackTraceLimit = stackTraceLimit;
  }, WALK_TIMEOUT_MS);

  it('satisfies every invariant, and every status is reached', () => {
    const statuses = new Set(visits.map(({ model }) => model.state.status));
    expect([...statuses].toSorted()).toEqual([...TASK_STATUSES].toSorted());
    expect(visits.length).toBeGreaterThan(10_000);
  });

  it.each<[string, (model: Model) => boolean]>([
    ['an outage that a brief tells of', ({ outage }) => outage !== null],
    [
      'an outage that the person has put aside',
      ({ outage, state }) => outage === null && state.scheduler.streak?.told === true,
    ],
    ['work that did not pass and is asked about', ({ open }) => open.review],
    [
      'work that waits for its check while the task is paused',
      ({ state }) => state.status === 'paused' && state.scheduler.review?.phase === 'review',
    ],
    ['a task that is slowed down', ({ state }) => state.status === 'scheduled' && isSlowed(state)],
    ['a task stopped until a person acts', ({ state }) => state.scheduler.needsPerson === true],
    ['a task that was lost too often', ({ state }) => (state.scheduler.lostRuns ?? 0) > 4],
    [
      'a further attempt in an earlier topic',
      ({ state: { scheduler } }) => scheduler.retry !== undefined && scheduler.continueTopicId !== undefined,
    ],
  ])('includes %s', (_what, wanted) => {
    expect(pathsOf(wanted).length).toBeGreaterThan(10);
  });

  it('is reached by transitions of the table only, and by all of them except those listed here', () => {
    const rows = Object.entries(TRANSITIONS).flatMap(([name, { from, to }]) =>
      from.flatMap((status) => to.map((next) => `${name}: ${status} → ${next}`)),
    );
    expect(rows.filter((row) => !made.has(row))).toEqual(NEVER_MADE);
    expect([...made].filter((row) => !rows.includes(row))).toEqual([]);
  });

  it('lets a person bring the task back to running', () => {
    const dead = pathsOf((model) => {
      const back = acting(model, [
        'pause',
        'dependencies met',
        'edit to heartbeat',
        'edit: no end date',
        'answer the question',
        'the goal is not met',
        'raise the cap',
        'accept the work',
        'start',
      ]);
      return back.state.scheduler.tickToken === null || acting(back, ['tick']).state.status !== 'running';
    });
    expect(dead).toEqual([]);
  });

  it('lets a person end the task', () => {
    const endless = pathsOf((model) => {
      const { status } = acting(model, ['cancel']).state;
      return status !== 'canceled' && status !== 'completed';
    });
    expect(endless).toEqual([]);
  });

  it('lets a tick move a scheduled task once its briefs are answered', () => {
    const idle = pathsOf((model) => {
      if (model.state.status !== 'scheduled') return false;
      const { status } = acting(model, [
        'answer the question',
        'the goal is not met',
        'raise the cap',
        'accept the work',
        'tick',
      ]).state;
      return status === 'scheduled' || status === 'paused';
    });
    expect(idle).toEqual([]);
  });

  it('lets a task that is resumed with unmet dependencies wait until they are met', () => {
    const astray = pathsOf((model) => {
      if (areDependenciesMet(model.state) || model.state.status !== 'paused') return false;
      const resumed = acting(model, ['edit to heartbeat', 'resume']);
      // One that was deleted never completes; the person is asked about it.
      const { status } = acting(resumed, ['dependencies met', 'start anyway']).state;
      return resumed.state.status !== 'backlog' || status !== 'scheduled';
    });
    expect(astray).toEqual([]);
  });

  it('lets a run that waits go on once the person has answered, or the server was started anew', () => {
    const waiting = visits.filter(({ model }) => model.open.tool);
    expect(waiting.length).toBeGreaterThan(100);
    const stuck = pathsOf((model) => {
      if (!model.open.tool) return false;
      const back = acting(model, ['restart', 'answer whether it may call', 'done', 'no agent to go on']);
      return back.state.status === 'running';
    });
    expect(stuck).toEqual([]);
  });

  it('lets the watchdog end a running task whose process died', () => {
    const endless = pathsOf(
      (model) =>
        model.state.status === 'running' &&
        !model.open.tool &&
        acting(model, ['watchdog: lease over']).state.status === 'running',
    );
    expect(endless).toEqual([]);
  });
});

describe('the search itself', () => {
  it('detects a scheduled task with neither arm nor blocker', () => {
    const orphan = toModel(taskState({ ...HEARTBEAT, status: 'scheduled' }));
    expect(() => assertSound(orphan)).toThrow('2: neither arm nor blocker');
  });

  it('detects a scheduled task whose fuse has blown', () => {
    const fused = toModel(resting(inSeconds(60), { scheduler: { consecutiveFailures: 3 } }));
    expect(() => assertSound(fused)).toThrow('5: scheduled although');
  });

  it('reaches the fuse', () => {
    const failing = ['start', 'tick', 'error', 'tick', 'error', 'tick', 'error'];
    const { state } = acting(toModel(taskState(HEARTBEAT)), failing);
    expect(state).toMatchObject({
      status: 'paused',
      scheduler: { blockedBy: 'fuse', consecutiveFailures: 3 },
    });
  });
});
