import { importPreviewSchema } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { explainFile, readAnswer } from './watchFiles';

const row = {
  row: 0,
  name: null,
  url: 'https://example.com/',
  intervalSeconds: 3_600,
  schedule: null,
  isPaused: false,
  carried: [],
  leftOut: ['Tags: news'],
  problem: null,
  duplicate: { identifier: 'T-1', name: 'The news' },
};
const read = (status: number, answer: unknown) =>
  readAnswer(Response.json(answer, { status }), importPreviewSchema);
const problemOf = (status: number, answer: unknown) => read(status, answer).then(() => null, explainFile);

describe('an answer about a file of watches', () => {
  it('is read as the route gives it', async () => {
    const preview = { format: 'list', rows: [row, { ...row, row: 1, duplicate: { row: 0 } }] };
    expect(await read(200, preview)).toEqual(preview);
  });

  it('of another shape is not shown as if it were one', async () => {
    for (const answer of [
      null,
      {},
      { format: 'list' },
      { format: 'list', rows: [{ ...row, carried: null }] },
    ])
      expect(await problemOf(200, answer)).toMatch(/Reload it/);
  });

  it('that refuses the file says why, or at least with what status', async () => {
    expect(await problemOf(400, { error: 'There are no watches in the file.' })).toBe(
      'There are no watches in the file.',
    );
    expect(await problemOf(502, 'Bad gateway')).toBe('The server answered with 502. Try again.');
  });
});
