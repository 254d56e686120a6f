import { describe, expect, test } from 'vitest';
import { askedInstant, defaultOptionOf, silenceText, type Unanswered } from './expiry';
import { LIMITS } from './limits';

const NOW = new Date('2026-06-01T12:00:00.000Z');
const inSeconds = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);
const hours = (count: number): Date => inSeconds(count * 3_600);

describe('the time that an agent asks for', () => {
  test.each([
    ['so many seconds from now', { afterSeconds: 7_200 }, hours(2)],
    ['an instant', { at: '2026-06-01T16:00:00+02:00' }, hours(2)],
    ['an instant, although it names seconds too', { at: '2026-06-01T14:00:00Z', afterSeconds: 60 }, hours(2)],
    ['no time at all, which gives the person a minute', { afterSeconds: 0 }, inSeconds(60)],
    ['an instant that has passed, which does too', { at: '2026-06-01T11:00:00Z' }, inSeconds(60)],
    ['more than the limit', { afterSeconds: 1e9 }, inSeconds(LIMITS.expirySecondsMax)],
  ])('is %s', (_what, asked, expected) => {
    expect(askedInstant(asked, NOW)).toEqual(expected);
  });
});

const QUESTION: Unanswered = {
  actions: [
    { key: 'go', label: 'Go' },
    { key: 'wait', label: 'Wait' },
    { key: 'feedback', label: 'In words' },
    { key: 'page', label: 'On a page', url: 'https://example.com' },
  ],
  expiresAt: hours(24),
  defaultAction: 'wait',
  escalateAt: null,
};

describe('what silence chooses', () => {
  test('is the option of that key', () => {
    expect(defaultOptionOf(QUESTION)).toEqual({ key: 'wait', label: 'Wait' });
  });

  test.each(['feedback', 'page', 'gone', null])('is nothing where the key is %s', (defaultAction) => {
    expect(defaultOptionOf({ ...QUESTION, defaultAction })).toBeNull();
  });
});

describe('what a person reads about it', () => {
  const text = (change: Partial<Unanswered>) =>
    silenceText({ ...QUESTION, ...change }, (at) => `${(at.getTime() - NOW.getTime()) / 3_600_000} o'clock`);

  test.each([
    ['by when and what', {}, "If nobody answers by 24 o'clock, “Wait” is chosen."],
    [
      'that nothing is chosen',
      { defaultAction: null },
      "If nobody answers by 24 o'clock, nothing is chosen, and the agent is told so.",
    ],
    [
      'that it is asked again before',
      { escalateAt: hours(4) },
      "If nobody answers by 4 o'clock, you are asked once more. If nobody answers by 24 o'clock, “Wait” is chosen.",
    ],
    [
      'that it is asked again, and then waits',
      { escalateAt: hours(4), expiresAt: null },
      "If nobody answers by 4 o'clock, you are asked once more.",
    ],
    [
      'nothing of being asked after its end',
      { escalateAt: hours(24) },
      "If nobody answers by 24 o'clock, “Wait” is chosen.",
    ],
    ['nothing where it waits for as long as it takes', { expiresAt: null }, null],
  ])('is %s', (_what, change, expected) => {
    expect(text(change)).toBe(expected);
  });
});
