import { z } from 'zod';
import { isSameName, MEMORY_DOCUMENT, textBytes } from './documents';
import { LIMITS } from './limits';
import { isStorable } from './text';
import { NOT_STORABLE } from './textSchemas';

const NAME_RULE =
  "must begin with a letter or digit, and have only letters, digits, spaces and . , _ - ( ) & ' after it";

/**
 * A short plain name: never a path, and no two that look alike. Spaces are single, and letters with marks are
 * composed.
 */
export const documentNameSchema = z
  .string()
  .transform((name) => name.normalize('NFC').trim().replace(/\s+/g, ' '))
  .pipe(
    z
      .string()
      .min(1, 'A document needs a name')
      .max(LIMITS.documentNameCharsMax)
      .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,_()&'-]*$/u, NAME_RULE)
      .refine((name) => !name.endsWith('.') && !name.includes('..'), 'must not end with "." or contain ".."'),
  )
  .transform((name) => (isSameName(name, MEMORY_DOCUMENT) ? MEMORY_DOCUMENT : name));

export const documentContentSchema = z
  .string()
  .refine(isStorable, NOT_STORABLE)
  .refine(
    (content) => textBytes(content) <= LIMITS.documentBytesMax,
    `must not be larger than ${LIMITS.documentBytesMax} bytes`,
  );
