import path from 'node:path';
import { createTempFolder } from '@everbeat/testkit';
import { beforeEach, expect, test } from 'vitest';
import { KeptDryRun } from './KeptDryRun';
import type { RunReply } from './messages';

let file: string;
beforeEach(async () => {
  file = path.join(await createTempFolder('dry-run'), 'kept.json');
});

const NOW = { sources: 's1', tests: { 'a.test.ts': 'a1', 'b.test.ts': 'b1' } };
/** Each of these files of tests has one test, which reaches a change. */
const found = (hits: Record<string, string>, failed: string[] = []): Omit<RunReply, 'hitCount'> => ({
  outcomes: Object.keys(hits).map((name) => ({
    id: `${name}#it holds`,
    durationMs: 5,
    failure: failed.includes(name) ? 'expected 1 to be 2' : null,
  })),
  coverage: {
    static: { 9: 1 },
    perTest: Object.fromEntries(Object.entries(hits).map(([name, id]) => [`${name}#it holds`, { [id]: 1 }])),
  },
});

test('a file of tests runs again when it has changed, and what the others have found is kept', async () => {
  const first = await KeptDryRun.read(file, NOW);
  expect(first.stale).toEqual(['a.test.ts', 'b.test.ts']);
  await first.completeWith(found({ 'a.test.ts': '1', 'b.test.ts': '2' }));

  const second = await KeptDryRun.read(file, { ...NOW, tests: { ...NOW.tests, 'b.test.ts': 'b2' } });
  expect(second.stale).toEqual(['b.test.ts']);
  expect(await second.completeWith(found({ 'b.test.ts': '3' }))).toEqual(
    found({ 'a.test.ts': '1', 'b.test.ts': '3' }),
  );
});

test('a file with a test that failed runs again, and everything does when a source has changed', async () => {
  const first = await KeptDryRun.read(file, NOW);
  const whole = await first.completeWith(found({ 'a.test.ts': '1', 'b.test.ts': '2' }, ['b.test.ts']));
  expect(whole.outcomes).toHaveLength(2);
  expect((await KeptDryRun.read(file, NOW)).stale).toEqual(['b.test.ts']);
  expect((await KeptDryRun.read(file, { ...NOW, sources: 's2' })).stale).toEqual(['a.test.ts', 'b.test.ts']);
});
