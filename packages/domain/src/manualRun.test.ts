import { describe, expect, it } from 'vitest';
import {
  byHand,
  DONE,
  ERROR,
  failedBefore,
  INTERRUPTED,
  nextHour,
  nextNoon,
  TIMEOUT,
} from '../test/completions';
import {
  armed,
  EVERY_NOON,
  frozen,
  inSeconds,
  NOW,
  operationBy,
  running,
  type StateChanges,
  TOKEN,
} from '../test/taskStates';
import { decideCompletion } from './completionDecision';
import type { Completion } from './completionPlan';
import { decideRollback } from './rollbackDecision';
import type { TaskState } from './taskState';

const previousArm = armed(inSeconds(600));
const previousCronArm = armed(nextNoon.dueAt, 'schedule');
const blownFuse: StateChanges = { scheduler: { consecutiveFailures: 3, blockedBy: 'fuse' } };
const claimedFromHourly = (changes: StateChanges = {}) =>
  byHand('scheduled', { scheduler: previousArm, ...changes });
const claimedFromDaily = (changes: StateChanges = {}) =>
  byHand('scheduled', { ...EVERY_NOON, scheduler: previousCronArm, ...changes });

const settlesAs = (rows: [string, TaskState, Completion, object][]) =>
  it.each(rows)('%s', (_situation, state, completion, plan) => {
    expect(decideCompletion(frozen(state), completion, NOW)).toMatchObject(plan);
  });

describe('a manual run', () => {
  settlesAs([
    [
      'that fails leaves failure count and due time unchanged',
      byHand('scheduled', { scheduler: { ...previousArm, consecutiveFailures: 2 } }),
      ERROR,
      {
        status: 'scheduled',
        arm: { dueAt: inSeconds(600), trigger: 'heartbeat' },
        consecutiveFailures: 2,
        failureBrief: 'open',
      },
    ],
    [
      'that fails leaves the cron time unchanged',
      claimedFromDaily(),
      TIMEOUT,
      { arm: nextNoon, consecutiveFailures: 0 },
    ],
    [
      'that fails after the due time has passed is due now',
      claimedFromHourly({ scheduler: armed(inSeconds(-5)) }),
      ERROR,
      { arm: { dueAt: NOW, trigger: 'heartbeat' } },
    ],
    [
      'that fails arms a task that had no due time',
      byHand('backlog', { scheduler: { dueAt: null, trigger: null } }),
      ERROR,
      { status: 'scheduled', arm: nextHour, consecutiveFailures: 0 },
    ],
    ['that is done replaces the due time by the next one', claimedFromHourly({}), DONE, { arm: nextHour }],
    ['that is done leaves the next cron time unchanged', claimedFromDaily(), DONE, { arm: nextNoon }],
    [
      'that is done starts the automation of a task in the backlog',
      byHand('backlog'),
      DONE,
      { status: 'scheduled', arm: nextHour },
    ],
    [
      'that fails does not resume a task whose fuse has blown',
      byHand('paused', blownFuse),
      ERROR,
      { status: 'paused', blockedBy: 'fuse', arm: null, consecutiveFailures: 3 },
    ],
    [
      'that is stopped leaves a blown fuse blown',
      byHand('paused', blownFuse),
      INTERRUPTED,
      { status: 'paused', blockedBy: 'fuse', consecutiveFailures: 3 },
    ],
    [
      'that is done resets the fuse',
      byHand('paused', blownFuse),
      DONE,
      { status: 'scheduled', blockedBy: null, consecutiveFailures: 0 },
    ],
  ]);

  describe('during which the rule was edited arms by the new rule when it fails', () => {
    settlesAs([
      [
        'a shorter interval',
        claimedFromHourly({ heartbeatInterval: 60 }),
        ERROR,
        { arm: { dueAt: inSeconds(60), trigger: 'heartbeat' } },
      ],
      [
        'another pattern',
        claimedFromDaily({ schedulePattern: '0 15 * * *' }),
        ERROR,
        { arm: { dueAt: inSeconds(3 * 3_600), trigger: 'schedule' } },
      ],
      ['another mode', claimedFromHourly(EVERY_NOON), ERROR, { arm: nextNoon }],
      [
        'automation removed',
        claimedFromHourly({ automationMode: null }),
        ERROR,
        { status: 'paused', arm: null },
      ],
    ]);
  });

  it.each(['brief', 'dependency'] as const)(
    'does not count for the fuse, nor does one that a %s asked for',
    (trigger) => {
      const plan = decideCompletion(
        running({ operation: operationBy(trigger), ...failedBefore(2) }),
        ERROR,
        NOW,
      );
      expect(plan).toMatchObject({ status: 'scheduled', consecutiveFailures: 2 });
    },
  );
});

