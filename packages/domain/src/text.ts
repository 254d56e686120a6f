/**
 * At most `charsMax` UTF-16 units, ending with `…` where something was left out. What was cut never ends with
 * half a character, so it may be one unit shorter, and is well-formed. A text that fits stays as it is.
 */
export function truncated(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  if (charsMax < 1) return '';
  const kept = text.slice(0, charsMax - 1).replace(/[\ud800-\udbff]$/, '');
  return `${kept.toWellFormed()}…`;
}

/** The same for a line of words, without space before the mark. */
export const truncatedLine = (line: string, charsMax: number): string =>
  line.length <= charsMax ? line : truncated(line, charsMax).replace(/\s+…$/, '…');

/**
 * Makes untrusted text storable: removes NUL and replaces lone surrogates, which Postgres refuses in text and
 * jsonb. Truncates to `charsMax` UTF-16 units, ending with `…`.
 */
export const storableText = (text: string, charsMax: number): string =>
  truncated(text.replaceAll('\u0000', '').toWellFormed(), charsMax);

/** Whether Postgres accepts a text unchanged, in text and in jsonb. */
export const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

/**
 * Whether Postgres accepts a value as jsonb: storable texts and keys, and no deeper than JSON.stringify can
 * handle.
 */
export function isStorableJson(value: unknown): boolean {
  let isFine = true;
  try {
    JSON.stringify(value, (key, part: unknown) => {
      if (!isStorable(key) || (typeof part === 'string' && !isStorable(part))) isFine = false;
      return part;
    });
  } catch {
    return false;
  }
  return isFine;
}

/**
 * Makes JSON that others wrote storable: its texts and keys as by `storableText`, each text at most
 * `charsMax` long. What is nested deeper than any real JSON becomes null.
 */
export function storableJson(value: unknown, charsMax: number, depth = 0): unknown {
  if (typeof value === 'string') return storableText(value, charsMax);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= JSON_DEPTH_MAX) return null;
  if (Array.isArray(value)) return value.map((item: unknown) => storableJson(item, charsMax, depth + 1));
  const fields = Object.entries(value).map(([key, field]: [string, unknown]) => [
    storableText(key, charsMax),
    storableJson(field, charsMax, depth + 1),
  ]);
  return Object.fromEntries(fields);
}

const JSON_DEPTH_MAX = 100;

/** Whether a text can be compared with a uuid column. A text that cannot matches no row. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** The first non-empty line, without Markdown marks at its start: the default for a missing name or title. */
export function firstLine(text: string, charsMax: number): string {
  const line = text
    .split('\n')
    .map((candidate) => candidate.replace(/^[#>*\s-]+/, '').trim())
    .find((candidate) => candidate.length > 0);
  return storableText(line ?? '', charsMax);
}

const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * A short name for what a person wrote: the first sentence of its first line, without its full stop, and cut
 * between words where it is longer than `charsMax`. Empty where there is no text.
 */
export function shortName(text: string, charsMax: number): string {
  const line = firstLine(text, LINE_CHARS_MAX);
  const [first] = SENTENCES.segment(line);
  const sentence = (first?.segment ?? '').trim().replace(/[.。:;,]+$/, '');
  if (sentence.length <= charsMax) return sentence;
  const start = sentence.slice(0, charsMax - 1);
  const words = /\s/.test(sentence.charAt(charsMax - 1)) ? start : start.replace(/\s+\S*$/, '');
  return storableText(`${words.replace(/[\s,;:]+$/, '')}…`, charsMax);
}

/** As much of a line as is looked at for its first sentence. */
const LINE_CHARS_MAX = 1_000;
