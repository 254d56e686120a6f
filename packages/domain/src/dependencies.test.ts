import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextNoon } from '../test/completions';
import {
  anyStateThatIs,
  DEPENDENCY_IDS,
  dependency,
  EVERY_HOUR,
  EVERY_NOON,
  frozen,
  inSeconds,
  NOW,
  resting,
  type StateChanges,
  taskState,
} from '../test/taskStates';
import {
  areDependenciesMet,
  askedAfter,
  decideDependencyAnswer,
  decideQuestion,
  decideUnlock,
  endedDependencies,
  isSameQuestion,
  isToldOfSubtasks,
  outcomeOf,
  withOutcomes,
} from './dependencies';
import { UNARMABLE_MESSAGE } from './planRest';
import type { EndedDependency } from './schedulerState';
import type { TaskState } from './taskState';

const [FIRST, SECOND] = DEPENDENCY_IDS;
const hourly = (changes: StateChanges = {}) => taskState({ ...EVERY_HOUR, ...changes });
const waits = { status: 'scheduled', arm: null, blockedBy: 'urgent-brief' };
const ended = (how: EndedDependency['ended'], id: string = FIRST): EndedDependency => ({
  ...dependency(how, id),
  ended: how,
});

describe('unlocking a task whose dependencies have completed', () => {
  it.each<[string, TaskState, object | null]>([
    [
      'a one-off task runs now',
      taskState(),
      { status: 'scheduled', arm: { dueAt: NOW, trigger: 'dependency' } },
    ],
    ['a heartbeat task starts now', hourly(), { arm: { dueAt: NOW, trigger: 'heartbeat' } }],
    ['a cron task starts at its next time', taskState(EVERY_NOON), { arm: nextNoon }],
    ['an open urgent brief blocks', hourly({ humanWaiting: true }), waits],
    ['other dependencies have not completed', hourly({ waitsFor: [dependency()] }), null],
    ['a person has started it before', resting(inSeconds(60)), null],
    ['a person has canceled it', hourly({ status: 'canceled' }), null],
    [
      'a dependency that was deleted with all its rows is still asked about',
      hourly({ scheduler: { endedDependencies: [ended('deleted')] } }),
      null,
    ],
    [
      'what a person said to ignore does not hold it back',
      hourly({ waitsFor: [dependency('failed')], scheduler: { ignoredDependencies: [FIRST] } }),
      { status: 'scheduled', reason: 'dependencies-met' },
    ],
    [
      'a canceled dependency that was started again and has completed is over',
      hourly({ scheduler: { endedDependencies: [ended('canceled')] } }),
      { status: 'scheduled', reason: 'dependencies-met' },
    ],
    [
      'its rule gives no due time',
      hourly({ heartbeatInterval: null }),
      { status: 'failed', reason: 'no-interval', error: UNARMABLE_MESSAGE },
    ],
  ])('%s', (_situation, state, plan) => {
    const decided = decideUnlock(frozen(state), NOW);
    if (plan === null) expect(decided).toBeNull();
    else expect(decided).toMatchObject(plan);
  });
});

describe('a task in the backlog whose dependency ends without completing', () => {
  it('asks, once for each end', () => {
    const state = hourly({ waitsFor: [dependency(), dependency(null, SECOND)] });
    const after = withOutcomes(state, new Map([[FIRST, 'canceled']]));
    const plan = decideUnlock(frozen(after), NOW);
    expect(plan).toMatchObject({ status: 'backlog', arm: null });
    if (plan === null) throw new Error('unreachable');
    expect(askedAfter(after, plan)).toEqual([ended('canceled')]);

    const asked = { ...after, scheduler: { ...after.scheduler, endedDependencies: [ended('canceled')] } };
    expect(decideUnlock(frozen(asked), NOW)).toBeNull();
    expect(decideQuestion(withOutcomes(asked, new Map([[FIRST, 'deleted']])))).not.toBeNull();
    expect(decideQuestion(withOutcomes(asked, new Map([[SECOND, 'failed']])))).not.toBeNull();
  });

  it('goes on asking while that one runs again, and no longer once it has completed or is removed', () => {
    const scheduler = { endedDependencies: [ended('canceled')] };
    expect(endedDependencies(taskState({ waitsFor: [dependency()], scheduler }))).toEqual([
      ended('canceled'),
    ]);
    expect(endedDependencies(taskState({ scheduler }))).toEqual([]);
  });

  it.each(['paused', 'scheduled', 'running', 'failed'] as const)('does not ask while it is %s', (status) => {
    expect(decideUnlock(hourly({ status, waitsFor: [dependency('canceled')] }), NOW)).toBeNull();
  });

  it('is not asked about any more once a person said to ignore it, unless it was deleted by then', () => {
    const scheduler = { endedDependencies: [ended('canceled')], ignoredDependencies: [FIRST] };
    expect(endedDependencies(taskState({ waitsFor: [dependency('canceled')], scheduler }))).toEqual([]);
    expect(endedDependencies(taskState({ scheduler: { endedDependencies: [ended('deleted')] } }))).toEqual([
      ended('deleted'),
    ]);
  });

  it('is no longer asked about once it has completed, although the task waits for another', () => {
    const scheduler = { endedDependencies: [ended('canceled')] };
    expect(endedDependencies(taskState({ waitsFor: [dependency(null, SECOND)], scheduler }))).toEqual([]);
  });

  it('changes the question with what has ended and how, and with how much has', () => {
    const asks = (...asked: EndedDependency[]) => taskState({ scheduler: { endedDependencies: asked } });
    const [canceled, failed] = [ended('canceled'), ended('failed')];
    const other = ended('canceled', SECOND);
    expect(isSameQuestion(asks(canceled, other), [other, canceled])).toBe(true);
    expect(isSameQuestion(asks(canceled), [failed])).toBe(false);
    expect(isSameQuestion(asks(canceled), [other])).toBe(false);
    expect(isSameQuestion(asks(canceled, other), [canceled])).toBe(false);
    expect(isSameQuestion(asks(), [canceled])).toBe(false);
    expect(isSameQuestion(taskState(), [])).toBe(true);
  });

  it('leaves what else the task waits for as it was', () => {
    const state = taskState({ waitsFor: [dependency(), dependency(null, SECOND)] });
    expect(withOutcomes(state, new Map([[FIRST, 'completed']])).waitsFor).toEqual([dependency(null, SECOND)]);
  });

  it('asks nothing about changed dependencies once it has left the backlog', () => {
    expect(decideQuestion(taskState({ status: 'paused', waitsFor: [dependency('failed')] }))).toBeNull();
  });

  it('may be started by a person if it was deleted, because nobody could remove a hidden dependency', () => {
    expect(areDependenciesMet(taskState({ waitsFor: [dependency('deleted')] }))).toBe(true);
    expect(areDependenciesMet(taskState({ waitsFor: [dependency('canceled')] }))).toBe(false);
  });
});

