import { describe, expect, it } from 'vitest';
import { nextHour, nextNoon } from '../test/completions';
import {
  blocked,
  dependency,
  EVERY_HOUR,
  EVERY_NOON,
  frozen,
  inSeconds,
  NOW,
  resting,
  running,
  type StateChanges,
  taskState,
} from '../test/taskStates';
import { type Answer, type AnsweredBrief, decideBriefResolution, decideRoomMade } from './briefResolution';
import { UNARMABLE_MESSAGE } from './planRest';
import type { TaskState } from './taskState';

const TOPIC = '66666666-6666-4666-8666-666666666666';
const QUESTION = { purpose: null, type: 'decision', topicId: TOPIC } as const;
const FAILURE = { ...QUESTION, purpose: 'failure', type: 'error' } as const;
const APPROVAL = { ...QUESTION, purpose: 'approval', type: 'result' } as const;
const GOAL = { ...QUESTION, purpose: 'goal' } as const;

const now = (action: string): Answer => ({ action, when: 'now' });
const next = (action: string): Answer => ({ action, when: 'next' });
const decided = (state: TaskState, brief: AnsweredBrief, answer: Answer) =>
  decideBriefResolution(frozen(state), brief, answer, NOW);

const hourly = (changes: StateChanges = {}) => taskState({ ...EVERY_HOUR, ...changes });
const once = (changes: StateChanges = {}) => taskState({ status: 'paused', ...changes });
const fused = hourly({ status: 'paused', scheduler: { consecutiveFailures: 3, blockedBy: 'fuse' } });
const until = (end: Date): StateChanges => ({ config: { endAt: end.toISOString() } });
/** Until then the answer can be taken back. */
const SOON = inSeconds(10);
const armedNow = { dueAt: NOW, trigger: 'heartbeat' } as const;
const armedSoon = { dueAt: SOON, trigger: 'heartbeat' } as const;
const withAnswer = { dueAt: SOON, trigger: 'brief' } as const;
const inSameTopic = { ...withAnswer, continueTopicId: TOPIC } as const;
const waits = { status: 'scheduled', arm: null, blockedBy: 'urgent-brief' } as const;

describe('the default of the last urgent brief', () => {
  const silence = (action: string): Answer => ({ ...now(action), isUnanswered: true });

  it.each<[string, TaskState, object]>([
    ['runs the task at once: nobody is there to take it back', blocked(), { ...withAnswer, dueAt: NOW }],
    [
      'goes on with a one-off in the same topic',
      blocked({ automationMode: null }),
      { ...inSameTopic, dueAt: NOW },
    ],
  ])('%s', (_what, state, arm) => {
    expect(decided(state, QUESTION, silence('left'))).toMatchObject({ arm, reason: 'default-taken' });
  });

  it('leaves the task waiting for another question', () => {
    expect(decided(blocked({ humanWaiting: true }), QUESTION, silence('left'))).toBeNull();
  });
});

