import { describe, expect, it } from 'vitest';
import { DONE, ended } from '../test/completions';
import { armed, EVERY_HOUR, inSeconds, NOW, operationBy, resting, running } from '../test/taskStates';
import { isSlowed } from './absence';
import { decideEdit, decideLook } from './commandDecisions';
import { decideCompletion } from './completionDecision';
import { isDueTooFar } from './planRest';
import { toInstant } from './schedulerState';
import { withAbsence } from './slowerBeat';
import type { TaskState } from './taskState';

const DAY = 86_400;
const TEN_MINUTES = { ...EVERY_HOUR, heartbeatInterval: 600 };
const daysAgo = (days: number): Date => inSeconds(-days * DAY);
const since = (days: number) => ({ absence: { since: toInstant(daysAgo(days)) } });

/** Running every ten minutes, with something that lies unread since so many days. */
const unreadFor = (days: number, changes: Parameters<typeof running>[0] = {}): TaskState =>
  running({
    ...TEN_MINUTES,
    hasUnread: true,
    ...changes,
    scheduler: { ...since(days), ...changes.scheduler },
  });

const settled = (state: TaskState, completion = DONE, afterDays = 14, now = NOW) =>
  withAbsence(state, decideCompletion(state, completion, now), afterDays, now);
const waitOf = (state: TaskState, completion = DONE): number =>
  ((settled(state, completion).arm?.dueAt.getTime() ?? 0) - NOW.getTime()) / 1_000;

describe('the next beat of a task at which nobody looks', () => {
  it.each([
    ['not yet after 13 days', 13.9, 600],
    ['after two weeks, the double', 14, 1_200],
    ['three days later, the double again', 17, 2_400],
    ['after 26 days', 26, 600 * 2 ** 5],
    ['once a day in the end', 40, DAY],
    ['once a day after a year', 400, DAY],
  ])('%s', (_when, days, seconds) => {
    expect(waitOf(unreadFor(days))).toBe(seconds);
  });

  it.each<[string, TaskState]>([
    ['nothing of it lies unread', unreadFor(30, { hasUnread: false })],
    ['its person looked at it last week', unreadFor(30, { seenAt: daysAgo(7) })],
    ['it is to keep its rhythm', unreadFor(30, { config: { absence: 'keep' } })],
  ])('is by the rule if %s', (_why, state) => {
    expect(waitOf(state)).toBe(600);
    expect(settled(state).tellsAbsence).not.toBe(true);
  });

  it('is by the rule where no task is to be slowed down', () => {
    expect(settled(unreadFor(30), DONE, 0).arm?.dueAt).toEqual(inSeconds(600));
  });

  it.each([DAY, 7 * DAY])('stays as it is where it comes after %i seconds anyway', (heartbeatInterval) => {
    const state = unreadFor(60, { heartbeatInterval });
    expect(settled(state).arm).toEqual({ dueAt: inSeconds(heartbeatInterval), trigger: 'heartbeat' });
    expect(settled(state).tellsAbsence).toBe(false);
  });

  it('comes later than an agent asks for as well', () => {
    const paced = unreadFor(14, { config: { pacing: { minSeconds: 60, maxSeconds: 900 } } });
    expect(waitOf(paced, ended({ nextRunInSeconds: 900 }))).toBe(1_800);
  });

  it('does not pass the end date, which would end the task early', () => {
    const endAt = toInstant(inSeconds(3_000));
    expect(waitOf(unreadFor(40, { config: { endAt } }))).toBe(600);
  });

  it('is a further attempt as soon as ever after a failure of the far side', () => {
    const failed = ended({ status: 'error', errorCode: 'unreachable', failureClass: 'transient' });
    const { arm, absence } = settled(unreadFor(40, { scheduler: since(40) }), failed);
    expect(arm?.retry?.attempt).toBe(2);
    expect(arm?.dueAt.getTime()).toBeLessThan(inSeconds(120).getTime());
    expect(absence?.since).toBe(toInstant(daysAgo(40)));
  });
});

describe('a cron task at which nobody looks', () => {
  const cron = (schedulePattern: string, slot: Date, days: number): TaskState =>
    unreadFor(days, {
      automationMode: 'schedule',
      heartbeatInterval: null,
      schedulePattern,
      scheduleTimezone: 'UTC',
      operation: operationBy('schedule'),
      scheduler: { ...since(days), ...armed(slot, 'schedule'), tickToken: null },
    });
  const at = (time: string): Date => new Date(`2026-06-01T${time}.000Z`);
  const nextOf = (state: TaskState, now: Date) => settled(state, DONE, 14, now).arm?.dueAt.toISOString();

  it('passes over times and stays on the others, however long its run took', () => {
    expect(nextOf(cron('*/10 * * * *', at('12:00:00'), 14), at('12:00:40'))).toBe('2026-06-01T12:20:00.000Z');
    expect(nextOf(cron('*/10 * * * *', at('12:00:00'), 17), at('12:03:00'))).toBe('2026-06-01T12:40:00.000Z');
    expect(nextOf(cron('*/10 * * * *', at('12:00:00'), 60), at('12:00:40'))).toBe('2026-06-02T12:00:00.000Z');
  });

  it('takes the next time there is where its pattern has none after a day', () => {
    // 2026-06-05 is a Friday.
    const friday = new Date('2026-06-05T09:00:00.000Z');
    const state = cron('0 9-17 * * 1-5', friday, 60);
    const later = { ...state, scheduler: { ...state.scheduler, ...since(60) } };
    expect(nextOf(later, friday)).toBe('2026-06-08T09:00:00.000Z');
  });

  it.each(['0 12 * * *', '0 12 * * 1'])('keeps the times of %s, which are a day apart or more', (pattern) => {
    expect(settled(cron(pattern, NOW, 60)).arm?.dueReason).toBeUndefined();
  });
});

