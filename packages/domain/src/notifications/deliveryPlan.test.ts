import { describe, expect, test } from 'vitest';
import { LIMITS } from '../limits';
import { type ChannelState, type DueDelivery, planDeliveries } from './deliveryPlan';

const NOW = new Date('2026-06-01T12:00:00Z');
const minutes = (count: number): Date => new Date(NOW.getTime() + count * 60_000);

const CHANNEL: ChannelState = {
  isEnabled: true,
  timezone: 'UTC',
  quietHours: null,
  coolDownMinutes: 10,
  lastHour: [],
  lastOfTask: new Map(),
  failingSince: null,
  unknownBefore: 0,
};

let count = 0;
const due = (change: Partial<DueDelivery> = {}): DueDelivery => {
  count += 1;
  return {
    id: `d${count}`,
    briefId: `b${count}`,
    taskId: `t${count}`,
    kind: 'failed',
    reason: null,
    messageId: null,
    createdAt: NOW,
    rule: 'at-once',
    told: 'yes',
    isSeen: false,
    isResolved: false,
    isMuted: false,
    isTaskDeleted: false,
    ...change,
  };
};

const plan = (deliveries: DueDelivery[], channel: Partial<ChannelState> = {}) =>
  planDeliveries({ ...CHANNEL, ...channel }, deliveries, NOW);

describe('a delivery that is due', () => {
  test('is sent by itself', () => {
    const one = due();
    expect(plan([one])).toEqual({ skips: [], waits: [], message: { ids: [one.id], as: 'single' } });
  });

  test.each([
    ['that the person has seen', { isSeen: true }, 'seen'],
    ['whose brief is answered', { isResolved: true, isSeen: true }, 'resolved'],
    ['of a muted task', { isMuted: true }, 'muted'],
    ['of a deleted task', { isTaskDeleted: true }, 'task-deleted'],
    ['that the rules no longer send', { rule: 'never' }, 'rule'],
    ['of what was never told as failed', { kind: 'recovered', isResolved: true, told: 'no' }, 'not-told'],
  ] as const)('is skipped: one %s', (_what, change, reason) => {
    const one = due(change);
    expect(plan([one])).toEqual({ skips: [{ id: one.id, reason }], waits: [], message: null });
  });

  test('is skipped once its channel is switched off', () => {
    const one = due();
    expect(plan([one], { isEnabled: false }).skips).toEqual([{ id: one.id, reason: 'channel-off' }]);
  });

  test('is sent although it was seen, if a person asks for it, and whatever time it is', () => {
    const one = due({ isSeen: true, isResolved: true, rule: 'never', reason: 'asked' });
    const quiet = { quietHours: { from: '11:00', to: '13:00', urgentPasses: false } };
    expect(plan([one], quiet).message).toEqual({ ids: [one.id], as: 'single' });
  });

  test('that tells a recovery waits while it is open whether the failure was told', () => {
    const one = due({ kind: 'recovered', isResolved: true, told: 'not-yet' });
    expect(plan([one])).toMatchObject({ waits: [{ id: one.id }], message: null });
    expect(plan([{ ...one, told: 'yes' }]).message).toEqual({ ids: [one.id], as: 'single' });
  });
});

describe('in quiet hours', () => {
  const quietHours = { from: '11:00', to: '13:00', urgentPasses: true };

  test('only what needs the person passes, if the channel says so', () => {
    const [asks, fails] = [due({ kind: 'needs-me' }), due()];
    expect(plan([asks, fails], { quietHours })).toEqual({
      skips: [],
      waits: [{ id: fails.id, until: minutes(60), reason: 'quiet-hours' }],
      message: { ids: [asks.id], as: 'single' },
    });
    const strict = { quietHours: { ...quietHours, urgentPasses: false } };
    expect(plan([asks], strict)).toMatchObject({ waits: [{ id: asks.id }], message: null });
  });

  test('a message that is tried again stays whole: what needs the person takes the rest along', () => {
    const [asks, fails] = [due({ kind: 'needs-me', messageId: 'm' }), due({ messageId: 'm' })];
    const whole = { ids: [asks.id, fails.id], as: 'retry' };
    expect(plan([asks, fails], { quietHours })).toEqual({ skips: [], waits: [], message: whole });
  });

  test('what has waited is one message at their end', () => {
    const waited = [due({ reason: 'quiet-hours' }), due({ reason: 'quiet-hours' })];
    expect(plan(waited).message).toEqual({ ids: waited.map(({ id }) => id), as: 'together' });
  });
});

describe('the cool-down of a task', () => {
  const lastOfTask = new Map([['t', minutes(-4)]]);

  test('lets news wait, and then tells them together', () => {
    const [one, other] = [due({ taskId: 't' }), due({ taskId: 't' })];
    expect(plan([one, other], { lastOfTask }).waits).toEqual([
      { id: one.id, until: minutes(6), reason: 'cool-down' },
      { id: other.id, until: minutes(6), reason: 'cool-down' },
    ]);
    expect(plan([one, other]).message).toEqual({ ids: [one.id, other.id], as: 'together' });
  });

  test('holds back nothing that needs the person', () => {
    const one = due({ taskId: 't', kind: 'needs-me' });
    expect(plan([one], { lastOfTask }).message).toEqual({ ids: [one.id], as: 'single' });
  });
});

