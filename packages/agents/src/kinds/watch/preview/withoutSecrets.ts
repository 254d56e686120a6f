import { redact } from '@everbeat/outgoing';
import type { PagePreview } from '../../../pagePreview';

/**
 * A preview without the secrets of its request: its texts were cut out of what the site sent, which may quote
 * what it was sent. Each field is written out, so that a new one does not compile before it has its place
 * here.
 */
export function withoutSecrets(preview: PagePreview, secrets: readonly string[]): PagePreview {
  if (secrets.length === 0) return preview;
  const clean = (text: string): string => redact(text, secrets);
  const orNull = (text: string | null): string | null => (text === null ? null : clean(text));
  const { url, title, kind, text, lines, chars, items, itemCount, problems, notes } = preview;
  const { parts, branches, prices, selection } = preview;
  return {
    kind,
    lines,
    chars,
    itemCount,
    url: clean(url),
    title: clean(title),
    text: clean(text),
    notes: notes.map(clean),
    problems: Object.fromEntries(
      Object.entries(problems).map(([name, problem]) => [name, problem && clean(problem)]),
    ),
    items: items.map((item) => ({ title: clean(item.title), link: orNull(item.link) })),
    parts: parts.map((part) => ({
      selector: clean(part.selector),
      label: clean(part.label),
      text: clean(part.text),
    })),
    prices: prices.map(({ amount, ...price }) => ({
      selector: clean(price.selector),
      text: clean(price.text),
      amount,
    })),
    branches: branches.map(({ depth, entries, ...branch }) => ({
      depth,
      entries,
      path: clean(branch.path),
      key: clean(branch.key),
      value: orNull(branch.value),
    })),
    selection: selection && {
      matches: selection.matches,
      text: clean(selection.text),
      problem: orNull(selection.problem),
    },
  };
}
