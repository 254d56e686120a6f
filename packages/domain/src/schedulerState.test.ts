import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armed, inSeconds, taskState } from '../test/taskStates';
import { EMPTY_SCHEDULER_STATE, parseSchedulerState, toInstant } from './schedulerState';

describe('the stored scheduler state', () => {
  it('is read unchanged', () => {
    const { scheduler } = taskState({ scheduler: { ...armed(inSeconds(60)), consecutiveFailures: 2 } });
    expect(parseSchedulerState(JSON.parse(JSON.stringify(scheduler)))).toEqual(scheduler);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['a text', 'scheduler'],
    ['a list', []],
    ['a token that is not a uuid', { tickToken: 'x' }],
    ['a token with a NUL', { tickToken: '11111111-1111-4111-8111-11111111111\u0000' }],
    [
      'a due time with an offset, whose text order is not time order',
      { dueAt: '2026-06-01T12:00:00.000+02:00' },
    ],
    ['a due time without milliseconds', { dueAt: '2026-06-01T12:00:00Z' }],
    ['a due time on a day that does not exist', { dueAt: '2026-02-30T12:00:00.000Z' }],
    ['a number for a due time', { dueAt: 0 }],
    ['negative failures', { consecutiveFailures: -1 }],
    ['half a failure', { consecutiveFailures: 0.5 }],
    ['an unknown blocker', { blockedBy: 'mood' }],
    ['an unknown trigger', { trigger: 'constructor' }],
  ])('counts as empty when it is %s', (_what, stored) => {
    expect(parseSchedulerState(stored)).toEqual(EMPTY_SCHEDULER_STATE);
  });

  it('fills in what an older version did not write', () => {
    expect(parseSchedulerState({ consecutiveFailures: 2 })).toEqual({
      ...EMPTY_SCHEDULER_STATE,
      consecutiveFailures: 2,
    });
  });

  it('has no other keys, and none of the prototype', () => {
    const hostile = JSON.parse('{"__proto__": {"blockedBy": "fuse"}, "constructor": 1, "other": 2}');
    const parsed = parseSchedulerState(hostile);
    expect(Object.keys(parsed).toSorted()).toEqual(Object.keys(EMPTY_SCHEDULER_STATE).toSorted());
    expect(parsed.blockedBy).toBeNull();
    expect(parseSchedulerState({}).blockedBy).toBeNull();
  });

  it('is empty for any other value, and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), (stored) => {
        expect(Object.keys(parseSchedulerState(stored))).toEqual(Object.keys(EMPTY_SCHEDULER_STATE));
      }),
    );
  });
});

describe('the text of an instant', () => {
  const instants = fc.date({
    min: new Date(0),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });

  it('has milliseconds and Z', () => {
    expect(toInstant(new Date('2026-06-01T14:00:00+02:00'))).toBe('2026-06-01T12:00:00.000Z');
  });

  it('sorts by time', () => {
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        expect(toInstant(a) < toInstant(b)).toBe(a.getTime() < b.getTime());
      }),
    );
  });

  it('is accepted as a due time', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(parseSchedulerState({ dueAt: toInstant(instant) }).dueAt).toBe(instant.toISOString());
      }),
    );
  });
});
