import { RE2JS } from 're2js';

/**
 * A pattern that a person wrote, or that was made of a line. RE2 matches in linear time, so none of them can
 * stop the server; it knows no lookarounds and no references.
 */
export const compilePattern = (pattern: string): RE2JS => RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);

export function isPattern(pattern: string): boolean {
  try {
    compilePattern(pattern);
    return true;
  } catch {
    return false;
  }
}

const escapePattern = (text: string): string => RE2JS.quote(text);

const HAS_DIGITS = /\d/;
const DIGITS = /\d+/g;
/**
 * Words that follow the clock and the calendar, so they change although they did not within a few seconds.
 */
const TIME_WORD =
  /^\p{P}*(?:\d{1,2}[:.]\d{2}(?:[:.]\d{2})?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|(?:19|20)\d\d|[ap]\.?m\.?|(?:sec|second|min|minute|hour|day|week|month)s?|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\p{P}*$/iu;

/**
 * The pattern of a line that was seen in two versions: what differs may be anything, or any number where only
 * digits differ. Null when the two have no word in common, and nothing says what else would fit.
 */
export function patternOf(before: string, after: string): string | null {
  const [old, now] = [before.split(' '), after.split(' ')];
  if (old.length !== now.length) return patternAround(old, now);
  const parts = old.map((word, index) => patternOfWord(word, now[index] ?? ''));
  const isSaid = parts.some((part) => part !== ANYTHING);
  return isSaid ? `^${parts.join(' ')}$` : null;
}

const ANYTHING = '.+';

function patternOfWord(before: string, after: string): string {
  const isSame = before === after;
  if (TIME_WORD.test(before) && TIME_WORD.test(after)) return ANYTHING_OF_TIME;
  if (isSame) return escapePattern(before);
  const isNumber = HAS_DIGITS.test(before) && before.replace(DIGITS, '') === after.replace(DIGITS, '');
  return isNumber ? before.split(DIGITS).map(escapePattern).join('\\d+') : ANYTHING;
}

/** Stands beside other words: "12:03 Uhr". */
const ANYTHING_OF_TIME = '\\S+';

/** Where the number of words differs: the words before and after them are the same. */
function patternAround(old: readonly string[], now: readonly string[]): string | null {
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  if (start + end === 0) return null;
  const head = old.slice(0, start).map((word) => `${escapePattern(word)} ?`);
  const tail = old.slice(old.length - end).map((word) => ` ?${escapePattern(word)}`);
  return `^${head.join('')}.*${tail.join('')}$`;
}
