import { describe, expect, it } from 'vitest';
import {
  DONE,
  ERROR,
  ended,
  failedBefore,
  INTERRUPTED,
  nextHour,
  nextNoon,
  oneOff,
  TIMEOUT,
} from '../test/completions';
import {
  EVERY_NOON,
  frozen,
  inSeconds,
  NOW,
  operationBy,
  running,
  type StateChanges,
} from '../test/taskStates';
import { decideCompletion } from './completionDecision';
import type { Completion, CompletionPlan } from './completionPlan';
import { UNARMABLE_MESSAGE } from './planRest';
import type { TaskState } from './taskState';

const settlesAs = (rows: [string, TaskState, Completion, Partial<CompletionPlan>][]) =>
  it.each(rows)('%s', (_situation, state, completion, plan) => {
    expect(decideCompletion(frozen(state), frozen(completion), NOW)).toMatchObject(plan);
  });

describe('a run that ends before its cron time, because its tick came a moment early', () => {
  const byCron = { ...EVERY_NOON, operation: operationBy('schedule') };

  it.each([DONE, ERROR])('does not run for that time again: %j', (completion) => {
    for (const early of [inSeconds(-0.001), inSeconds(-0.5), inSeconds(-1)])
      expect(decideCompletion(running(byCron), completion, early)).toMatchObject({ arm: nextNoon });
  });

  it('is armed from now if its time was from a clock that was ahead', () => {
    const ahead = running({ ...byCron, scheduler: { dueAt: '2035-06-01T12:00:00.000Z' } });
    expect(decideCompletion(ahead, DONE, NOW)).toMatchObject({ arm: nextNoon });
  });
});

it('a run that ends late is armed for the next time of its pattern, and not for one that has passed', () => {
  const everyMinute = { ...EVERY_NOON, schedulePattern: '* * * * *', operation: operationBy('schedule') };
  const state = running({ ...everyMinute, scheduler: { dueAt: inSeconds(-200).toISOString() } });
  expect(decideCompletion(state, DONE, NOW)).toMatchObject({ arm: { dueAt: inSeconds(60) } });
});

it('a heartbeat that ends before its due time is armed one interval after its end', () => {
  const early = inSeconds(-0.5);
  const dueAt = inSeconds(3_600, early);
  expect(decideCompletion(running(), DONE, early)).toMatchObject({ arm: { dueAt } });
});

describe('an automation task', () => {
  const rests = { status: 'scheduled', blockedBy: null } as const;
  settlesAs([
    [
      'rearms at now + interval when done',
      running(),
      DONE,
      { ...rests, arm: nextHour, failureBrief: 'recover' },
    ],
    ['rearms at the next cron time when done', running(EVERY_NOON), DONE, { ...rests, arm: nextNoon }],
    [
      'resets its failure count when done',
      running(failedBefore(2)),
      DONE,
      { consecutiveFailures: 0, error: null },
    ],
    [
      'counts a first failure and continues',
      running(),
      ERROR,
      { ...rests, arm: nextHour, consecutiveFailures: 1, error: 'It broke', failureBrief: 'open' },
    ],
    [
      'counts a second failure and continues',
      running(failedBefore(1)),
      ERROR,
      { ...rests, arm: nextHour, consecutiveFailures: 2 },
    ],
    [
      'blows the fuse at exactly the third',
      running(failedBefore(2)),
      ERROR,
      { status: 'paused', blockedBy: 'fuse', arm: null, consecutiveFailures: 3, reason: 'fuse' },
    ],
    [
      'counts a timeout like an error',
      running(failedBefore(1)),
      TIMEOUT,
      { ...rests, arm: nextHour, consecutiveFailures: 2, error: 'No sign of life', failureBrief: 'open' },
    ],
    [
      'blows the fuse on a timeout too',
      running(failedBefore(2)),
      TIMEOUT,
      { status: 'paused', blockedBy: 'fuse', arm: null },
    ],
    [
      'pauses when a person stopped it, with its failure count unchanged',
      running(failedBefore(2)),
      INTERRUPTED,
      { status: 'paused', arm: null, blockedBy: null, consecutiveFailures: 2, failureBrief: 'keep' },
    ],
    ['never asks for approval', running(), DONE, { asksApproval: false }],
  ]);
});