describe('what is remembered and told', () => {
  it('begins to count with the first beat that finds something unread, and from each look', () => {
    expect(settled(running({ hasUnread: true })).absence).toEqual({ since: toInstant(NOW) });
    expect(settled(unreadFor(13, { seenAt: daysAgo(2) })).absence).toEqual(since(2).absence);
    expect(settled(unreadFor(13, { hasUnread: false })).absence).toBeNull();
  });

  it('does not count the days of a clock that was ahead', () => {
    expect(settled(unreadFor(-30)).absence).toEqual({ since: toInstant(NOW) });
  });

  it('tells once, until somebody has looked', () => {
    const first = settled(unreadFor(14));
    expect(first).toMatchObject({ tellsAbsence: true, arm: { dueReason: 'absence' } });
    const scheduler = { absence: { ...since(17).absence, slowed: true as const } };
    expect(settled(unreadFor(17, { scheduler }))).toMatchObject({
      tellsAbsence: false,
      absence: { slowed: true },
    });
    expect(settled(unreadFor(17, { scheduler, seenAt: daysAgo(15) })).tellsAbsence).toBe(true);
  });
});

describe('a look at a task that is slowed down', () => {
  const absence = { since: toInstant(daysAgo(40)), slowed: true as const };
  const slowed = (changes: Parameters<typeof resting>[1] = {}) =>
    resting(inSeconds(20 * 3_600), { ...TEN_MINUTES, hasUnread: true, scheduler: { absence }, ...changes });

  it('brings the old rhythm back at once', () => {
    expect(decideLook(slowed(), NOW)).toMatchObject({
      status: 'scheduled',
      reason: 'looked-at',
      supersede: 'looked-at',
      absence: null,
      arm: { dueAt: inSeconds(600), trigger: 'heartbeat' },
    });
  });

  it('does so also where a clock that was years ahead has slowed it down', () => {
    const ahead = { since: toInstant(inSeconds(9 * 365 * DAY)), slowed: true as const };
    const state = slowed({ scheduler: { absence: ahead }, seenAt: daysAgo(1) });
    expect(decideLook(state, NOW)?.arm?.dueAt).toEqual(inSeconds(600));
    expect(isDueTooFar(state, NOW), 'and the watchdog does without a look').toBe(true);
  });

  it('keeps what had gone wrong, as no look says anything of that', () => {
    const plan = decideLook(
      slowed({ error: 'It broke', scheduler: { absence, consecutiveFailures: 2 } }),
      NOW,
    );
    expect(plan).toMatchObject({ error: 'It broke', consecutiveFailures: 2 });
  });

  it.each<[string, TaskState]>([
    ['it is due soon enough anyway', resting(inSeconds(300), { ...TEN_MINUTES, scheduler: { absence } })],
    ['it is not slowed down', resting(inSeconds(600), TEN_MINUTES)],
    ['it runs', unreadFor(40, { scheduler: { absence } })],
  ])('changes nothing if %s', (_why, state) => {
    expect(decideLook(state, NOW)).toBeNull();
  });

  it('is not needed for the watchdog to see that the due time is too far, once it was recorded', () => {
    expect(isDueTooFar(slowed(), NOW)).toBe(false);
    expect(isDueTooFar(slowed({ seenAt: daysAgo(1) }), NOW)).toBe(true);
    expect(isSlowed(slowed({ seenAt: daysAgo(1) }))).toBe(false);
  });

  it('is a run by hand as well, whatever becomes of it', () => {
    const failed = ended({ status: 'error', errorMessage: 'It broke' });
    const late = { absence, dueAt: toInstant(inSeconds(20 * 3_600)) };
    const state = unreadFor(40, { operation: operationBy('manual'), scheduler: late });
    for (const end of [DONE, failed]) {
      expect(settled(state, end).arm?.dueAt).toEqual(inSeconds(600));
      expect(settled(state, end).absence).toEqual({ since: toInstant(NOW) });
      expect(settled({ ...state, hasUnread: false }, end).arm?.dueAt).toEqual(inSeconds(600));
    }
  });

  it('is what an edit does, too, that lets the task keep its rhythm', () => {
    const edited = slowed({ config: { absence: 'keep' } });
    expect(decideEdit(slowed(), edited, NOW)?.arm?.dueAt).toEqual(inSeconds(600));
  });
});
