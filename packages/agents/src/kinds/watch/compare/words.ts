import { diffArrays } from 'diff';
import { escapeMarkdown } from '../../../shared/markdown';

interface Part {
  kind: 'same' | 'removed' | 'added';
  words: string[];
}

const WORDS_MAX = 400;

/** The words of a line. A number whose digits are grouped by spaces is one: `1 234,56`. */
export const wordsOf = (line: string): string[] => line.split(/ (?!(?<=\d )\d{3}(?!\d))/);

function partsOf(before: string, after: string): Part[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  if (old.length + now.length > WORDS_MAX) {
    return [
      { kind: 'removed', words: old },
      { kind: 'added', words: now },
    ];
  }
  return diffArrays(old, now).map(({ added, removed, value }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    words: value,
  }));
}

/** A changed line in Markdown: what was there is struck out, what is new is bold. */
export function markedLine(before: string, after: string): string {
  return partsOf(before, after)
    .map(({ kind, words }) => {
      const text = escapeMarkdown(words.join(' '));
      if (kind === 'same' || text === '') return text;
      return kind === 'removed' ? `~~${text}~~` : `**${text}**`;
    })
    .join(' ');
}

/** What belongs to the amount before or after it: a currency, a unit. */
const UNIT = /^(?:[€$£¥₹₽₩]|[A-Z]{3}|kr\.?|zł|Fr\.?|Kč|%|°[CF]?)$/;

/** The words that differ, where they are in one place, with the units beside them. */
export function differingPart(before: string, after: string): { before: string; after: string } | null {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  if (start > 0 && UNIT.test(old[start - 1] ?? '')) start -= 1;
  if (end > 0 && UNIT.test(old.at(-end) ?? '')) end -= 1;
  const part = {
    before: old.slice(start, old.length - end).join(' '),
    after: now.slice(start, now.length - end).join(' '),
  };
  return part.before === '' || part.after === '' ? null : part;
}
