import { expect, it } from 'vitest';
import type { PagePreview } from '../../../pagePreview';
import { withoutSecrets } from './withoutSecrets';

const SECRET = 'sk-0123456789';

/** What a site would send that quotes the secret wherever it can. */
const quoting = (said: string): PagePreview => ({
  url: `https://example.com/?key=${said}`,
  title: said,
  kind: 'json',
  text: said,
  lines: 1,
  chars: 13,
  itemCount: 2,
  notes: [said],
  problems: { selector: said },
  items: [
    { title: said, link: said },
    { title: 'No link', link: null },
  ],
  parts: [{ selector: `[data-key="${said}"]`, label: said, text: said }],
  branches: [
    { path: `$.${said}`, key: said, depth: 1, value: said, entries: null },
    { path: '$', key: '', depth: 0, value: null, entries: 1 },
  ],
  prices: [{ selector: said, text: said, amount: 49.9 }],
  selection: { matches: 1, text: said, problem: said },
});

it('leaves the secrets out of every text of a preview, and the rest as it is', () => {
  expect(withoutSecrets(quoting(SECRET), [SECRET])).toEqual(quoting('[redacted]'));
  expect(withoutSecrets({ ...quoting(SECRET), selection: null }, [SECRET]).selection).toBeNull();
});

it('leaves a preview without secrets as it is', () => {
  expect(withoutSecrets(quoting(SECRET), [])).toEqual(quoting(SECRET));
});
