import type { Author } from './status';

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

/** Agents do not always write a name with the same capital letters. */
export const isSameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The length of a text in UTF-8. */
export const textBytes = (text: string): number => new TextEncoder().encode(text).length;

/** The name of the file that a document is downloaded as. */
export const documentFileName = (name: string): string =>
  name.toLowerCase().endsWith('.md') ? name : `${name}.md`;
