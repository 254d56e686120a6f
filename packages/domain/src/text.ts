/**
 * Makes text from outside storable: Postgres takes neither NUL nor lone surrogates in text and jsonb. Cut to
 * `charsMax` UTF-16 units, with a mark where something was cut.
 */
export function storableText(text: string, charsMax: number): string {
  const clean = text.replaceAll('\u0000', '').toWellFormed();
  if (clean.length <= charsMax) return clean;
  return `${clean.slice(0, Math.max(0, charsMax - 1)).toWellFormed()}…`;
}

/** Whether Postgres takes a text as it is, in text and in jsonb. */
export const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

/** Whether Postgres takes a value as jsonb: its texts and keys as they are, and not deeper than can be written and read. */
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

/** Whether a text can be asked for in a uuid column; what cannot names no row. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** The first non-empty line, without Markdown heading marks: a name for what has none. */
export function firstLine(text: string, charsMax: number): string {
  const line = text
    .split('\n')
    .map((candidate) => candidate.replace(/^[#>*\s-]+/, '').trim())
    .find((candidate) => candidate.length > 0);
  return storableText(line ?? '', charsMax);
}
