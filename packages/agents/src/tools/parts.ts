import { storableText } from '@everbeat/domain';

/** What a model reads of one answer. Longer texts come in parts. */
export const PART_CHARS = 20_000;

/**
 * A part of a long text, from 1 on, that ends with a paragraph or a line where there is one. Null: there is
 * no such part.
 */
export function partOf(text: string, part: number): { text: string; parts: number } | null {
  const parts = partsOf(text);
  const wanted = parts[part - 1];
  return wanted === undefined ? null : { text: wanted, parts: parts.length };
}

function partsOf(text: string): string[] {
  const parts: string[] = [];
  let rest = storableText(text, Number.MAX_SAFE_INTEGER);
  while (rest.length > PART_CHARS) {
    const end = endOfPart(rest);
    parts.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return rest !== '' || parts.length === 0 ? [...parts, rest] : parts;
}

/** Not in the middle of a word or of a surrogate pair, unless there is nothing else in half a part. */
function endOfPart(text: string): number {
  for (const border of ['\n\n', '\n', ' ']) {
    const at = text.lastIndexOf(border, PART_CHARS - border.length);
    if (at > PART_CHARS / 2) return at + border.length;
  }
  const isPair = /[\uD800-\uDBFF]/.test(text.charAt(PART_CHARS - 1));
  return isPair ? PART_CHARS - 1 : PART_CHARS;
}