describe('the answer about a dependency that has ended', () => {
  const asking = (changes: StateChanges = {}) =>
    taskState({
      waitsFor: [dependency('canceled')],
      ...changes,
      scheduler: { endedDependencies: [ended('canceled')], ...changes.scheduler },
    });

  it('start ignores it, and starts the task', () => {
    expect(decideDependencyAnswer(frozen(asking()), 'start', NOW)).toMatchObject({
      status: 'scheduled',
      arm: { dueAt: NOW, trigger: 'brief' },
      dependencies: { ignored: [FIRST] },
    });
  });

  it('drop removes it, and starts the task', () => {
    expect(decideDependencyAnswer(frozen(asking(EVERY_HOUR)), 'drop', NOW)).toMatchObject({
      status: 'scheduled',
      arm: { dueAt: NOW, trigger: 'heartbeat' },
      dependencies: { dropped: [FIRST] },
    });
  });

  it.each(['start', 'drop'] as const)('%s lets it wait for what else it depends on', (action) => {
    const state = asking({ waitsFor: [dependency('canceled'), dependency(null, SECOND)] });
    const plan = decideDependencyAnswer(frozen(state), action, NOW);
    expect(plan).toMatchObject({ status: 'backlog', arm: null });
    expect(plan && askedAfter(state, plan)).toEqual([]);
  });

  it('of one leaves the question about another', () => {
    const state = asking({
      waitsFor: [dependency('canceled'), dependency(null, SECOND)],
      scheduler: { endedDependencies: [ended('canceled'), ended('failed', SECOND)] },
    });
    const asked = askedAfter(state, { status: 'backlog', dependencies: { dropped: [FIRST] } });
    expect(asked).toEqual([ended('failed', SECOND)]);
    expect(askedAfter(state, { status: 'scheduled' })).toEqual([]);
  });

  it('that drops a deleted one ends the question about it', () => {
    const state = asking({ waitsFor: [], scheduler: { endedDependencies: [ended('deleted')] } });
    expect(askedAfter(state, { status: 'backlog', dependencies: { dropped: [FIRST] } })).toEqual([]);
  });

  it('is about what was asked, although that runs again meanwhile', () => {
    const state = asking({ waitsFor: [dependency()] });
    expect(decideDependencyAnswer(state, 'start', NOW)).toMatchObject({ status: 'scheduled' });
  });

  it('changes nothing once the task has left the backlog', () => {
    expect(decideDependencyAnswer(asking({ status: 'paused' }), 'start', NOW)).toBeNull();
  });

  it('leaves nothing to ask, whatever the state', () => {
    fc.assert(
      fc.property(anyStateThatIs('backlog'), fc.constantFrom('start', 'drop'), (state, action) => {
        const plan = decideDependencyAnswer(frozen(state), action, NOW);
        expect(plan && askedAfter(state, plan)).toEqual([]);
      }),
    );
  });
});

it('a task in the backlog asks about every dependency that has ended, and a second look changes nothing', () => {
  fc.assert(
    fc.property(anyStateThatIs('backlog'), (state) => {
      const asked = endedDependencies(state);
      const { ignoredDependencies = [] } = state.scheduler;
      for (const { id, ended: how } of state.waitsFor) {
        if (how !== null && !ignoredDependencies.includes(id))
          expect(asked).toContainEqual(expect.objectContaining({ id, ended: how }));
      }
      const looked = { ...state, scheduler: { ...state.scheduler, endedDependencies: asked } };
      expect(isSameQuestion(looked, endedDependencies(looked))).toBe(true);
    }),
  );
});

it.each([
  ['completed', 'completed'],
  ['canceled', 'canceled'],
  ['failed', 'failed'],
  ['backlog', null],
  ['scheduled', null],
  ['running', null],
  ['paused', null],
] as const)('a task that is %s has come, for those that wait for it, to %s', (status, outcome) => {
  expect(outcomeOf(status)).toBe(outcome);
});

it.each([
  ['completed', null, true],
  ['completed', 'heartbeat', true],
  ['failed', 'schedule', true],
  ['paused', null, true],
  ['backlog', null, true],
  ['canceled', null, false],
  ['canceled', 'heartbeat', false],
  ['scheduled', 'heartbeat', false],
  ['paused', 'schedule', false],
] as const)(
  'of a task that is %s, with the automation %j, a brief tells that its parts are done: %j',
  (status, automationMode, isTold) => {
    expect(isToldOfSubtasks({ status, automationMode })).toBe(isTold);
  },
);
