import { createHash } from 'node:crypto';

const BOUNDARY_CHARS_MIN = 16;

/** A piece of untrusted text. `label` is by the system and says what the text is and who wrote it. */
export interface Block {
  label: string;
  text: string;
}

/** Marks where untrusted text begins and ends in one prompt. */
export interface Fence {
  boundary: string;
  wrap(block: Block): string;
}

/**
 * A fence that none of `texts` can open or close. Its boundary is a hash of all of them, so that no author
 * can know it beforehand; in the unlikely case that a text contains it nevertheless, it is lengthened. The
 * same texts give the same fence.
 */
export function fenceFor(texts: readonly string[]): Fence {
  const boundary = boundaryFor(texts);
  return {
    boundary,
    wrap: ({ label, text }) => `[data ${boundary}: ${label}]\n${text}\n[end ${boundary}]`,
  };
}

export function boundaryFor(
  texts: readonly string[],
  charsMin = BOUNDARY_CHARS_MIN,
  digest: (input: string) => string = sha256,
): string {
  const haystack = texts.join('\n').toLowerCase();
  let stream = digest(haystack);
  for (let length = charsMin; ; length += 1) {
    if (length > stream.length) stream += digest(stream);
    const boundary = stream.slice(0, length);
    if (!haystack.includes(boundary)) return boundary;
  }
}

const sha256 = (input: string): string => createHash('sha256').update(input).digest('hex');