describe('the digest', () => {
  test('waits for 08:00 in the zone of the person', () => {
    const one = due({ kind: 'change', rule: 'digest' });
    expect(plan([one], { timezone: 'Asia/Tokyo' }).waits).toEqual([
      { id: one.id, until: new Date('2026-06-01T23:00:00Z'), reason: 'digest' },
    ]);
  });

  test('is not waited for where the news were written while the clock was years ahead', () => {
    const inYears = new Date('2035-06-01T12:00:00Z');
    const one = due({ kind: 'change', rule: 'digest', createdAt: inYears });
    expect(plan([one])).toEqual({ skips: [], waits: [], message: { ids: [one.id], as: 'digest' } });
  });

  test('is one message for all tasks, after everything else', () => {
    const yesterday = new Date('2026-05-31T12:00:00Z');
    const changes = [1, 2, 3].map(() => due({ kind: 'change', rule: 'digest', createdAt: yesterday }));
    const now = due();
    expect(plan([...changes, now]).message).toEqual({ ids: [now.id], as: 'single' });
    expect(plan(changes).message).toEqual({ ids: changes.map(({ id }) => id), as: 'digest' });
  });
});

describe('a flood', () => {
  const sent = (messages: number): Date[] =>
    Array.from({ length: messages }, (_, index) => minutes(index - 50));

  test('ends in one message that tells of all the rest', () => {
    const many = Array.from({ length: 41 }, () => due({ kind: 'needs-me' }));
    const { message } = plan(many, { lastHour: sent(LIMITS.messagesPerHourMax - 1) });
    expect(message).toEqual({ ids: many.map(({ id }) => id), as: 'flood' });
  });

  test('waits then until the first message is an hour old', () => {
    const many = [due(), due()];
    const planned = plan(many, { lastHour: sent(LIMITS.messagesPerHourMax) });
    expect(planned.message).toBeNull();
    expect(planned.waits).toEqual(many.map(({ id }) => ({ id, until: minutes(10), reason: 'flood' })));
  });

  test('lets what a person has asked for wait, too, and it is still asked for then', () => {
    const asked = due({ reason: 'asked', isSeen: true });
    const planned = plan([asked], { lastHour: sent(LIMITS.messagesPerHourMax) });
    expect(planned.waits).toEqual([{ id: asked.id, until: minutes(10), reason: 'asked' }]);
  });
});

test('a message that is tried again keeps its deliveries, without what was seen meanwhile', () => {
  const [one, seen, other] = [
    due({ messageId: 'm', reason: 'retry' }),
    due({ messageId: 'm', reason: 'retry', isSeen: true }),
    due({ messageId: 'm', reason: 'retry' }),
  ];
  expect(plan([due(), one, seen, other])).toMatchObject({
    skips: [{ id: seen.id, reason: 'seen' }],
    message: { ids: [one.id, other.id], as: 'retry' },
  });
});

describe('a question that nobody has answered for long', () => {
  const again = due({ kind: 'unanswered', isSeen: true });

  test('is asked again, although the person has seen it, and in quiet hours as what is urgent', () => {
    const quiet = { from: '11:00', to: '13:00' };
    const sent = { ids: [again.id], as: 'single' };
    expect(plan([again]).message).toEqual(sent);
    expect(plan([again], { quietHours: { ...quiet, urgentPasses: true } }).message).toEqual(sent);
    expect(plan([again], { quietHours: { ...quiet, urgentPasses: false } }).waits).toEqual([
      { id: again.id, until: minutes(60), reason: 'quiet-hours' },
    ]);
  });

  test('is not asked again once it is answered', () => {
    expect(plan([{ ...again, isResolved: true }]).skips).toEqual([{ id: again.id, reason: 'resolved' }]);
  });
});

describe('after a message that may not have arrived', () => {
  const unsure = (failedMinutes: number, lastMinutes: number): Partial<ChannelState> => ({
    failingSince: minutes(-failedMinutes),
    unknownBefore: 1,
    lastHour: [minutes(-lastMinutes)],
  });

  test.each([
    ['as long as the channel has failed', 20, 5, 10],
    ['half a minute at least', 0, 0, 0.5],
    ['an hour at most', 300, 10, 50],
  ])('the next one waits %s', (_what, failed, last, wait) => {
    const one = due({ kind: 'needs-me' });
    const waits = [{ id: one.id, until: minutes(wait), reason: 'retry' }];
    expect(plan([one], unsure(failed, last))).toEqual({ skips: [], waits, message: null });
  });

  test('the next one is sent once that is over, or because a person asks', () => {
    const one = due({ kind: 'needs-me' });
    expect(plan([one], unsure(20, 10)).message).toEqual({ ids: [one.id], as: 'single' });
    const asked = { ...one, reason: 'asked' as const };
    expect(plan([asked], unsure(20, 5)).message).toEqual({ ids: [one.id], as: 'single' });
  });

  test('what is known not to have arrived makes no other one wait', () => {
    const one = due();
    expect(plan([one], { ...unsure(20, 5), unknownBefore: 0 }).message).not.toBeNull();
  });
});
