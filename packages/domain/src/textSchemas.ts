import { z } from 'zod';
import { isStorable, storableText } from './text';

export const NOT_STORABLE = 'must be well-formed Unicode without NUL characters';

/**
 * Text that Postgres stores unchanged: refuses NUL, lone surrogates and more than `charsMax` UTF-16 units.
 */
export const storableTextSchema = (charsMax: number) =>
  z.string().max(charsMax).refine(isStorable, NOT_STORABLE);

/** Accepts any text and makes it storable: cleaned, and truncated to `charsMax` UTF-16 units. */
export const truncatedTextSchema = (charsMax: number) =>
  z.string().transform((text) => storableText(text, charsMax));
