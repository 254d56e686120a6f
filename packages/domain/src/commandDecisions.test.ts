import { describe, expect, it } from 'vitest';
import { nextHour, nextNoon } from '../test/completions';
import {
  armed,
  blocked,
  DEPENDENCY_IDS,
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
import {
  decideBlock,
  decideCancel,
  decideEdit,
  decidePause,
  decideRepair,
  decideStart,
} from './commandDecisions';
import type { AppErrorCode } from './errors';
import { UNARMABLE_MESSAGE } from './planRest';
import type { TaskStatus } from './status';
import type { TaskState } from './taskState';

const hourly = (changes: StateChanges = {}) => taskState({ ...EVERY_HOUR, ...changes });
const daily = (changes: StateChanges = {}) => taskState({ ...EVERY_NOON, ...changes });
const fused = hourly({ status: 'paused', scheduler: { consecutiveFailures: 3, blockedBy: 'fuse' } });
const armedNow = { dueAt: NOW, trigger: 'heartbeat' } as const;
const waits = { status: 'scheduled', arm: null, blockedBy: 'urgent-brief' } as const;

describe('start and resume', () => {
  it.each<[string, TaskState, object]>([
    ['a heartbeat task is armed for now', hourly(), { status: 'scheduled', arm: armedNow, blockedBy: null }],
    ['a cron task is armed for its next time', daily(), { arm: nextNoon }],
    ['a one-off task is armed for one run, now', taskState(), { arm: { dueAt: NOW, trigger: 'manual' } }],
    ['a blown fuse is reset', fused, { arm: armedNow, blockedBy: null, consecutiveFailures: 0 }],
    ['an open urgent brief still blocks', hourly({ humanWaiting: true }), waits],
    [
      'a completed task is scheduled again',
      hourly({ status: 'completed' }),
      { status: 'scheduled', arm: armedNow },
    ],
    ['a scheduled task is re-armed', resting(inSeconds(60)), { arm: armedNow, supersede: 'started' }],
  ])('%s', (_situation, state, plan) => {
    expect(decideStart(frozen(state), NOW)).toMatchObject(plan);
  });

  it.each<[AppErrorCode, string, TaskState]>([
    ['run-in-flight', 'while it runs', running()],
    ['dependencies-unmet', 'while others must complete first', hourly({ waitsFor: [dependency()] })],
    ['interval-missing', 'without an interval', hourly({ heartbeatInterval: null })],
    ['pattern-never-fires', 'by a pattern without a date', daily({ schedulePattern: '0 0 30 2 *' })],
    ['pattern-invalid', 'by a pattern that cannot be read', daily({ schedulePattern: 'nonsense' })],
  ])('start is refused with %s %s', (code, _situation, state) => {
    expect(() => decideStart(frozen(state), NOW)).toThrow(expect.objectContaining({ code }));
  });

  it.each<[string, TaskState]>([
    ['The task waits for others; it starts', hourly({ waitsFor: [dependency()] })],
    [
      'The task waits for T-77, T-88, which ended',
      hourly({ waitsFor: [dependency('failed'), dependency('canceled', DEPENDENCY_IDS[1])] }),
    ],
    ['The task depends on others', hourly({ status: 'completed', waitsFor: [dependency()] })],
  ])('start says what holds it back: %s', (message, state) => {
    expect(() => decideStart(frozen(state), NOW)).toThrow(message);
  });

  it('start counts the runs anew; resume goes on counting', () => {
    const state = hourly({ status: 'paused', maxTopics: 5, scheduler: { automationRuns: 3 } });
    expect(decideStart(state, NOW, 'start')).toMatchObject({ automationRuns: 0 });
    expect(decideStart(state, NOW, 'resume')).toMatchObject({ automationRuns: 3 });
  });

  it('arms a run that does not start after the end date', () => {
    const endAt = inSeconds(600);
    const state = hourly({ config: { endAt: '2026-06-01T14:10:00+02:00' } });
    expect(decideStart(state, NOW)).toMatchObject({ arm: { ...armedNow, endAt } });
    expect(decideStart({ ...state, automationMode: null }, NOW).arm).not.toHaveProperty('endAt');
  });

  it('resume schedules a paused or failed task and resets the failure count', () => {
    for (const status of ['paused', 'failed'] as const) {
      const state = hourly({ status, scheduler: { consecutiveFailures: 2 } });
      const plan = { status: 'scheduled', arm: armedNow, consecutiveFailures: 0, supersede: 'resumed' };
      expect(decideStart(state, NOW, 'resume')).toMatchObject(plan);
    }
  });

  it.each<[TaskStatus, object]>([
    ['paused', { status: 'backlog', arm: null, consecutiveFailures: 0, reason: 'resumed' }],
    ['failed', { status: 'backlog', arm: null, consecutiveFailures: 0 }],
    ['scheduled', { status: 'scheduled', arm: armedNow }],
  ])(
    'resume puts a task that is %s and has unmet dependencies in the backlog, unless it is scheduled',
    (status, plan) => {
      const state = hourly({ status, waitsFor: [dependency()], scheduler: { consecutiveFailures: 2 } });
      expect(decideStart(frozen(state), NOW, 'resume')).toMatchObject(plan);
    },
  );

  it('resume of a task with unmet dependencies is refused if its rule gives no due time', () => {
    const state = hourly({ status: 'paused', waitsFor: [dependency()], heartbeatInterval: null });
    expect(() => decideStart(state, NOW, 'resume')).toThrow(
      expect.objectContaining({ code: 'interval-missing' }),
    );
  });

  it.each<[AppErrorCode, TaskStatus]>([
    ['invalid-transition', 'backlog'],
    ['invalid-transition', 'completed'],
    ['invalid-transition', 'canceled'],
    ['run-in-flight', 'running'],
  ])('resume is refused with %s from %s', (code, status) => {
    expect(() => decideStart(hourly({ status }), NOW, 'resume')).toThrow(expect.objectContaining({ code }));
  });
});

describe('pause and cancel', () => {
  const disarmed = { arm: null, blockedBy: null } as const;

  it.each<[string, TaskState, object]>([
    ['a scheduled task', resting(inSeconds(60)), disarmed],
    ['a blocked task', blocked({ humanWaiting: true }), disarmed],
    [
      'a running task, with its failure count unchanged',
      running({ scheduler: { consecutiveFailures: 2 } }),
      { ...disarmed, consecutiveFailures: 2 },
    ],
    [
      'a manual run of a task whose fuse has blown',
      running({ scheduler: { consecutiveFailures: 3, blockedBy: 'fuse' } }),
      { arm: null, blockedBy: 'fuse', consecutiveFailures: 3 },
    ],
    ['a paused task, with its fuse unchanged', fused, { blockedBy: 'fuse', consecutiveFailures: 3 }],
  ])('pause %s', (_what, state, plan) => {
    const why = { reason: 'paused', supersede: 'paused' };
    expect(decidePause(frozen(state))).toMatchObject({ status: 'paused', ...why, ...plan });
  });

  it.each(['backlog', 'scheduled', 'running', 'paused', 'failed', 'canceled'] as const)(
    'cancel from %s',
    (status) => {
      const why = { reason: 'canceled', supersede: 'canceled' };
      expect(decideCancel(hourly({ status }))).toMatchObject({ status: 'canceled', ...why, ...disarmed });
    },
  );

  it.each(['completed', 'failed', 'canceled'] as const)('a task that is %s cannot be paused', (status) => {
    expect(() => decidePause(hourly({ status }))).toThrow(
      expect.objectContaining({ code: 'invalid-transition' }),
    );
  });

  it('a completed task cannot be canceled', () => {
    expect(() => decideCancel(hourly({ status: 'completed' }))).toThrow(
      expect.objectContaining({ code: 'invalid-transition' }),
    );
  });
});

describe('an edit', () => {
  const due = inSeconds(600);
  const before = resting(due, { scheduler: { consecutiveFailures: 2, automationRuns: 2 } });
  const rearmed = (dueAt: Date, changes: object = {}) => ({
    status: 'scheduled',
    arm: { dueAt, trigger: 'heartbeat' },
    consecutiveFailures: 2,
    ...changes,
  });

  it.each<[string, Partial<TaskState>, object]>([
    ['of the interval arms from now by the new rule', { heartbeatInterval: 60 }, rearmed(inSeconds(60))],
    [
      'of the mode arms by the new rule',
      EVERY_NOON,
      { status: 'scheduled', arm: nextNoon, supersede: 'edited' },
    ],
    [
      'while an urgent brief is open leaves the blocker',
      { heartbeatInterval: 60, humanWaiting: true },
      waits,
    ],
    [
      'that removes the automation pauses',
      { automationMode: null },
      { status: 'paused', arm: null, reason: 'automation-removed', supersede: 'edited' },
    ],
    [
      'of the end date keeps an earlier due time',
      { config: { endAt: inSeconds(601).toISOString() } },
      rearmed(due),
    ],
    [
      'that sets the end date before the due time completes',
      { config: { endAt: inSeconds(599).toISOString() } },
      { status: 'completed', arm: null, reason: 'end-date' },
    ],
    [
      'that allows no further run completes',
      { maxTopics: 2 },
      { status: 'completed', arm: null, reason: 'max-topics' },
    ],
  ])('%s', (_what, edit, plan) => {
    expect(decideEdit(frozen(before), frozen({ ...before, ...edit }), NOW)).toMatchObject(plan);
  });

  it.each(['schedulePattern', 'scheduleTimezone'] as const)('of %s arms from now by the new rule', (key) => {
    const noon = resting(nextNoon.dueAt, EVERY_NOON);
    const edited = { ...noon, schedulePattern: '0 14 * * *', scheduleTimezone: 'Europe/Berlin' };
    const plan = decideEdit(noon, { ...noon, [key]: edited[key] }, NOW);
    const dueAt = { schedulePattern: inSeconds(7_200), scheduleTimezone: inSeconds(22 * 3_600) }[key];
    expect(plan).toMatchObject({ arm: { dueAt, trigger: 'schedule' } });
  });

  it('that makes a task run less often arms from now by the new rule too', () => {
    const soon = resting(inSeconds(30), { heartbeatInterval: 60 });
    expect(decideEdit(soon, { ...soon, heartbeatInterval: 3_600 }, NOW)).toMatchObject({ arm: nextHour });
    const daily = resting(inSeconds(600), { ...EVERY_NOON, schedulePattern: '10 12 * * *' });
    expect(decideEdit(daily, { ...daily, schedulePattern: '10 14 * * *' }, NOW)).toMatchObject({
      arm: { dueAt: inSeconds(7_800) },
    });
    expect(decideEdit(daily, { ...daily, scheduleTimezone: 'America/New_York' }, NOW)).toMatchObject({
      arm: { dueAt: inSeconds(4 * 3_600 + 600) },
    });
  });

  it('of the rule leaves a run with an answer due now', () => {
    const continueTopicId = '66666666-6666-4666-8666-666666666666';
    const answered = resting(NOW, { scheduler: { trigger: 'brief', continueTopicId } });
    const endAt = inSeconds(60);
    const edited = { ...answered, heartbeatInterval: 60, config: { endAt: endAt.toISOString() } };
    expect(decideEdit(answered, edited, NOW)).toMatchObject({
      status: 'scheduled',
      arm: { dueAt: NOW, trigger: 'brief', continueTopicId, endAt },
    });
  });

  it('that gives a one-off task an automation arms it', () => {
    const once = resting(NOW, { automationMode: null });
    expect(decideEdit(once, { ...once, ...EVERY_HOUR }, NOW)).toMatchObject({ arm: nextHour });
  });

  it.each<[string, TaskState, Partial<TaskState>]>([
    [
      'of fields that are not part of the rule',
      before,
      { heartbeatTimeout: 60, config: { pacing: { minSeconds: 1, maxSeconds: 2 } } },
    ],
    ['of a running task: its settlement reads the new rule', running(), { heartbeatInterval: 60 }],
    ['of a paused task', hourly({ status: 'paused' }), { heartbeatInterval: 60 }],
    ['of the last topic of a one-off task', resting(NOW, { automationMode: null }), { maxTopics: 1 }],
  ])('leaves the arm unchanged when it is %s', (_what, state, edit) => {
    expect(decideEdit(state, { ...state, ...edit }, NOW)).toBeNull();
  });
});

describe('a tick while an urgent brief is open', () => {
  it('is replaced by the blocker; the failure count is unchanged', () => {
    const state = resting(NOW, { humanWaiting: true, scheduler: { consecutiveFailures: 2 } });
    const why = { reason: 'human-waiting', supersede: 'repaired' };
    expect(decideBlock(frozen(state))).toMatchObject({ ...waits, ...why, consecutiveFailures: 2 });
  });
});

describe('the repair of a scheduled task with neither arm nor blocker', () => {
  const orphan = (changes: StateChanges = {}) => hourly({ status: 'scheduled', ...changes });

  it.each<[string, TaskState, object]>([
    [
      'a heartbeat task is armed for now',
      orphan({ scheduler: { consecutiveFailures: 2 } }),
      { status: 'scheduled', arm: armedNow, consecutiveFailures: 2, supersede: 'repaired' },
    ],
    ['a cron task is armed for its next time', orphan(EVERY_NOON), { arm: nextNoon }],
    [
      'a one-off task is armed for now',
      orphan({ automationMode: null }),
      { arm: { dueAt: NOW, trigger: 'manual' } },
    ],
    ['an open urgent brief blocks', orphan({ humanWaiting: true }), waits],
    [
      'a blown fuse pauses',
      orphan({ scheduler: { consecutiveFailures: 3 } }),
      { status: 'paused', arm: null, blockedBy: 'fuse', reason: 'fuse' },
    ],
    [
      'a missing interval fails',
      orphan({ heartbeatInterval: null }),
      { status: 'failed', reason: 'no-interval', error: UNARMABLE_MESSAGE },
    ],
    [
      'an unreadable pattern fails',
      orphan({ ...EVERY_NOON, schedulePattern: 'nonsense' }),
      { status: 'failed', reason: 'bad-pattern' },
    ],
    [
      'a pattern without a next date completes',
      orphan({ ...EVERY_NOON, schedulePattern: '0 0 30 2 *' }),
      { status: 'completed', reason: 'no-next-run' },
    ],
    [
      'used-up runs complete',
      orphan({ maxTopics: 1, scheduler: { automationRuns: 1 } }),
      { status: 'completed', reason: 'max-topics' },
    ],
    [
      'a passed end date completes',
      orphan({ config: { endAt: inSeconds(-1).toISOString() } }),
      { status: 'completed', reason: 'end-date' },
    ],
  ])('%s', (_situation, state, plan) => {
    expect(decideRepair(frozen(state), NOW)).toMatchObject(plan);
  });

  it('replaces an arm of a mode that the task no longer has', () => {
    const state = taskState({ ...EVERY_NOON, status: 'scheduled', scheduler: armed(NOW, 'heartbeat') });
    expect(decideRepair(state, NOW)).toMatchObject({ arm: nextNoon });
  });

  it.each(['backlog', 'running', 'paused', 'completed'] as const)(
    'does not apply to a task that is %s',
    (status) => {
      expect(decideRepair(hourly({ status }), NOW)).toBeNull();
    },
  );
});
