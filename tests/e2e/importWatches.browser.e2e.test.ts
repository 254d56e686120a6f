import { type PageServer, startPageServer } from '@everbeat/testkit';
import { strToU8, zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { seriousViolations, sidewaysOverflow } from '../support/app/accessibility';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { visit } from '../support/app/visit';

const SECRET = 'canary-0b6c44';

describe.skipIf(isChromiumMissing())('a person who watched pages with another program', () => {
  let app: App;
  let pages: PageServer;
  let page: Page;

  browserTests(
    // The browser logs the status of a refused file.
    { farSides: async () => ({ pages: await startPageServer() }), expects: /status of 400/ },
    (world) => {
      ({ app, pages, page } = world);
    },
  );

  const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const backup = () =>
    zipSync({
      'url-watches.json': strToU8(
        JSON.stringify({
          watching: {
            a: { url: `${pages.url}/tides`, title: 'Tides', headers: { 'X-Key': SECRET }, tags: ['x'] },
            b: { url: `${pages.url}/ferry`, title: 'Ferry', paused: true },
            c: { url: `${pages.url}/post`, title: 'Form', method: 'POST' },
          },
          settings: {},
        }),
      ),
    });
  const choose = async (name: string, bytes: Uint8Array) => {
    const buffer = Buffer.from(bytes);
    await page.getByLabel('A file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  };

  test('sees what is in a file, imports it, and may undo that', async () => {
    pages.serve('<title>Tides</title><p>High water at nine</p>', '/tides');
    await visit(page, '/tasks');
    await page.getByRole('link', { name: 'import watches' }).click();
    await page.getByRole('heading', { name: 'Import watches' }).waitFor();
    await page.getByRole('button', { name: 'Show what would be imported' }).click();
    await seen('Paste an address, or choose a file');
    await choose('photo.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff));
    await seen(/The file is no text in UTF-8/);

    await choose('changedetection-backup.zip', backup());
    await seen(/a backup of changedetection\.io with 3 watches\. 1 cannot be imported/);
    await seen('It is asked for with POST; watches ask with GET alone.');
    await seen('Tags: Everbeat has none.');
    await page.getByText('Carried over (1)', { exact: true }).click();
    await seen('Headers: X-Key');
    expect(await page.content()).not.toContain(SECRET);
    expect(await seriousViolations(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await takePicture(page, 'import-1-preview');

    await page.getByRole('button', { name: 'Import 2 watches' }).click();
    await seen(/2 watches imported/);
    await takePicture(page, 'import-2-done');
    await page.getByRole('link', { name: 'Tides' }).click();
    await page.getByRole('heading', { name: 'Tides', level: 1 }).waitFor();
    await seen('Watching Tides');
    expect(pages.visits[0]?.headers).toMatchObject({ 'x-key': SECRET });
    expect(await page.content()).not.toContain(SECRET);

    await visit(page, '/tasks/import');
    await choose('changedetection-backup.zip', backup());
    await seen('All of them are watched already, so none is chosen.');
    await page.getByLabel('Ferry').check();
    await page.getByRole('button', { name: 'Import 1 watch' }).click();
    await page.getByRole('button', { name: 'Undo this import' }).click();
    await page.getByRole('button', { name: 'Delete 1 watch' }).click();
    await page.getByRole('button', { name: 'Show what would be imported' }).waitFor();
    const { items } = await app.trpc.task.list.query({});
    expect(items.map(({ name, status }) => [name, status])).toEqual([
      ['Ferry', 'paused'],
      ['Tides', 'scheduled'],
    ]);

    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'All watches (JSON)' }).click();
    expect((await download).suggestedFilename()).toBe('everbeat-watches.json');
  });
});