describe('the answer to the last urgent brief', () => {
  it('runs the task at once if its option raises a cap, because it cannot be taken back', () => {
    expect(decided(blocked(), QUESTION, { ...now('left'), raises: [] })?.arm?.dueAt).toEqual(NOW);
  });

  it.each<[string, TaskState, Answer, object]>([
    [
      'runs the task now, with the failure count unchanged',
      blocked({ scheduler: { consecutiveFailures: 2 } }),
      now('left'),
      {
        status: 'scheduled',
        arm: withAnswer,
        blockedBy: null,
        consecutiveFailures: 2,
        reason: 'unblocked',
        supersede: 'brief-resolved',
      },
    ],
    ['runs a cron task now', blocked(EVERY_NOON), now('left'), { arm: withAnswer }],
    [
      'runs it at the next regular time if the person says so',
      blocked(),
      next('left'),
      { arm: nextHour, reason: 'unblocked', supersede: 'brief-resolved' },
    ],
    ['runs a cron task at its next time if so', blocked(EVERY_NOON), next('left'), { arm: nextNoon }],
    [
      'goes on with a one-off in the same topic',
      blocked({ automationMode: null }),
      now('left'),
      { arm: inSameTopic },
    ],
    [
      'goes on with a one-off now, since it has no regular time',
      blocked({ automationMode: null }),
      next('left'),
      { arm: inSameTopic },
    ],
    ['runs the task also when it is no answer', blocked(), now('dismiss'), { arm: withAnswer }],
    [
      'runs the task although its runs are used up: its question was part of the last one',
      blocked({ maxTopics: 1, scheduler: { automationRuns: 1 } }),
      now('left'),
      { status: 'scheduled', arm: withAnswer },
    ],
    [
      'ends a task whose end date has passed',
      blocked(until(inSeconds(-1))),
      now('left'),
      { status: 'completed', arm: null, reason: 'end-date' },
    ],
    [
      'ends a task that has no regular time before its end date',
      blocked(until(inSeconds(60))),
      next('left'),
      { status: 'completed', reason: 'end-date' },
    ],
    [
      'fails a task whose rule gives no due time',
      blocked({ heartbeatInterval: null }),
      next('left'),
      { status: 'failed', error: UNARMABLE_MESSAGE },
    ],
  ])('%s', (_what, state, answer, plan) => {
    expect(decided(state, QUESTION, answer)).toMatchObject(plan);
  });

  it('continues no topic of a task with automation, nor one that no longer exists', () => {
    expect(decided(blocked(), QUESTION, now('left'))?.arm).toEqual(withAnswer);
    const gone = { ...QUESTION, topicId: null };
    expect(decided(blocked({ automationMode: null }), gone, now('left'))?.arm).toEqual(withAnswer);
  });

  it('bounds the run by the end date', () => {
    const state = blocked(until(inSeconds(60)));
    expect(decided(state, QUESTION, now('left'))?.arm).toEqual({ ...withAnswer, endAt: inSeconds(60) });
  });
});

describe('an answer to a brief of the system', () => {
  it.each<[string, TaskState, AnsweredBrief, Answer, object]>([
    [
      'retry resets the fuse and arms for now',
      fused,
      FAILURE,
      now('retry'),
      { status: 'scheduled', arm: armedSoon, blockedBy: null, consecutiveFailures: 0, reason: 'retried' },
    ],
    [
      'retry brings the due time forward',
      resting(inSeconds(60)),
      FAILURE,
      now('retry'),
      { arm: armedSoon, supersede: 'brief-resolved' },
    ],
    [
      'retry runs a one-off task again, in the same topic',
      once(),
      FAILURE,
      now('retry'),
      { arm: inSameTopic },
    ],
    [
      'retry is blocked by another urgent brief',
      hourly({ status: 'paused', humanWaiting: true }),
      FAILURE,
      now('retry'),
      waits,
    ],
    ['approval completes', once(), APPROVAL, now('approve'), { status: 'completed', arm: null }],
    [
      'approval completes although the one-off has asked a question since',
      blocked({ automationMode: null, humanWaiting: true }),
      APPROVAL,
      now('approve'),
      { status: 'completed', arm: null },
    ],
    [
      'feedback goes on in the same topic',
      once(),
      APPROVAL,
      now('feedback'),
      { status: 'scheduled', arm: inSameTopic, reason: 'feedback', supersede: 'brief-resolved' },
    ],
    [
      'a goal that is met completes the task',
      blocked({ error: 'It broke' }),
      GOAL,
      now('complete'),
      {
        status: 'completed',
        arm: null,
        blockedBy: null,
        reason: 'approved',
        error: null,
        supersede: 'brief-resolved',
      },
    ],
    [
      'a goal that is met completes it beside another question',
      blocked({ humanWaiting: true }),
      GOAL,
      now('complete'),
      { status: 'completed' },
    ],
    ['a goal that is not met runs it now', blocked(), GOAL, now('continue'), { arm: withAnswer }],
  ])('%s', (_situation, state, brief, answer, plan) => {
    expect(decided(state, brief, answer)).toMatchObject(plan);
  });
});

describe('the task does not change', () => {
  it.each<[string, TaskState, AnsweredBrief, Answer]>([
    ['while another urgent brief is open', blocked({ humanWaiting: true }), QUESTION, now('left')],
    ['when nothing was blocked', resting(inSeconds(60)), QUESTION, now('left')],
    ['when the failure is only acknowledged', fused, FAILURE, now('acknowledge')],
    ['when it is already running again', running(), APPROVAL, now('approve')],
    ['when it has ended', once({ status: 'canceled' }), FAILURE, now('retry')],
    ['when the person has paused it', hourly({ status: 'paused' }), QUESTION, now('left')],
    ['by an option that an agent calls retry', fused, QUESTION, now('retry')],
    ['by an option that an agent calls complete', fused, QUESTION, now('complete')],
    ['by an option that an agent calls approve', once(), QUESTION, now('approve')],
    ['when the goal is met but the person has let it run on', resting(inSeconds(60)), GOAL, now('continue')],
  ])('%s', (_situation, state, brief, answer) => {
    expect(decided(state, brief, answer)).toBeNull();
  });
});

