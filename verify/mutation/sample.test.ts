import { expect, test } from 'vitest';
import { isInSample, isTried, NOT_IN_SAMPLE, wilsonInterval } from './sample';

const change = (line: number) => ({
  fileName: '/project/src/a.ts',
  location: { start: { line, column: 1 } },
  replacement: 'true',
});
const LINES = Array.from({ length: 1_000 }, (_, line) => line);
const chosen = (percent: number, seed: number) =>
  LINES.filter((line) => isInSample({ percent, seed }, change(line)));

test('a sample has about as many changes as asked for, and a larger one contains it', () => {
  expect(chosen(20, 1).length).toBeGreaterThan(150);
  expect(chosen(20, 1).length).toBeLessThan(250);
  expect(chosen(50, 1)).toEqual(expect.arrayContaining(chosen(20, 1)));
  expect(chosen(100, 1)).toEqual(LINES);
});

test('each seed gives another sample, the same one in every copy of the project', () => {
  expect(chosen(20, 1)).not.toEqual(chosen(20, 2));
  const copy = { ...change(7), fileName: '/tmp/copy/src/a.ts' };
  expect(isInSample({ percent: 50, seed: 1 }, copy)).toBe(isInSample({ percent: 50, seed: 1 }, change(7)));
});

test('what no test reaches is chosen as if a runner had been asked to try it', () => {
  const sample = { percent: 50, seed: 1 };
  const reported = (line: number) => ({
    id: '1',
    mutatorName: 'x',
    fileName: '/project/src/a.ts',
    replacement: 'true',
    location: { start: { line: line + 1, column: 2 }, end: { line: line + 1, column: 9 } },
  });
  const uncovered = LINES.filter((line) => isTried(sample, { ...reported(line), status: 'NoCoverage' }));
  expect(uncovered).toEqual(chosen(50, 1));
  const passedOver = { ...reported(1), status: 'RuntimeError' as const, statusReason: NOT_IN_SAMPLE };
  expect(isTried(sample, passedOver)).toBe(false);
  expect(isTried(sample, { ...reported(1), status: 'Killed' })).toBe(true);
});

test('the interval is that of Wilson', () => {
  const { from, to } = wilsonInterval(80, 100);
  expect(from).toBeCloseTo(71.1, 1);
  expect(to).toBeCloseTo(86.7, 1);
  expect(wilsonInterval(0, 0)).toEqual({ from: 0, to: 100 });
});
