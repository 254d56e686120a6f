import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';

/**
 * The prompts of a task's runs are nearly the same, and most of their text is in the database already. A
 * recipe is what remains of a prompt: its short lines, and for each longer text a hash by which it is found
 * again.
 */

/** Shorter texts stand in the recipe itself. */
const PART_CHARS_MIN = 120;
/** Stands for the boundary of the fences, which is another one in every prompt. No text contains it. */
const BOUNDARY = '\u0001';
const HASH_CHARS = 16;
const CUT = '…';

/** Texts that may change later are stored; those of the history are found in its rows. */
const STORED_LABELS =
  /^(instruction|name and instruction of the parent task |requirement of the check|reasons of the reviewer)/;
/** Lists of tasks with their statuses, and of documents: short, and they change with every task. */
const LIST_LABELS: readonly (string | null)[] = ['tasks', 'documents'];

const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, HASH_CHARS);

const recipeSchema = z.object({
  boundary: z.string(),
  /** The hash of the whole prompt. */
  hash: z.string(),
  /** The prompt in order, to be joined by line feeds: texts, and the hash and length of those left out. */
  pieces: z.array(z.union([z.string(), z.tuple([z.string(), z.int()])])),
});
type Recipe = z.infer<typeof recipeSchema>;

export interface TakenApart {
  /** Compressed, in base64. */
  recipe: string;
  /** The texts that must be stored beside it, by their hash. They are the same for many runs. */
  stored: Map<string, string>;
}

/** Takes a prompt with this boundary apart. */
export function takeApart(prompt: { text: string; boundary: string }): TakenApart {
  const stored = new Map<string, string>();
  const pieces: Recipe['pieces'] = [];
  const literal: string[] = [];
  const flush = (): void => {
    if (literal.length > 0) pieces.push(literal.splice(0).join('\n'));
  };
  for (const { text, label } of chunksOf(prompt)) {
    if (text.length < PART_CHARS_MIN || LIST_LABELS.includes(label)) {
      literal.push(text);
      continue;
    }
    flush();
    const hash = hashOf(text);
    if (label === null || STORED_LABELS.test(label)) stored.set(hash, text);
    pieces.push([hash, text.length]);
  }
  flush();
  const recipe: Recipe = { boundary: prompt.boundary, hash: hashOf(prompt.text), pieces };
  return { recipe: deflateRawSync(JSON.stringify(recipe), { level: 9 }).toString('base64'), stored };
}

/** The lines outside of blocks (with the mark for the boundary), and the texts inside with their label. */
function* chunksOf({ text, boundary }: { text: string; boundary: string }) {
  const opening = `[data ${boundary}: `;
  const closing = `[end ${boundary}]`;
  let block: { label: string; lines: string[] } | null = null;
  for (const line of text.split('\n')) {
    if (block !== null && line !== closing) {
      block.lines.push(line);
      continue;
    }
    if (block !== null) yield { text: block.lines.join('\n'), label: block.label };
    block = line.startsWith(opening) ? { label: line.slice(opening.length, -1), lines: [] } : null;
    yield { text: line.replaceAll(boundary, BOUNDARY), label: null };
  }
}

/** Null: the recipe cannot be read. */
export function readRecipe(packed: Buffer): Recipe | null {
  try {
    return recipeSchema.parse(JSON.parse(inflateRawSync(packed).toString()));
  } catch {
    return null;
  }
}

export interface PutTogether {
  text: string;
  /** How many texts were not found. They are marked in the text. */
  missing: number;
  /** Whether this is the prompt to the letter, as its hash proves. */
  isWhole: boolean;
}

/**
 * Puts a prompt together again.
 * @param candidates texts among which those that were left out may be; a prompt may contain them shortened
 */
export function putTogether(recipe: Recipe, candidates: readonly string[]): PutTogether {
  const byHash = new Map(candidates.map((text) => [hashOf(text), text]));
  let missing = 0;
  const find = ([hash, chars]: readonly [string, number]): string => {
    const found = byHash.get(hash) ?? shortened(candidates, hash, chars);
    if (found !== undefined) return found;
    missing += 1;
    return `(${chars} characters that are no longer stored)`;
  };
  const text = recipe.pieces
    .map((piece) => (typeof piece === 'string' ? piece : find(piece)))
    .join('\n')
    .replaceAll(BOUNDARY, recipe.boundary);
  return { text, missing, isWhole: hashOf(text) === recipe.hash };
}

/**
 * Not by `truncated`: recipes are kept, and earlier versions cut within characters. Of a text that was cut
 * between them this makes the same.
 */
const shortened = (candidates: readonly string[], hash: string, chars: number): string | undefined =>
  candidates
    .filter((candidate) => candidate.length >= chars)
    .map((candidate) => `${candidate.slice(0, chars - CUT.length).toWellFormed()}${CUT}`)
    .find((text) => hashOf(text) === hash);

/** The hashes of the texts that a recipe leaves out. */
export const hashesOf = ({ pieces }: Recipe): string[] =>
  pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece[0]]));