describe('an option that is called "retry"', () => {
  it.each<[string, AnsweredBrief]>([
    ['of an error that an agent reported', { ...QUESTION, type: 'error' }],
    ['of a brief of the system that is no error', { ...QUESTION, purpose: 'failure' }],
  ])('%s runs the task again', (_what, brief) => {
    expect(decided(fused, brief, now('retry'))).toMatchObject({ arm: armedSoon, consecutiveFailures: 0 });
  });

  it('of an agent’s question is an answer to that agent', () => {
    expect(decided(fused, QUESTION, now('retry'))).toBeNull();
  });
});

it('the cure of a failure runs the task again, and is an answer like others in any other brief', () => {
  expect(decided(fused, FAILURE, now('open-agent'))).toMatchObject({
    arm: armedSoon,
    consecutiveFailures: 0,
  });
  expect(decided(fused, QUESTION, now('open-agent'))).toBeNull();
});

it('an approval is given by its own options alone, and while the task rests for it', () => {
  expect(decided(once(), APPROVAL, now('dismiss'))).toBeNull();
  for (const action of ['approve', 'feedback'])
    expect(decided(resting(NOW), APPROVAL, now(action))).toBeNull();
});

it('the answer about a dependency that has ended is that of the waiting task', () => {
  const brief = { ...QUESTION, purpose: 'dependency' } as const;
  const waiting = hourly({ waitsFor: [dependency('failed')] });
  expect(decided(waiting, brief, now('drop'))).toMatchObject({ status: 'scheduled', arm: { dueAt: NOW } });
  expect(decided(waiting, brief, now('cancel'))).toMatchObject({ status: 'canceled' });
  expect(decided(waiting, brief, now('approve'))).toBeNull();
  expect(decided({ ...waiting, status: 'scheduled' }, brief, now('cancel'))).toBeNull();
});

it('an answer after the end date ends the task, also one whose pattern cannot be read', () => {
  const state = blocked({ ...EVERY_NOON, schedulePattern: 'nonsense', ...until(inSeconds(-1)) });
  expect(decided(state, QUESTION, now('left'))).toMatchObject({ status: 'completed', reason: 'end-date' });
});

it('an answer does not start a paused task, whatever a hand edit left in it', () => {
  const state = hourly({ status: 'paused', scheduler: { blockedBy: 'urgent-brief' } });
  expect(decided(state, QUESTION, now('left'))).toBeNull();
});

describe('a cap that is raised while the task waits for it', () => {
  const waiting = (changes: StateChanges = {}) => {
    const { scheduler, ...others } = changes;
    return hourly({
      status: 'scheduled',
      ...others,
      scheduler: { ...resting(inSeconds(86_400)).scheduler, waitsForBudget: true, ...scheduler },
    });
  };

  it.each<[string, TaskState, object | null]>([
    ['lets it run now', waiting(), { arm: armedNow, reason: 'budget-raised', supersede: 'edited' }],
    [
      'goes on with a one-off in its topic',
      waiting({ automationMode: null, scheduler: { trigger: 'brief', continueTopicId: TOPIC } }),
      { arm: { ...inSameTopic, dueAt: NOW }, reason: 'budget-raised' },
    ],
    ['keeps it waiting for a question', waiting({ humanWaiting: true }), waits],
    [
      'ends it after its end date',
      waiting(until(inSeconds(-1))),
      { status: 'completed', reason: 'end-date' },
    ],
    ['changes nothing where it does not wait', resting(inSeconds(60)), null],
    ['changes nothing while it is paused', waiting({ status: 'paused' }), null],
  ])('%s', (_what, state, expected) => {
    const plan = decideRoomMade(frozen(state), NOW);
    if (expected === null) expect(plan).toBeNull();
    else expect(plan).toMatchObject(expected);
  });
});
