import { describe, expect, it } from 'vitest';
import {
  armed,
  EVERY_HOUR,
  EVERY_NOON,
  frozen,
  inSeconds,
  NOW,
  OTHER_TOKEN,
  type StateChanges,
  TOKEN,
  taskState,
} from '../test/taskStates';
import { decideEdit, decideRearm } from './commandDecisions';
import { LIMITS } from './limits';
import { isDueTooFar } from './planRest';

const PACED = { config: { pacing: { minSeconds: 60, maxSeconds: 7_200 } } };
const YEARLY = { ...EVERY_NOON, schedulePattern: '0 12 1 6 *' };
const LEAP_DAY = { ...EVERY_NOON, schedulePattern: '0 0 29 2 *' };
const DAY = 86_400;

const armedFor = (dueAt: Date, changes: StateChanges) =>
  frozen(
    taskState({
      status: 'scheduled',
      ...changes,
      scheduler: { ...armed(dueAt, changes.automationMode ?? 'manual'), ...changes.scheduler },
    }),
  );

describe('a due time further ahead than its rule allows from now', () => {
  it.each<[string, Date, StateChanges]>([
    ['a heartbeat after its interval', inSeconds(3_600), EVERY_HOUR],
    ['a cron task at its next time', inSeconds(DAY), EVERY_NOON],
    ['a yearly cron task in a year', inSeconds(365 * DAY), YEARLY],
    ['a cron task of 29 February', new Date('2028-02-29T00:00:00.000Z'), LEAP_DAY],
    ['a heartbeat that its agent paces', inSeconds(7_200), { ...EVERY_HOUR, ...PACED }],
    [
      'a cron task that its agent paces',
      inSeconds(7_200),
      { ...EVERY_NOON, schedulePattern: '* * * * *', ...PACED },
    ],
    ['a one-off task now', NOW, {}],
    ['a one-off task that an answer wakes', inSeconds(10), { scheduler: { trigger: 'brief' } }],
    ['a one-off task whose `pacing` is left from a loop', NOW, PACED],
  ])('is not that of %s, but a second later is', (_what, dueAt, changes) => {
    expect(isDueTooFar(armedFor(dueAt, changes), NOW, 0)).toBe(false);
    expect(isDueTooFar(armedFor(inSeconds(1, dueAt), changes), NOW, 0)).toBe(true);
  });

  it('is not that of an answer just before the next time of a cron task', () => {
    const justBefore = inSeconds(-3);
    expect(isDueTooFar(armedFor(inSeconds(10, justBefore), EVERY_NOON), justBefore, 0)).toBe(false);
    expect(isDueTooFar(armedFor(inSeconds(11, justBefore), EVERY_NOON), justBefore, 0)).toBe(true);
  });

  it('may be so by as much as clocks of hosts differ', () => {
    expect(isDueTooFar(armedFor(inSeconds(3_630), EVERY_HOUR), NOW, 30_000)).toBe(false);
    expect(isDueTooFar(armedFor(inSeconds(3_631), EVERY_HOUR), NOW, 30_000)).toBe(true);
  });

  it('is left to its tick if the rule gives no time, up to the longest interval that a rule may have', () => {
    const noInterval = { automationMode: 'heartbeat', heartbeatInterval: null } as const;
    const longest = inSeconds(LIMITS.heartbeatSecondsMax);
    expect(isDueTooFar(armedFor(longest, noInterval), NOW, 0)).toBe(false);
    const tooFar = armedFor(inSeconds(1, longest), noInterval);
    expect(isDueTooFar(tooFar, NOW, 0)).toBe(true);
    expect(decideRearm(tooFar, NOW, 0)).toMatchObject({ status: 'failed', reason: 'no-interval', arm: null });
  });

  it.each<[string, StateChanges, Date]>([
    ['a heartbeat after one interval', EVERY_HOUR, inSeconds(3_600)],
    ['a cron task at its next time', EVERY_NOON, inSeconds(DAY)],
    ['a one-off task now', {}, NOW],
  ])('is repaired: %s', (_what, changes, dueAt) => {
    const plan = decideRearm(armedFor(inSeconds(9 * 365 * DAY), changes), NOW, 0);
    expect(plan).toMatchObject({
      status: 'scheduled',
      reason: 'repaired',
      supersede: 'repaired',
      arm: { dueAt },
    });
  });

  it('lies beyond the wait of a further attempt, and is repaired by the same wait, counted anew', () => {
    const retry = { occurrence: TOKEN, attempt: 2, waitSeconds: 20_000 };
    const waiting = (dueAt: Date) => armedFor(dueAt, { ...EVERY_HOUR, scheduler: { retry } });
    expect(isDueTooFar(waiting(inSeconds(20_000)), NOW, 0)).toBe(false);
    expect(isDueTooFar(waiting(inSeconds(20_001)), NOW, 0)).toBe(true);
    expect(decideRearm(waiting(inSeconds(9 * 365 * DAY)), NOW, 0)).toMatchObject({
      arm: { dueAt: inSeconds(20_000), retry },
    });
  });

  it.each([
    ['a one-off', {}],
    ['a task with automation', EVERY_HOUR],
  ])('of a run with an answer is repaired by a run with the answer now: %s', (_what, rule) => {
    const answered = { trigger: 'brief', continueTopicId: OTHER_TOKEN } as const;
    const { arm } =
      decideRearm(armedFor(inSeconds(9 * 365 * DAY), { ...rule, scheduler: answered }), NOW, 0) ?? {};
    expect(arm).toMatchObject({ dueAt: NOW, ...answered });
  });

  it('is repaired by a blocker while an urgent brief waits', () => {
    const state = armedFor(inSeconds(9 * DAY), { ...EVERY_HOUR, humanWaiting: true });
    expect(decideRearm(state, NOW, 0)).toMatchObject({ arm: null, blockedBy: 'urgent-brief' });
  });

  it('is none of a running task, which has no arm', () => {
    const far = inSeconds(9 * 365 * DAY);
    const claimed = armedFor(far, { ...EVERY_HOUR, scheduler: { tickToken: null } });
    expect(isDueTooFar(claimed, NOW, 0)).toBe(false);
    expect(isDueTooFar(armedFor(far, { scheduler: { dueAt: null } }), NOW, 0)).toBe(false);
  });

  it('of a loop that was taken away by hand is repaired by a run now', () => {
    const once = armedFor(inSeconds(9 * 365 * DAY), { scheduler: { trigger: 'heartbeat' } });
    expect(decideRearm(once, NOW, 0)).toMatchObject({ status: 'scheduled', arm: { dueAt: NOW } });
  });

  it('of a task that does not rest is left', () => {
    const far = armedFor(inSeconds(9 * 365 * DAY), { ...EVERY_HOUR, status: 'paused' });
    expect(decideRearm(far, NOW, 0)).toBeNull();
  });

  it('is the only one that is repaired', () => {
    expect(decideRearm(armedFor(inSeconds(365 * DAY), YEARLY), NOW, 0)).toBeNull();
    expect(decideRearm(taskState({ ...EVERY_HOUR, status: 'paused' }), NOW, 0)).toBeNull();
  });

  it('is not left by an edit: a shorter `pacing` re-arms', () => {
    const before = armedFor(inSeconds(7_200), { ...EVERY_HOUR, ...PACED });
    expect(decideEdit(before, { ...before }, NOW)).toBeNull();
    expect(decideEdit(before, { ...before, config: {} }, NOW)).toMatchObject({
      arm: { dueAt: inSeconds(3_600) },
    });
  });

  it('is not left by an edit of the end date', () => {
    const before = armedFor(inSeconds(9 * 365 * DAY), EVERY_HOUR);
    expect(decideEdit(before, { ...before, maxTopics: 100 }, NOW)).toMatchObject({
      arm: { dueAt: inSeconds(3_600) },
    });
  });
});
