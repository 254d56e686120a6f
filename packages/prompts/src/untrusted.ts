import { storableText } from '@everbeat/domain';

/** Everything that a reader or a tokenizer may treat as the end of a line. */
const LINE_ENDS = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;

/**
 * Control and format characters (zero-width, bidirectional, tags) and the supplementary variation selectors.
 * They are invisible, so text could be hidden in them or reordered by them. Tab and line feed are not
 * included.
 */
const INVISIBLE = /(?![\n\t])(?:\p{Cc}|\p{Cf}|[\u{E0100}-\u{E01EF}])/gu;

/** Untrusted text as it may appear inside a block: without invisible characters, with `\n` as line end. */
export const cleanText = (text: string): string =>
  text.toWellFormed().replace(LINE_ENDS, '\n').replace(INVISIBLE, '').trim();

/** The same, truncated to `charsMax` UTF-16 units with `…`. */
export const cleanCut = (text: string, charsMax: number): string => storableText(cleanText(text), charsMax);

/** A name on one line as a JSON string, so that it cannot end its own quotes. */
export const quoted = (text: string, charsMax: number): string =>
  JSON.stringify(cleanCut(text.replace(/\s+/g, ' '), charsMax));

/**
 * Identifiers also appear outside of blocks, so anything that is not of the system's own form is replaced.
 */
export const safeIdentifier = (identifier: string): string =>
  /^[A-Z]{1,8}-\d{1,10}$/.test(identifier) ? identifier : 'T-?';
