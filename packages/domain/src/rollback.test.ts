import { describe, expect, it } from 'vitest';
import { EVERY_HOUR, EVERY_NOON, inSeconds, NOW, OTHER_TOKEN, taskState } from '../test/taskStates';
import { decideRollback } from './rollbackDecision';
import { toInstant } from './schedulerState';
import type { TaskState } from './taskState';

const OPERATION: NonNullable<TaskState['operation']> = {
  id: '44444444-4444-4444-8444-444444444444',
  topicId: '55555555-5555-4555-8555-555555555555',
  trigger: 'heartbeat',
  tickToken: OTHER_TOKEN,
  occurrence: OTHER_TOKEN,
  attempt: 1,
  claimedFrom: 'scheduled',
  continuesTopic: false,
  isWaiting: false,
  leaseEpoch: 0,
  losses: 0,
};

/** A task that a tick claimed, which was due at `dueAt`. */
const claimed = (dueAt: Date, changes: Parameters<typeof taskState>[0] = {}) =>
  taskState({
    ...EVERY_HOUR,
    status: 'running',
    operation: OPERATION,
    error: 'the last failure',
    ...changes,
    scheduler: {
      dueAt: toInstant(dueAt),
      trigger: 'heartbeat',
      consecutiveFailures: 2,
      ...changes.scheduler,
    },
  });

describe('a claim of a tick that is rolled back', () => {
  it('leaves the arm at the time at which it was, and neither adds nor forgives a failure', () => {
    const dueAt = inSeconds(-90);
    expect(decideRollback(claimed(dueAt), NOW)).toMatchObject({
      status: 'scheduled',
      arm: { dueAt, trigger: 'heartbeat' },
      blockedBy: null,
      consecutiveFailures: 2,
      error: 'the last failure',
      reason: 'rolled-back',
      failureBrief: 'keep',
    });
  });

  it('keeps the trigger of an arm by a person’s answer', () => {
    const oneOff = { automationMode: null, heartbeatInterval: null } as const;
    const state = claimed(inSeconds(-5), { ...oneOff, scheduler: { trigger: 'brief' } });
    expect(decideRollback(state, NOW).arm).toEqual({ dueAt: inSeconds(-5), trigger: 'brief' });
  });

  it('goes on in the topic that its arm named, also as a further attempt at a run of a person', () => {
    const oneOff = { automationMode: null, heartbeatInterval: null } as const;
    const retry = { occurrence: OTHER_TOKEN, attempt: 2, waitSeconds: 30 };
    const scheduler = { trigger: 'manual', retry, continueTopicId: OPERATION.topicId } as const;
    expect(decideRollback(claimed(inSeconds(-5), { ...oneOff, scheduler }), NOW).arm).toEqual({
      dueAt: inSeconds(-5),
      trigger: 'manual',
      retry,
      continueTopicId: OPERATION.topicId,
    });
  });

  it('continues the topic of a task without automation, and opens a new one otherwise', () => {
    const continueTopicId = '66666666-6666-4666-8666-666666666666';
    const byHand = { dueAt: inSeconds(-5), trigger: 'manual', continueTopicId } as const;
    const scheduler = { trigger: 'manual', continueTopicId } as const;
    const oneOff = { automationMode: null, heartbeatInterval: null, scheduler } as const;
    expect(decideRollback(claimed(inSeconds(-5), oneOff), NOW).arm).toEqual(byHand);
    const hourly = claimed(inSeconds(-5), { scheduler: { continueTopicId } });
    expect(decideRollback(hourly, NOW).arm).toEqual({ dueAt: inSeconds(-5), trigger: 'heartbeat' });
  });

  it('is armed by the rule that an edit has made meanwhile', () => {
    const { arm } = decideRollback(claimed(inSeconds(-5), EVERY_NOON), NOW);
    expect(arm?.trigger).toBe('schedule');
    expect(arm?.dueAt.getTime()).toBeGreaterThan(NOW.getTime());
  });

  it('rests without an arm while a person has to answer', () => {
    const plan = decideRollback(claimed(inSeconds(-5), { humanWaiting: true }), NOW);
    expect(plan).toMatchObject({ status: 'scheduled', arm: null, blockedBy: 'urgent-brief' });
  });

  it('is paused when its automation was taken away meanwhile', () => {
    const plan = decideRollback(claimed(inSeconds(-5), { automationMode: null }), NOW);
    expect(plan).toMatchObject({ status: 'paused', arm: null });
  });
});

it('a claim without an operation is rolled back to a pause', () => {
  expect(decideRollback(claimed(NOW, { operation: null }), NOW)).toMatchObject({
    status: 'paused',
    arm: null,
  });
});

it('a claim of a tick whose due time no rule allows is armed by the rule', () => {
  const oneOff = { automationMode: null, heartbeatInterval: null, scheduler: { trigger: 'manual' } } as const;
  const state = claimed(inSeconds(9 * 365 * 86_400), oneOff);
  expect(decideRollback(state, NOW).arm).toMatchObject({ dueAt: NOW, trigger: 'manual' });
});

it('a person’s run that is rolled back leaves a task paused that needs the person', () => {
  const operation: TaskState['operation'] = { ...OPERATION, trigger: 'manual', claimedFrom: 'paused' };
  const plan = decideRollback(claimed(inSeconds(-90), { operation, scheduler: { needsPerson: true } }), NOW);
  expect(plan).toMatchObject({ status: 'paused', needsPerson: true });
});

it('a person’s run that is rolled back does not move an arm into the past', () => {
  const operation: TaskState['operation'] = { ...OPERATION, trigger: 'manual', tickToken: null };
  const plan = decideRollback(claimed(inSeconds(-90), { operation }), NOW);
  expect(plan.arm?.dueAt).toEqual(NOW);
});
