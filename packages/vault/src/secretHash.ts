import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * The form in which a token is stored that is never shown again and only has to be recognised. It is for
 * random tokens: one that a person has thought of could be guessed from it. Changing the form would make
 * every stored token unknown.
 */
export const hashSecret = (secret: string): string => digest(secret).toString('hex');

/**
 * Compares in a time that says nothing about where the texts differ, nor about their lengths, which hashing
 * hides.
 */
export const isSameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(given), digest(expected));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
