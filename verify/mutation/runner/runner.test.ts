import { expect, test } from 'vitest';
import { shareHooks } from './coverage';
import { fileOfTest, testId } from './messages';
import { orderFiles } from './orderFiles';
import { limitTime, stryker } from './strykerNamespace';

test('an id of a test names its file, and its groups', () => {
  const id = testId('src/a.test.ts', ['a group', 'a test of issue #1']);
  expect(id).toBe('src/a.test.ts#a group > a test of issue #1');
  expect(fileOfTest(id)).toBe('src/a.test.ts');
});

test('what a file does beside its tests counts for each of them', () => {
  const perTest = { 'a#': { 1: 2 }, 'a#one': { 1: 1, 2: 1 }, 'b#': { 3: 1 }, 'b#two': {} };
  const files = [
    { hooks: 'a#', tests: ['a#one', 'a#silent'] },
    { hooks: 'b#', tests: ['b#two'] },
  ];
  expect(shareHooks({ static: { 4: 1 }, perTest }, files)).toEqual({
    static: { 4: 1 },
    perTest: { 'a#one': { 1: 3, 2: 1 }, 'a#silent': { 1: 2 }, 'b#two': { 3: 1 } },
  });
});

test('the file whose tests take the least time runs first; each test may take five times as long, and 10 s', () => {
  const durations = { 'slow#one': 500, 'quick#one': 1, 'quick#two': 1, 'middle#one': 30 };
  expect(orderFiles(['slow#one', 'quick#two', 'middle#one', 'quick#one'], durations)).toEqual([
    { file: 'quick', tests: ['quick#two', 'quick#one'], testTimeoutMs: 10_005 },
    { file: 'middle', tests: ['middle#one'], testTimeoutMs: 10_150 },
    { file: 'slow', tests: ['slow#one'], testTimeoutMs: 12_500 },
  ]);
});

test('a loop in changed code ends when its test takes too long, also one that catches the error', () => {
  const ask = (): string | undefined => stryker.activeMutant;
  let errors = 0;
  limitTime(0);
  while (errors < 3) {
    try {
      ask();
    } catch {
      errors += 1;
    }
  }
  expect(ask).toThrow('The test takes too long');
  limitTime(null);
  expect(ask()).toBeUndefined();
});
