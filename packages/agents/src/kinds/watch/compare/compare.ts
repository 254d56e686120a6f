import { withoutAges } from './ages';
import { type Feed, newItems } from './feed';
import { foldedLines } from './fold';
import { jsonChanges } from './jsonTree';
import { type Change, changesIn, type Row, rowsOf } from './lines';
import { type Noise, withoutNoise } from './noise';
import { type Rules, withoutIgnored } from './rules';

/** What was read of a page, in the form in which it is compared. */
export interface Content {
  kind: 'text' | 'json' | 'feed';
  text: string;
  /** The feed that the page is; null for any other page. */
  feed: Feed | null;
}

export interface Comparison {
  changes: Change[];
  /** The lines for the diff. Null: the texts are too different for one. */
  rows: Row[] | null;
}

export interface Terms extends Rules {
  ignorePaths?: readonly string[] | undefined;
  noise: Noise;
  /** What changes by itself counts too. */
  includeNoise?: boolean | undefined;
}

/** The lines that count: folded, without noise and what is ignored. */
export const comparedLines = (text: string, { noise, includeNoise: _, ...rules }: Terms): string[] =>
  withoutIgnored(withoutNoise(foldedLines(text), noise), rules);

/** What differs between a text that was remembered and the page now. */
export function compare(
  before: { text: string; seen: readonly string[] },
  now: Content,
  terms: Terms,
): Comparison {
  if (now.feed !== null) return { changes: wantedItems(newItems(now.feed, before.seen), terms), rows: [] };
  const [old, lines] = [comparedLines(before.text, terms), comparedLines(now.text, terms)];
  const rows = rowsOf(old, lines, { countsAges: terms.includeNoise === true });
  const isTree = now.kind === 'json';
  const found = isTree
    ? jsonChanges(before.text, now.text, [...(terms.ignorePaths ?? []), ...terms.noise.paths])
    : null;
  if (found !== null) {
    const changes = terms.includeNoise ? found : found.filter((change) => !isAge(change));
    return { changes, rows: rowsOf(before.text.split('\n'), now.text.split('\n')) };
  }
  return { changes: rows === null ? newLines(old, lines) : changesIn(rows), rows };
}

const isAge = ({ before, after }: Change): boolean =>
  before !== null && after !== null && withoutAges(before) === withoutAges(after);

function newLines(before: readonly string[], after: readonly string[]): Change[] {
  const known = new Set(before);
  return after.filter((line) => !known.has(line)).map((line) => ({ before: null, after: line }));
}

/** Items are ignored by the texts and patterns of lines. */
function wantedItems(items: readonly Change[], { noise: _, ...rules }: Terms): Change[] {
  return items.filter(({ after }) => after === null || withoutIgnored([after], rules).length > 0);
}
