/**
 * Characters that nobody sees: soft hyphens, zero-width spaces and marks, directions of writing, selectors of
 * a sign's variant, and between Latin letters what keeps them from being joined.
 */
const INVISIBLE =
  /\u034f|[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff]|\ufe0e|\ufe0f|(?<=\p{Script=Latin})\u200c(?=\p{Script=Latin})/gu;

/** Whether nobody would see anything of a text. */
export const isBlank = (text: string): boolean => !/(?!\p{Default_Ignorable_Code_Point})\S/u.test(text);

/** Ligatures, and the sign for a millionth, which is drawn as the letter. */
const LOOKALIKES = /[\ufb00-\ufb06\u00b5]/g;
/** Also the minus sign, which few keyboards have. */
const HYPHENS = /[\u2010\u2011\u2212\ufe63\uff0d]/g;

/**
 * A line as it is compared and shown: what looks the same is the same, however it is encoded. Marks that
 * change what is read, such as the joiners of emoji and Persian, stay.
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
