import { diffArrays } from 'diff';
import { withoutAges } from './ages';
import { wordsOf } from './words';

/** One line of two texts that are compared. */
export interface Row {
  sign: ' ' | '-' | '+';
  text: string;
}

/** One thing that a person would say has changed. */
export interface Change {
  /** Null: it is new. */
  before: string | null;
  /** Null: it is gone. */
  after: string | null;
  /** It is the same at another place. */
  isMoved?: true;
  /** Where it is in a tree, such as `$.items[2].price`. */
  path?: string;
  /** The address of a new item. */
  link?: string;
}

/** The search takes quadratic time in this, and no reader follows more changes. */
const CHANGED_LINES_MAX = 1_200;
/** Lines of a change are paired by their words only where they are so few. */
const PAIRED_LINES_MAX = 60;
/** The part of their words that two versions of a line have in common. */
const SIMILARITY_MIN = 0.4;

/** An entry of a list, or a row of a table, that begins with its number. */
const NUMBERED = /^#?(\d{1,5})([.)]| \||(?<=#\d{1,5})) /;

/**
 * The two texts as one list of rows, or null when they are too different for one. Ages (`ages.ts`) alone make
 * no line another one, unless `countsAges`.
 */
export function rowsOf(
  before: readonly string[],
  after: readonly string[],
  { countsAges = false }: { countsAges?: boolean } = {},
): Row[] | null {
  const keyOf = (line: string): string => withoutNumber(countsAges ? line : withoutAges(line));
  const parts = diffArrays(before.map(keyOf), after.map(keyOf), {
    maxEditLength: CHANGED_LINES_MAX,
  });
  if (parts === undefined) return null;
  const rows: Row[] = [];
  const at = { before: 0, after: 0 };
  /** By how much an entry moved in its list. */
  let shift = 0;
  for (const { added, removed, value } of parts) {
    for (const key of value) {
      const old = added ? undefined : before[at.before++];
      const now = removed ? undefined : after[at.after++];
      if (old !== undefined && now !== undefined) {
        rows.push(...sameRows(old, now, shift));
        if (!NUMBERED.test(now)) shift = 0;
      } else {
        rows.push(now === undefined ? { sign: '-', text: old ?? key } : { sign: '+', text: now });
        if (key.startsWith('#')) shift += now === undefined ? -1 : 1;
      }
    }
  }
  return rows;
}

/** The number of an entry says where it is in its list, and nothing of the entry itself. */
const withoutNumber = (line: string): string => line.replace(NUMBERED, '#$2 ');

/** A line whose number alone differs is the same where entries before it came or went. */
function sameRows(old: string, now: string, shift: number): Row[] {
  const moved = Number(NUMBERED.exec(now)?.[1] ?? 0) - Number(NUMBERED.exec(old)?.[1] ?? 0);
  if (old === now || moved === shift || !NUMBERED.test(now)) return [{ sign: ' ', text: now }];
  return [
    { sign: '-', text: old },
    { sign: '+', text: now },
  ];
}

/** What has changed, with the old and the new version of a line together. */
export function changesIn(rows: readonly Row[]): Change[] {
  const changes: Change[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const close = () => {
    changes.push(...paired(removed, added));
    removed = [];
    added = [];
  };
  for (const { sign, text } of rows) {
    if (sign === ' ') close();
    else if (sign === '-') removed.push(text);
    else added.push(text);
  }
  close();
  return withMoves(changes);
}

/** What is gone from one place and new at another is one change. */
function withMoves(changes: readonly Change[]): Change[] {
  const gone = new Map<string, number>();
  for (const { before, after } of changes)
    if (before !== null && after === null) gone.set(before, (gone.get(before) ?? 0) + 1);
  const take = (counts: Map<string, number>, text: string): boolean => {
    const count = counts.get(text) ?? 0;
    counts.set(text, count - 1);
    return count > 0;
  };
  const moved = new Map<string, number>();
  const marked = changes.map((change): Change => {
    const { before, after } = change;
    if (before !== null || after === null || !take(gone, after)) return change;
    moved.set(after, (moved.get(after) ?? 0) + 1);
    return { before: after, after, isMoved: true };
  });
  return marked.filter(({ before, after }) => before === null || after !== null || !take(moved, before));
}

function paired(removed: readonly string[], added: readonly string[]): Change[] {
  const [old] = removed;
  const [now] = added;
  if (old !== undefined && now !== undefined && removed.length === 1 && added.length === 1)
    return [{ before: old, after: now }];
  const rest = new Set(removed);
  const isShort = Math.max(removed.length, added.length) <= PAIRED_LINES_MAX;
  const changes = added.map((after): Change => {
    const before = isShort ? mostSimilar(after, rest) : null;
    if (before !== null) rest.delete(before);
    return { before, after };
  });
  return [...changes, ...[...rest].map((before): Change => ({ before, after: null }))];
}

function mostSimilar(line: string, others: ReadonlySet<string>): string | null {
  let best: string | null = null;
  let most = SIMILARITY_MIN;
  for (const other of others) {
    const similarity = similarityOf(line, other);
    if (similarity < most) continue;
    best = other;
    most = similarity;
  }
  return best;
}

/** From 0 to 1: the part of the words that two lines have in common. */
function similarityOf(a: string, b: string): number {
  const words = wordsOf(a);
  const others = new Set(wordsOf(b));
  const shared = words.filter((word) => others.has(word)).length;
  return (2 * shared) / (words.length + wordsOf(b).length);
}
