import type { BriefWrite } from '@everbeat/database';
import { decideCancel, decidePause, type TaskPlan, type TaskState } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import {
  dependency,
  EVERY_HOUR,
  inSeconds,
  NOW,
  operationBy,
  resting,
  running,
  TOKEN,
  taskState,
} from '../../../../packages/domain/test/taskStates';
import {
  armedNow,
  bumpRevision,
  interruptedOperation,
  openOperation,
  planWrite,
  type TaskWriteExtras,
  withArm,
} from './planWrite';

const ids = { row: () => 'row-1', token: () => 'token-1', secret: () => 'secret' };
const context = {
  ids,
  now: NOW,
  scheduler: {
    messageIdOf: ({ tickToken, publication }: { tickToken: string; publication: number }) =>
      `${tickToken}-${publication}`,
  },
};
const planned = (state: TaskState, changes: Partial<TaskPlan> = {}, extras?: TaskWriteExtras) =>
  planWrite(state, { ...decidePause(state), ...changes }, context, extras);
const arm = { dueAt: inSeconds(60), trigger: 'heartbeat' } as const;

describe('the write of a plan', () => {
  it('names what it was decided from, and writes nothing that it does not name', () => {
    const state = resting(inSeconds(5), { agentKind: 'model', priority: 3, error: 'It broke' });
    expect(planned(state)).toMatchObject({
      task_id: state.id,
      user_id: state.userId,
      revision: 1,
      from_status: 'scheduled',
      to_status: 'paused',
      reason: 'paused',
      arm: null,
      fields: null,
      operation: null,
      outage: null,
      dropped: [],
      briefs: [],
      resolved: [],
      recover: [],
      messages: [],
      comments: [],
      subtasks: [],
      memory: null,
      documents: [],
      spend: null,
      is_idle: false,
      activities: [],
      subtask: null,
      tick: { agentKind: 'model', priority: 3 },
      end_tick: { token: TOKEN, outcome: 'superseded', reason: 'paused' },
      scheduler: { tickToken: null, tickMessageId: null, scheduledAt: null, dueAt: null, trigger: null },
    });
    expect(planned(taskState()).end_tick).toBeNull();
  });

  it('draws a token for a new arm, whose message may be known beforehand', () => {
    const retry = { occurrence: TOKEN, attempt: 2, waitSeconds: 30 };
    const whole = { ...arm, retry, waitsForBudget: true, continueTopicId: 'topic-1', endAt: inSeconds(90) };
    const { arm: written, scheduler } = planned(running(), {
      status: 'scheduled',
      arm: { ...whole, waitsForBudget: true },
      lostRuns: 2,
      automationRuns: 4,
    });
    expect(written).toEqual({
      token: 'token-1',
      due_at: '2026-06-01T12:01:00.000Z',
      trigger: 'heartbeat',
      message_id: 'token-1-1',
    });
    expect(scheduler).toMatchObject({
      tickToken: 'token-1',
      tickMessageId: 'token-1-1',
      scheduledAt: NOW.toISOString(),
      retry,
      dueAt: '2026-06-01T12:01:00.000Z',
      trigger: 'heartbeat',
      lostRuns: 2,
      automationRuns: 4,
      waitsForBudget: true,
      continueTopicId: 'topic-1',
      endAt: '2026-06-01T12:01:30.000Z',
    });
  });

  it('keeps the hash of the last report unless there is another', () => {
    const state = taskState({ scheduler: { reportHash: 'before' } });
    expect(planned(state).scheduler?.reportHash).toBe('before');
    expect(planned(state, { reportHash: 'now' }).scheduler?.reportHash).toBe('now');
  });

  it('of a subtask says whose it is, and whether it rested in the backlog', () => {
    const of = (changes: Parameters<typeof taskState>[0]) =>
      planned(taskState({ parentTaskId: 'parent', ...changes })).subtask;
    expect(of({})).toEqual({ parentId: 'parent', wasInBacklog: true });
    expect(of({ status: 'paused' })?.wasInBacklog).toBe(false);
    expect(of({ status: 'running', operation: operationBy('manual', 'backlog') })?.wasInBacklog).toBe(true);
    expect(of({ status: 'running', operation: operationBy('manual') })?.wasInBacklog).toBe(false);
  });

  it('of a run that waited for a person closes its question', () => {
    const waiting = running({ operation: { ...operationBy('heartbeat'), isWaiting: true } });
    expect(planned(waiting, {}, { recover: ['failure'] }).recover).toEqual(['failure', 'tool']);
    expect(planned(running(), {}, { recover: ['failure'] }).recover).toEqual(['failure']);
  });

  it('of a review leaves its topic as the work left it', () => {
    const review = running({ operation: operationBy('review') });
    const end = interruptedOperation('o');
    expect(planned(review, {}, { operation: end }).operation).toEqual({ ...end, review: null });
    expect(planned(running(), {}, { operation: end }).operation).toEqual(end);
    expect(planned(review).operation).toBeNull();
  });
});

