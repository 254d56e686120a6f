import { describe, expect, it } from 'vitest';
import { byHand } from '../test/completions';
import { EVERY_NOON, inSeconds, NOW, OTHER_TOKEN, type StateChanges } from '../test/taskStates';
import { previousDueAt, stoppedStill } from './planRest';
import { type SchedulerState, toInstant } from './schedulerState';

const TOMORROW_NOON = inSeconds(86_400);

/** Run by hand while its tick was due at `dueAt`. */
const armedFor = (dueAt: Date, changes: StateChanges = {}, scheduler: Partial<SchedulerState> = {}) =>
  byHand('scheduled', { ...changes, scheduler: { dueAt: toInstant(dueAt), ...scheduler } });
const atNoon = (dueAt: Date, changes: StateChanges = {}, scheduler: Partial<SchedulerState> = {}) =>
  armedFor(dueAt, { ...EVERY_NOON, ...changes }, { trigger: 'schedule', ...scheduler });

describe('after a manual run that says nothing of the loop, a task is due', () => {
  it.each([
    ['as before', armedFor(inSeconds(600)), inSeconds(600)],
    ['now, if that has passed', armedFor(inSeconds(-600)), NOW],
    ['as before, by a pattern', atNoon(TOMORROW_NOON), TOMORROW_NOON],
    ['now, if a time of its pattern has passed', atNoon(inSeconds(-86_400)), NOW],
  ])('%s', (_what, state, dueAt) => {
    expect(previousDueAt(state, NOW)).toEqual({ dueAt, retry: undefined });
  });

  it.each([
    ['the time is none of its pattern', atNoon(inSeconds(600)), TOMORROW_NOON],
    ['the time has passed and is none of its pattern', atNoon(inSeconds(-600)), TOMORROW_NOON],
    ['the time is later than its interval', armedFor(inSeconds(3_601)), inSeconds(3_600)],
    ['its mode was another', armedFor(inSeconds(600), EVERY_NOON), TOMORROW_NOON],
    [
      'it did not rest before the run',
      byHand('paused', { scheduler: { dueAt: toInstant(inSeconds(600)) } }),
      inSeconds(3_600),
    ],
  ])('by its rule, if %s', (_what, state, dueAt) => {
    expect(previousDueAt(state, NOW)).toEqual({ dueAt });
  });

  it('as before, at whatever time its agent chose', () => {
    const config = { pacing: { minSeconds: 60, maxSeconds: 7_200 } };
    expect(previousDueAt(atNoon(inSeconds(600), { config }), NOW)).toMatchObject({ dueAt: inSeconds(600) });
  });

  it('as before, when the next attempt at an occurrence waits, also as long as it may', () => {
    const retry = { occurrence: OTHER_TOKEN, attempt: 2, waitSeconds: 20_000 };
    expect(previousDueAt(atNoon(inSeconds(600), {}, { retry }), NOW)).toEqual({
      dueAt: inSeconds(600),
      retry,
    });
    expect(previousDueAt(armedFor(inSeconds(20_000), {}, { retry }), NOW)).toEqual({
      dueAt: inSeconds(20_000),
      retry,
    });
  });
});

it('only a loop has a fuse', () => {
  const scheduler = { consecutiveFailures: 3, needsPerson: true } as const;
  expect(stoppedStill(byHand('paused', { scheduler }))).toEqual({ blockedBy: 'fuse', needsPerson: true });
  expect(stoppedStill(byHand('paused', { automationMode: null, scheduler }))).toMatchObject({
    blockedBy: null,
  });
});
