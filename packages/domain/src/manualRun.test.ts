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
} from '../test/taskStates';
import { type Completion, decideCompletion, decideRollback } from './completionDecision';
import type { TaskState } from './taskState';

const slot = armed(inSeconds(600));
const cronSlot = armed(nextNoon.dueAt, 'schedule');
const blownFuse: StateChanges = { scheduler: { consecutiveFailures: 3, blockedBy: 'fuse' } };
const atSlot = (changes: StateChanges = {}) => byHand('scheduled', { scheduler: slot, ...changes });
const atNoon = (changes: StateChanges = {}) =>
  byHand('scheduled', { ...EVERY_NOON, scheduler: cronSlot, ...changes });

const settlesAs = (rows: [string, TaskState, Completion, object][]) =>
  it.each(rows)('%s', (_situation, state, completion, plan) => {
    expect(decideCompletion(frozen(state), completion, NOW)).toMatchObject(plan);
  });

describe('a run by hand', () => {
  settlesAs([
    [
      'that fails leaves count and slot as they were',
      byHand('scheduled', { scheduler: { ...slot, consecutiveFailures: 2 } }),
      ERROR,
      {
        status: 'scheduled',
        arm: { dueAt: inSeconds(600), trigger: 'heartbeat' },
        consecutiveFailures: 2,
        failureBrief: 'open',
      },
    ],
    [
      'that fails leaves the cron slot as it was',
      atNoon(),
      TIMEOUT,
      { arm: nextNoon, consecutiveFailures: 0 },
    ],
    [
      'that fails after its slot has come makes the slot due now',
      atSlot({ scheduler: armed(inSeconds(-5)) }),
      ERROR,
      { arm: { dueAt: NOW, trigger: 'heartbeat' } },
    ],
    [
      'that fails rearms a task that had no slot',
      byHand('backlog', { scheduler: { dueAt: null, trigger: null } }),
      ERROR,
      { status: 'scheduled', arm: nextHour, consecutiveFailures: 0 },
    ],
    ['that is done replaces the slot by the next one', atSlot({}), DONE, { arm: nextHour }],
    ['that is done leaves the next cron time', atNoon(), DONE, { arm: nextNoon }],
    [
      'that is done starts the loop of a resting task',
      byHand('backlog'),
      DONE,
      { status: 'scheduled', arm: nextHour },
    ],
    [
      'that fails does not bring back a task whose fuse has blown',
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
      'that is done repairs the fuse',
      byHand('paused', blownFuse),
      DONE,
      { status: 'scheduled', blockedBy: null, consecutiveFailures: 0 },
    ],
  ]);

  describe('during which the rule was edited: a failure arms by the new rule', () => {
    settlesAs([
      [
        'a shorter interval',
        atSlot({ heartbeatInterval: 60 }),
        ERROR,
        { arm: { dueAt: inSeconds(60), trigger: 'heartbeat' } },
      ],
      [
        'another pattern',
        atNoon({ schedulePattern: '0 15 * * *' }),
        ERROR,
        { arm: { dueAt: inSeconds(3 * 3_600), trigger: 'schedule' } },
      ],
      ['another mode', atSlot(EVERY_NOON), ERROR, { arm: nextNoon }],
      ['no automation any more', atSlot({ automationMode: null }), ERROR, { status: 'paused', arm: null }],
    ]);
  });

  it.each(['brief', 'dependency'] as const)('counts no more than one that a %s asked for', (trigger) => {
    const plan = decideCompletion(
      running({ operation: operationBy(trigger), ...failedBefore(2) }),
      ERROR,
      NOW,
    );
    expect(plan).toMatchObject({ status: 'scheduled', consecutiveFailures: 2 });
  });
});

describe('rolling a claim back', () => {
  it.each(['backlog', 'paused', 'completed', 'failed', 'canceled'] as const)(
    'leaves a task %s as it was',
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
      byHand('scheduled', { error: 'It broke', scheduler: { ...slot, consecutiveFailures: 1 } }),
      {
        status: 'scheduled',
        arm: { dueAt: inSeconds(600), trigger: 'heartbeat' },
        consecutiveFailures: 1,
        error: 'It broke',
      },
    ],
    [
      'an arm for the last topic',
      byHand('scheduled', { scheduler: slot, maxTopics: 1 }),
      { status: 'scheduled', arm: { dueAt: inSeconds(600), trigger: 'heartbeat' } },
    ],
    [
      'a one-off arm',
      byHand('scheduled', { automationMode: null, scheduler: armed(inSeconds(5), 'brief') }),
      { status: 'scheduled', arm: { dueAt: inSeconds(5), trigger: 'brief' } },
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
      'a slot that has come is due now',
      byHand('scheduled', { scheduler: armed(inSeconds(-5)) }),
      { arm: { dueAt: NOW, trigger: 'heartbeat' } },
    ],
    [
      'an answered brief gives way to an arm',
      byHand('scheduled', { scheduler: { dueAt: null, trigger: null, blockedBy: 'urgent-brief' } }),
      { blockedBy: null, arm: nextHour },
    ],
    [
      'a removed automation stays removed',
      byHand('scheduled', { automationMode: null, scheduler: slot }),
      { status: 'paused', arm: null },
    ],
    [
      'another mode arms by its own rule',
      byHand('scheduled', { ...EVERY_NOON, scheduler: slot }),
      { arm: nextNoon },
    ],
  ])('yields to what happened since the claim: %s', (_what, state, after) => {
    expect(decideRollback(frozen(state), NOW)).toMatchObject(after);
  });
});
