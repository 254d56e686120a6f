import { storableText } from '@everbeat/domain';

/** Whatever a reader or a tokenizer may take for the end of a line. */
const LINE_ENDS = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;

/**
 * Controls and format characters (zero-width, bidirectional, tags) and the supplementary variation selectors: they
 * show nothing, so text could hide in them or be reordered by them. A tab and a line feed stay.
 */
const INVISIBLE = /(?![\n\t])(?:\p{Cc}|\p{Cf}|[\u{E0100}-\u{E01EF}])/gu;

/** Text from outside as it may stand inside a block: what can be seen, in lines that end with a line feed. */
export const cleanText = (text: string): string =>
  text.toWellFormed().replace(LINE_ENDS, '\n').replace(INVISIBLE, '').trim();

/** The same, cut to `charsMax` with a mark. */
export const cleanCut = (text: string, charsMax: number): string => storableText(cleanText(text), charsMax);

/** A name as one line in quotes, which it cannot leave. */
export const quoted = (text: string, charsMax: number): string =>
  JSON.stringify(cleanCut(text.replace(/\s+/g, ' '), charsMax));

/** Identifiers stand outside of blocks too, so only what the system itself could have numbered passes. */
export const safeIdentifier = (identifier: string): string =>
  /^[A-Z]{1,8}-\d{1,10}$/.test(identifier) ? identifier : 'T-?';
