/** Characters that nobody sees: soft hyphens, zero-width spaces and marks, directions of writing. */
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u2060\u202a-\u202e\u2066-\u2069\ufeff]/g;
/** Ligatures, and the sign for a millionth, which is drawn as the letter. */
const LOOKALIKES = /[\ufb00-\ufb06\u00b5]/g;
const HYPHENS = /[\u2010\u2011]/g;

/**
 * A line as it is compared and shown: what looks the same is the same, however it is encoded. Marks that change
 * what is read, such as the joiners of emoji and Persian, stay.
 */
export const foldLine = (line: string): string =>
  line
    .normalize('NFC')
    .replace(LOOKALIKES, (sign) => sign.normalize('NFKC'))
    .replace(HYPHENS, '-')
    .replace(INVISIBLE, '')
    .replace(/\s+/g, ' ')
    .trim();

/** The lines of a text that say something, folded. */
export const foldedLines = (text: string): string[] =>
  text
    .split('\n')
    .map(foldLine)
    .filter((line) => line !== '');