describe('a one-off task', () => {
  const subtask = oneOff({ parentTaskId: 'parent' });
  settlesAs([
    [
      'waits for approval when done',
      oneOff(),
      DONE,
      { status: 'paused', arm: null, asksApproval: true, failureBrief: 'recover' },
    ],
    [
      'completes with its report where the agent reads no words, as with one look at a page',
      oneOff({ agentKind: 'watch' }),
      DONE,
      { status: 'completed', arm: null, asksApproval: false, opensReport: true, reason: 'done' },
    ],
    [
      'completes without it where the run has told something itself',
      oneOff({ agentKind: 'watch' }),
      { ...DONE, bringsBrief: true },
      { status: 'completed', asksApproval: false, opensReport: false },
    ],
    [
      'pauses with its error',
      oneOff(),
      ERROR,
      {
        status: 'paused',
        arm: null,
        error: 'It broke',
        failureBrief: 'open',
        asksApproval: false,
        consecutiveFailures: 0,
      },
    ],
    [
      'pauses with its timeout',
      oneOff(),
      TIMEOUT,
      { status: 'paused', error: 'No sign of life', failureBrief: 'open' },
    ],
    [
      'pauses when stopped',
      oneOff(),
      INTERRUPTED,
      { status: 'paused', asksApproval: false, failureBrief: 'keep' },
    ],
    ['completes without approval as a subtask', subtask, DONE, { status: 'completed', asksApproval: false }],
    [
      'does not complete as a subtask that failed',
      subtask,
      ERROR,
      { status: 'paused', failureBrief: 'open' },
    ],
    ['pauses as a subtask that was stopped', subtask, INTERRUPTED, { status: 'paused' }],
  ]);
});

describe('an open urgent brief', () => {
  const waits = { status: 'scheduled', arm: null, blockedBy: 'urgent-brief' } as const;
  settlesAs([
    ['blocks the next arm of a success', running({ humanWaiting: true }), DONE, waits],
    [
      'blocks the next arm of a failure, which still counts',
      running({ humanWaiting: true }),
      ERROR,
      { ...waits, consecutiveFailures: 1 },
    ],
    ['blocks when it comes with the completion itself', running(), ended({ bringsUrgentBrief: true }), waits],
    [
      'does not prevent the fuse from blowing',
      running({ humanWaiting: true, ...failedBefore(2) }),
      ERROR,
      { status: 'paused', blockedBy: 'fuse' },
    ],
    ['keeps a task open whose runs are used up', running({ humanWaiting: true, maxTopics: 1 }), DONE, waits],
    [
      'keeps a task open that may complete by itself',
      running({ config: { mayComplete: true } }),
      ended({ goalMet: true, bringsUrgentBrief: true }),
      waits,
    ],
    [
      'of a one-off: it rests, and asks for no approval',
      oneOff(),
      ended({ bringsUrgentBrief: true }),
      { ...waits, asksApproval: false, reason: 'human-waiting' },
    ],
    [
      'of a subtask: it rests, and does not complete',
      oneOff({ parentTaskId: 'parent' }),
      ended({ bringsUrgentBrief: true }),
      { ...waits, reason: 'human-waiting' },
    ],
    ['of an earlier run of a one-off still blocks', oneOff({ humanWaiting: true }), DONE, waits],
    [
      'does not hide the error of a one-off',
      oneOff({ humanWaiting: true }),
      ERROR,
      { status: 'paused', error: 'It broke', failureBrief: 'open' },
    ],
    [
      'is not the error brief of a failure',
      running(),
      ERROR,
      { failureBrief: 'open', blockedBy: null, arm: nextHour },
    ],
  ]);
});

describe('the end of a loop', () => {
  const completed = { status: 'completed', arm: null, blockedBy: null } as const;
  const until = (end: Date): StateChanges => ({ config: { endAt: end.toISOString() } });
  settlesAs([
    [
      'the agent declared the goal met, and may complete the task',
      running({ config: { mayComplete: true } }),
      ended({ goalMet: true }),
      { ...completed, reason: 'goal-met', asksWhetherGoalIsMet: false },
    ],
    [
      'without that the person is asked, and the task waits',
      running(failedBefore(2)),
      ended({ goalMet: true }),
      {
        status: 'scheduled',
        arm: null,
        blockedBy: 'urgent-brief',
        asksWhetherGoalIsMet: true,
        consecutiveFailures: 0,
      },
    ],
    ['a failed run cannot meet it', running(), { ...ERROR, goalMet: true }, { status: 'scheduled' }],
    [
      'the runs are used up',
      running({ maxTopics: 5, scheduler: { automationRuns: 4 } }),
      DONE,
      { ...completed, reason: 'max-topics', automationRuns: 5 },
    ],
    [
      'a failed run was the last one',
      running({ maxTopics: 5, scheduler: { automationRuns: 4 } }),
      ERROR,
      { ...completed, reason: 'max-topics', failureBrief: 'open' },
    ],
    [
      'one run is left, however many topics there are',
      running({ totalTopics: 9, maxTopics: 5, scheduler: { automationRuns: 3 } }),
      DONE,
      { status: 'scheduled', arm: nextHour, automationRuns: 4 },
    ],
    [
      'a manual run uses none up',
      running({ operation: operationBy('manual'), maxTopics: 5, scheduler: { automationRuns: 4 } }),
      DONE,
      { status: 'scheduled', automationRuns: 4 },
    ],
    [
      'nor does a run with the answer to a question',
      running({ operation: operationBy('brief'), maxTopics: 5, scheduler: { automationRuns: 4 } }),
      DONE,
      { status: 'scheduled', automationRuns: 4 },
    ],
    [
      'nor does one that a person stopped',
      running({ maxTopics: 5, scheduler: { automationRuns: 4 } }),
      INTERRUPTED,
      { status: 'paused', automationRuns: 4 },
    ],
    [
      'the next run would be after the end date',
      running(until(inSeconds(3_599))),
      DONE,
      { ...completed, reason: 'end-date' },
    ],
    [
      'the next run is exactly at the end date',
      running(until(inSeconds(3_600))),
      DONE,
      { status: 'scheduled', arm: nextHour },
    ],
    [
      'the pattern has no next date',
      running({ ...EVERY_NOON, schedulePattern: '0 0 30 2 *' }),
      DONE,
      { ...completed, reason: 'no-next-run' },
    ],
    [
      'a missing interval fails the task, because nothing was achieved',
      running({ heartbeatInterval: null }),
      DONE,
      { status: 'failed', arm: null, reason: 'no-interval', error: UNARMABLE_MESSAGE },
    ],
    [
      'so does an unreadable pattern',
      running({ ...EVERY_NOON, schedulePattern: 'nonsense' }),
      DONE,
      { status: 'failed', reason: 'bad-pattern' },
    ],
  ]);
});