describe('rolling back a claim', () => {
  it.each(['backlog', 'paused', 'completed', 'failed', 'canceled'] as const)(
    'leaves a task that was %s unchanged',
    (status) => {
      const plan = decideRollback(byHand(status, { error: 'It broke', ...failedBefore(2) }), NOW);
      expect(plan).toMatchObject({
        status,
        arm: null,
        blockedBy: null,
        consecutiveFailures: 2,
        error: 'It broke',
      });
    },
  );

  it.each<[string, TaskState, object]>([
    [
      'a blown fuse',
      byHand('paused', blownFuse),
      { status: 'paused', blockedBy: 'fuse', arm: null, consecutiveFailures: 3 },
    ],
    [
      'an arm',
      byHand('scheduled', { error: 'It broke', scheduler: { ...previousArm, consecutiveFailures: 1 } }),
      {
        status: 'scheduled',
        arm: { dueAt: inSeconds(600), trigger: 'heartbeat' },
        consecutiveFailures: 1,
        error: 'It broke',
      },
    ],
    [
      'an arm for the last topic',
      byHand('scheduled', { scheduler: previousArm, maxTopics: 1 }),
      { status: 'scheduled', arm: { dueAt: inSeconds(600), trigger: 'heartbeat' } },
    ],
    [
      'a run with an answer, still due',
      byHand('scheduled', { scheduler: { ...armed(inSeconds(-60), 'brief'), continueTopicId: TOKEN } }),
      { status: 'scheduled', arm: { dueAt: inSeconds(-60), trigger: 'brief', continueTopicId: TOKEN } },
    ],
    [
      'a one-off arm',
      byHand('scheduled', { automationMode: null, scheduler: armed(NOW, 'brief') }),
      { status: 'scheduled', arm: { dueAt: NOW, trigger: 'brief' } },
    ],
    [
      'a one-off arm of a clock that was ahead for now',
      byHand('scheduled', { automationMode: null, scheduler: armed(inSeconds(86_400), 'brief') }),
      { status: 'scheduled', arm: { dueAt: NOW, trigger: 'brief' } },
    ],
    [
      'a cron arm of a clock that was ahead by the rule',
      byHand('scheduled', { ...EVERY_NOON, scheduler: armed(inSeconds(30 * 86_400), 'schedule') }),
      { status: 'scheduled', arm: { dueAt: nextNoon.dueAt, trigger: 'schedule' } },
    ],
    [
      'a blocker',
      byHand('scheduled', {
        humanWaiting: true,
        scheduler: { dueAt: null, trigger: null, blockedBy: 'urgent-brief' },
      }),
      { status: 'scheduled', arm: null, blockedBy: 'urgent-brief' },
    ],
  ])('restores %s', (_what, state, before) => {
    expect(decideRollback(frozen(state), NOW)).toMatchObject(before);
  });

  it.each<[string, TaskState, object]>([
    [
      'a due time that has passed is due now',
      byHand('scheduled', { scheduler: armed(inSeconds(-5)) }),
      { arm: { dueAt: NOW, trigger: 'heartbeat' } },
    ],
    [
      'a brief that was resolved is replaced by an arm',
      byHand('scheduled', { scheduler: { dueAt: null, trigger: null, blockedBy: 'urgent-brief' } }),
      { blockedBy: null, arm: nextHour },
    ],
    [
      'a removed automation stays removed',
      byHand('scheduled', { automationMode: null, scheduler: previousArm }),
      { status: 'paused', arm: null },
    ],
    [
      'a changed mode arms by its own rule',
      byHand('scheduled', { ...EVERY_NOON, scheduler: previousArm }),
      { arm: nextNoon },
    ],
  ])('takes into account what happened since the claim: %s', (_what, state, after) => {
    expect(decideRollback(frozen(state), NOW)).toMatchObject(after);
  });
});
