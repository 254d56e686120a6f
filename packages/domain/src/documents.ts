import { z } from 'zod';
import { LIMITS } from './limits';
import type { Author } from './status';
import { isStorable } from './text';
import { NOT_STORABLE } from './textSchemas';

/** The document whose text every run of its task reads in its prompt. */
export const MEMORY_DOCUMENT = 'Memory';

/** A version of a document of a task, without its text. */
export interface DocumentHead {
  taskId: string;
  name: string;
  /** Counts from 1. */
  version: number;
  /** The length of its text in UTF-8. */
  bytes: number;
  updatedAt: Date;
  updatedBy: Author;
  /** The run that wrote it. Null: a person did. */
  operationId: string | null;
  /** The number of that run. Null: a person wrote it, or the run is no longer stored. */
  runNumber: number | null;
}

export interface DocumentView extends DocumentHead {
  /** Markdown of an agent or a person: untrusted. */
  content: string;
}

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

/** Agents do not always write a name with the same capital letters. */
export const isSameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The length of a text in UTF-8. */
export const textBytes = (text: string): number => new TextEncoder().encode(text).length;

export const documentContentSchema = z
  .string()
  .refine(isStorable, NOT_STORABLE)
  .refine(
    (content) => textBytes(content) <= LIMITS.documentBytesMax,
    `must not be larger than ${LIMITS.documentBytesMax} bytes`,
  );

/** The name of the file that a document is downloaded as. */
export const documentFileName = (name: string): string =>
  name.toLowerCase().endsWith('.md') ? name : `${name}.md`;
