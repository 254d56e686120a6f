import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armed, inSeconds, taskState } from '../test/taskStates';
import { EMPTY_SCHEDULER_STATE, parseSchedulerState, toInstant } from './schedulerState';

describe('what is stored of the scheduler', () => {
  it('is read as it was written', () => {
    const { scheduler } = taskState({ scheduler: { ...armed(inSeconds(60)), consecutiveFailures: 2 } });
    expect(parseSchedulerState(JSON.parse(JSON.stringify(scheduler)))).toEqual(scheduler);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['a text', 'scheduler'],
    ['a list', []],
    ['a token that is no uuid', { tickToken: 'x' }],
    ['a token with a NUL', { tickToken: '11111111-1111-4111-8111-11111111111\u0000' }],
    ['a due time in another zone, whose text is out of order', { dueAt: '2026-06-01T12:00:00.000+02:00' }],
    ['a due time without milliseconds', { dueAt: '2026-06-01T12:00:00Z' }],
    ['a due time on no day', { dueAt: '2026-02-30T12:00:00.000Z' }],
    ['a number for a due time', { dueAt: 0 }],
    ['failures below none', { consecutiveFailures: -1 }],
    ['half a failure', { consecutiveFailures: 0.5 }],
    ['a blocker that there is not', { blockedBy: 'mood' }],
    ['a trigger that there is not', { trigger: 'constructor' }],
  ])('counts as empty when it is %s', (_what, stored) => {
    expect(parseSchedulerState(stored)).toEqual(EMPTY_SCHEDULER_STATE);
  });

  it('fills in what an older version did not write', () => {
    expect(parseSchedulerState({ consecutiveFailures: 2 })).toEqual({
      ...EMPTY_SCHEDULER_STATE,
      consecutiveFailures: 2,
    });
  });

  it('brings no keys of others along, and none of the prototype', () => {
    const hostile = JSON.parse('{"__proto__": {"blockedBy": "fuse"}, "constructor": 1, "other": 2}');
    const parsed = parseSchedulerState(hostile);
    expect(Object.keys(parsed).toSorted()).toEqual(Object.keys(EMPTY_SCHEDULER_STATE).toSorted());
    expect(parsed.blockedBy).toBeNull();
    expect(parseSchedulerState({}).blockedBy).toBeNull();
  });

  it('is empty for whatever else there may be, and never a reason to stop', () => {
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

  it('is in the order of time', () => {
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        expect(toInstant(a) < toInstant(b)).toBe(a.getTime() < b.getTime());
      }),
    );
  });

  it('is read back as a due time', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(parseSchedulerState({ dueAt: toInstant(instant) }).dueAt).toBe(instant.toISOString());
      }),
    );
  });
});