describe('a run whose agent wrote no brief', () => {
  const asks = (report: 'always' | 'changes' | 'agent', changes: StateChanges = {}) =>
    running({ config: { report }, ...changes });
  const before = { scheduler: { reportHash: 'same' } };
  const same = ended({ reportHash: 'same' });
  const other = ended({ reportHash: 'other' });
  settlesAs([
    ['reports nothing by default', running(), DONE, { opensReport: false }],
    ['reports nothing if only the agent reports', asks('agent'), DONE, { opensReport: false }],
    ['reports always if so', asks('always'), DONE, { opensReport: true }],
    ['reports its first content', asks('changes'), same, { opensReport: true, reportHash: 'same' }],
    ['reports a change', asks('changes', before), other, { opensReport: true, reportHash: 'other' }],
    ['reports no repetition', asks('changes', before), same, { opensReport: false }],
    ['does not when it brings one', asks('always'), ended({ bringsBrief: true }), { opensReport: false }],
    [
      'does not report a change that its brief tells',
      asks('changes', before),
      ended({ bringsBrief: true, reportHash: 'other' }),
      { opensReport: false, reportHash: 'other' },
    ],
    ['does not after a failure', asks('always'), ERROR, { opensReport: false }],
    [
      'is shown with the question whether the goal is met',
      asks('always'),
      ended({ goalMet: true }),
      { opensReport: false, asksWhetherGoalIsMet: true },
    ],
    [
      'is shown with the end of the loop',
      asks('always', { maxTopics: 1 }),
      DONE,
      { status: 'completed', opensReport: false },
    ],
    ['is shown for approval', oneOff({ config: { report: 'always' } }), DONE, { opensReport: false }],
    [
      'reports a subtask',
      oneOff({ parentTaskId: 'parent', config: { report: 'always' } }),
      DONE,
      { status: 'completed', opensReport: true },
    ],
  ]);

  it('leaves the stored hash alone where nothing is compared', () => {
    expect(decideCompletion(asks('always', before), DONE, NOW)).not.toHaveProperty('reportHash');
  });
});

describe('the time that the agent asks for', () => {
  const pacing = { minSeconds: 60, maxSeconds: 600 };
  it.each([
    ['is used within the bounds', pacing, 300, 300],
    ['is raised to the minimum', pacing, 5, 60],
    ['is raised to the minimum when it is in the past', pacing, -5, 60],
    ['is lowered to the maximum', pacing, 86_400, 600],
    ['is ignored without pacing', undefined, 300, 3_600],
    ['is absent: the rule decides', pacing, null, 3_600],
  ])('%s', (_behaviour, allowed, requested, seconds) => {
    const state = running({ config: allowed === undefined ? {} : { pacing: allowed } });
    const plan = decideCompletion(state, ended({ nextRunInSeconds: requested }), NOW);
    expect(plan.arm?.dueAt).toEqual(inSeconds(seconds));
  });

  it('is ignored after a failure', () => {
    const plan = decideCompletion(running({ config: { pacing } }), { ...ERROR, nextRunInSeconds: 60 }, NOW);
    expect(plan.arm?.dueAt).toEqual(inSeconds(3_600));
  });
});
