/** Words of our own as a list of SQL literals: `'a', 'b'`. Never for text from outside. */
export const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');