describe('the write of a task that leaves its loop', () => {
  const failure: BriefWrite = {
    id: 'b',
    type: 'error',
    priority: 'urgent',
    title: 'T',
    summary: 'S',
    actions: [],
    key: null,
    document: null,
    subjectIds: null,
    pictures: null,
    expiresAt: null,
    defaultAction: null,
    escalateAt: null,
    purpose: 'failure',
  };
  const other: BriefWrite = { ...failure, purpose: 'report' };

  it('says why, once', () => {
    const ends = { status: 'completed', reason: 'goal-met' } as const;
    const state = running({ config: { mayComplete: true } });
    expect(planned(state, ends, { briefs: [other] }).briefs).toMatchObject([other, { purpose: 'end' }]);
    const told: BriefWrite = { ...other, purpose: 'end' };
    expect(planned(state, ends, { briefs: [told] }).briefs).toEqual([told]);
  });

  it('because its rule gives no due time replaces the brief of the run', () => {
    const fails = { status: 'failed', error: 'The pattern is not one' } as const;
    const written = planned(running(), fails, { briefs: [failure, other], recover: ['failure'] });
    expect(written.briefs).toMatchObject([other, { purpose: 'failure', summary: 'The pattern is not one' }]);
    expect(written.recover).toEqual([]);
    expect(planned(running(), { ...fails, error: null }).briefs).toMatchObject([{ summary: 'paused' }]);
  });
});

describe('the write of a task that waits for others', () => {
  const gone = dependency('canceled');
  const asks = taskState({ ...EVERY_HOUR, waitsFor: [gone] });
  const asked = { ...gone, ended: 'canceled' } as const;
  const backlog = { status: 'backlog' } as const;

  it('asks once about those that have ended', () => {
    const first = planned(asks, backlog, { briefs: [] });
    expect(first.briefs).toMatchObject([{ purpose: 'dependency' }]);
    expect(first.scheduler?.endedDependencies).toEqual([asked]);
    const again = taskState({ ...asks, scheduler: { endedDependencies: [asked] } });
    expect(planned(again, backlog).briefs).toEqual([]);
  });

  it('closes the question when it leaves the backlog', () => {
    const before = taskState({ ...asks, scheduler: { endedDependencies: [asked] } });
    const left = planned(before, { status: 'scheduled', arm }, { recover: ['failure'] });
    expect(left.recover).toEqual(['failure', 'dependency']);
    expect(left.scheduler?.endedDependencies).toBeUndefined();
  });

  it('remembers what the person said to ignore, each once, until the task ends', () => {
    const state = taskState({ scheduler: { ignoredDependencies: ['a', 'b'] } });
    const answer = { dependencies: { ignored: ['b', 'c'], dropped: ['d'] } };
    const written = planned(state, answer);
    expect(written.scheduler?.ignoredDependencies).toEqual(['a', 'b', 'c']);
    expect(written.dropped).toEqual(['d']);
    expect(planned(taskState()).scheduler?.ignoredDependencies).toBeUndefined();
    expect(planWrite(state, decideCancel(state), context).scheduler?.ignoredDependencies).toBeUndefined();
  });
});

it('a write that only counts leaves the state as it is', () => {
  const state = resting(inSeconds(5), { error: 'It broke' });
  expect(bumpRevision(state, { is_idle: true })).toMatchObject({
    from_status: 'scheduled',
    to_status: 'scheduled',
    scheduler: null,
    error: 'It broke',
    reason: null,
    arm: null,
    end_tick: null,
    is_idle: true,
  });
});

describe('a state that is written back', () => {
  const due = { due_at: inSeconds(60).toISOString(), trigger: 'heartbeat' };

  it('is armed for the same time, with a token of its own', () => {
    const { arm: written, scheduler } = withArm(resting(inSeconds(60)), context);
    expect(written).toMatchObject({ ...due, token: 'token-1', message_id: 'token-1-1' });
    expect(scheduler).toMatchObject({
      tickToken: 'token-1',
      tickMessageId: 'token-1-1',
      scheduledAt: NOW.toISOString(),
      dueAt: due.due_at,
      trigger: 'heartbeat',
    });
  });

  it.each<[string, Partial<TaskState['scheduler']>, string]>([
    ['its due time', { dueAt: null }, 'heartbeat'],
    ['its arm', { tickToken: null, tickMessageId: null, dueAt: null, trigger: null }, 'manual'],
  ])('is due now if an edit by hand had taken %s', (_what, damage, trigger) => {
    const whole = resting(inSeconds(60));
    const { arm: written, scheduler } = withArm(
      { ...whole, scheduler: { ...whole.scheduler, ...damage } },
      context,
    );
    expect(written).toMatchObject({ token: 'token-1', due_at: NOW.toISOString(), trigger });
    expect(scheduler).toMatchObject({ tickToken: 'token-1', dueAt: NOW.toISOString(), trigger });
  });

  it.each<[string, TaskState]>([
    ['waits for an answer', taskState({ status: 'scheduled', scheduler: { blockedBy: 'urgent-brief' } })],
    ['is paused', taskState({ status: 'paused' })],
  ])('has no arm if the task %s', (_why, { status, scheduler }) => {
    expect(withArm({ status, scheduler }, context)).toEqual({ arm: null, scheduler });
  });
});

it('a task that is created with an arm for now has nothing else to remember', () => {
  expect(armedNow(context)).toMatchObject({
    tickToken: 'token-1',
    tickMessageId: 'token-1-1',
    trigger: 'manual',
    consecutiveFailures: 0,
    scheduledAt: NOW.toISOString(),
    dueAt: NOW.toISOString(),
  });
});

it('an operation that stays open names its lease, and until when', () => {
  const operation = { ...operationBy('heartbeat'), leaseEpoch: 3 };
  expect(openOperation(operation, 'waiting', inSeconds(60))).toMatchObject({
    id: operation.id,
    status: 'waiting',
    lease_epoch: 3,
    is_undone: false,
    usage: null,
    lease_expires_at: '2026-06-01T12:01:00.000Z',
    error_code: null,
    failure_class: null,
  });
  expect(openOperation(null, 'waiting', NOW)).toBeNull();
});
