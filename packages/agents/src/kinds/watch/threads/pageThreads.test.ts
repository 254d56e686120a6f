import { describe, expect, it } from 'vitest';
import { exampleLook } from '../../../../test/looks';
import { readPage } from '../reading/readPage';
import { doInThisThread, laterLookBounded, readPageBounded } from './pageThreads';

const NEVER = new AbortController().signal;
const WHOLE = { selector: null, without: [] };
const part = (selector: string) => ({ selector, without: [] });
const html = (source: string) => ({
  bytes: Buffer.from(source),
  isCut: false,
  contentType: 'text/html',
  host: 'shop.example',
});

/**
 * Within all bounds on size and depth, but the selector searches the whole page below each of many ancestors.
 */
const HOSTILE_PAGE = html(`${'<div>'.repeat(300)}<b>${'<i></i>'.repeat(5_000)}</b>${'</div>'.repeat(300)}`);
const HOSTILE_SELECTOR = 'div:not(:has(s)) div:not(:has(u)) div:not(:has(p)) i';

describe('readPageBounded', () => {
  it('reads a page as readPage does', async () => {
    const page = html('<title>Boats</title><main><p>Three left</p></main>');
    expect(await readPageBounded(page, WHOLE, NEVER)).toEqual(await readPage(page, WHOLE));
    expect(await readPageBounded(page, part('main'), NEVER)).toEqual(await readPage(page, part('main')));
  });

  it('reports what readPage reports', async () => {
    await expect(readPageBounded(html('<p>Hello</p>'), part('#missing'), NEVER)).rejects.toMatchObject({
      name: 'AgentError',
      code: 'watch_selector_missing',
    });
  });

  it('ends a page that takes too long, while this thread goes on', async () => {
    let turns = 0;
    const counter = setInterval(() => {
      turns += 1;
    }, 20);
    await expect(readPageBounded(HOSTILE_PAGE, part(HOSTILE_SELECTOR), NEVER, 2_000)).rejects.toMatchObject({
      code: 'watch_unreadable',
    });
    clearInterval(counter);
    expect(turns).toBeGreaterThan(20);
    expect(await readPageBounded(html('<p>Hello</p>'), WHOLE, NEVER)).toMatchObject({ text: 'Hello' });
  });

  it('ends when the run is aborted', async () => {
    const run = new AbortController();
    const reading = readPageBounded(HOSTILE_PAGE, part(HOSTILE_SELECTOR), run.signal);
    run.abort(new Error('stopped'));
    await expect(reading).rejects.toThrow('stopped');
  });
});

describe('laterLookBounded', () => {
  it('compares pages that changed throughout, while this thread goes on', async () => {
    const lines = (word: string) =>
      Array.from({ length: 4_000 }, (_, at) => `${word} ${at} of the list`).join('\n');
    let turns = 0;
    const counter = setInterval(() => {
      turns += 1;
    }, 20);
    const ignorePatterns = Array.from({ length: 5 }, (_, at) => `visitor \\d+ of ${at}$`);
    const look = exampleLook(lines('old'), lines('new'), { ignorePatterns });
    expect((await laterLookBounded(look, NEVER)).briefs?.[0]?.title).toContain('changed throughout');
    clearInterval(counter);
    expect(turns).toBeGreaterThan(3);
  });
});

describe('doInThisThread', () => {
  it('reads a page as readPage does, and reports what it reports', async () => {
    const answer = html('<p>Hello</p>');
    const reading = await readPage(answer, WHOLE);
    expect(await doInThisThread({ kind: 'read', answer, part: WHOLE }, 5_000)).toEqual({
      reading,
      outline: null,
    });
    await expect(doInThisThread({ kind: 'read', answer, part: part('#missing') }, 5_000)).rejects.toThrow(
      'Nothing on the page matches',
    );
  });

  it('ends a page that takes too long', async () => {
    const job = { kind: 'read', answer: HOSTILE_PAGE, part: part(HOSTILE_SELECTOR) } as const;
    await expect(doInThisThread(job, 200)).rejects.toThrow('took more than');
  });
});
