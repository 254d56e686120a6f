import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LiveText } from './liveText';

let shown: string[];
let text: LiveText;
beforeEach(() => {
  vi.useFakeTimers();
  shown = [];
  text = new LiveText(
    ({ content }) => shown.push(content),
    (text) => text,
  );
});
afterEach(() => {
  vi.useRealTimers();
});

it('shows what was printed in one batch after a moment, without terminal codes', () => {
  text.add('\u001b[32mone\u001b[0m\ntwo\n');
  text.add('three\n');
  expect(shown).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(shown).toEqual(['one\ntwo\nthree']);
});

it('keeps a line for the next batch that has not ended', () => {
  text.add('one\n\u001b[3');
  vi.advanceTimersByTime(1_000);
  text.add('2mtwo\n');
  vi.advanceTimersByTime(2_000);
  expect(shown).toEqual(['one', 'two']);
});

it('shows nothing of a run that is over before, because its report has it all', () => {
  text.add('one\n');
  text.end({ isStopped: false });
  vi.advanceTimersByTime(10_000);
  expect(shown).toEqual([]);
});

it('shows what a run printed last that was stopped, because it has no report', () => {
  text.add('one\ntwo');
  text.end({ isStopped: true });
  expect(shown).toEqual(['one\ntwo']);
});

it('shows the end of much output, and says how much is left out', () => {
  text.add(`${'x'.repeat(50_000)}\nlast\n`);
  vi.advanceTimersByTime(1_000);
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatch(/^\[… \d+ characters …\]\nx+\nlast$/);
  expect(shown[0]?.length).toBeLessThan(5_000);
});

it('shows output that never ends in fewer and fewer batches', () => {
  const twoHours = setInterval(() => text.add('a line\n'), 100);
  vi.advanceTimersByTime(7_200_000);
  clearInterval(twoHours);
  expect(shown.length).toBeLessThan(200);
  expect(shown.join('').length).toBeLessThan(800_000);
});
