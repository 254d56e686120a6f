import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exampleRequest } from '../../../test/contract';
import { watchKind } from './watchKind';

const runtime = watchKind.createRuntime({
  addressPolicy: { privateAddresses: 'any' },
  secondLookMs: 1,
  browserPath: 'none',
});

let pages: PageServer;
beforeAll(async () => {
  pages = await startPageServer();
  pages.serve('<title>Shop</title><p>Price <input value="19 €"></p>');
});
afterAll(() => pages.close());

/** What version 2 stored of a page, whose fields it did not read. */
const ofVersion2 = () => ({
  version: 2,
  url: pages.url,
  selector: null,
  without: [],
  kind: 'text',
  title: 'Shop',
  text: 'Price',
  hash: '',
  cut: false,
  seen: [],
  noise: { patterns: [], regions: [], paths: [] },
  number: null,
  etag: null,
  lastModified: null,
});
const look = (memory: unknown) => runtime.run(exampleRequest({ config: { url: pages.url }, memory }));

it('of an earlier version is replaced without a brief, because pages were read in another way then', async () => {
  const first = await look(ofVersion2());
  expect(first).toMatchObject({ kind: 'done', content: expect.stringContaining('begins anew') });
  expect(first).not.toHaveProperty('briefs');
  const later = await look(first.kind === 'done' ? first.memory : null);
  expect(later).toMatchObject({ kind: 'done', title: 'No change' });
});

it('of a page that scripts had filled is not compared with what stands there without them', async () => {
  const first = await look(null);
  const memory = first.kind === 'done' ? first.memory : null;
  const rendered = { ...Object(memory), isRendered: true, text: 'Price 19 €\nAdded by a script' };
  const later = await look(rendered);
  expect(later).toMatchObject({ kind: 'done', title: 'Watching Shop' });
  expect(later).not.toHaveProperty('briefs');
});
