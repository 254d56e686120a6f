import { type StructuredPatch, structuredPatch } from 'diff';
import { fenced } from '../../shared/markdown';

const CONTEXT_LINES = 2;
const LINES_MAX = 200;
const CHARS_MAX = 12_000;
/**
 * The search takes quadratic time in this, on the process's only thread, and no reader follows more changes.
 */
const CHANGED_LINES_MAX = 1_200;

export interface Difference {
  linesAdded: number;
  linesRemoved: number;
  /** Markdown, bounded. */
  markdown: string;
}

/** The difference of two texts as a unified diff, or null when they are too different for one. */
export function difference(before: string, after: string): Difference | null {
  const patch = structuredPatch('before', 'after', `${before}\n`, `${after}\n`, '', '', {
    context: CONTEXT_LINES,
    maxEditLength: CHANGED_LINES_MAX,
  });
  if (patch === undefined) return null;
  const lines = patch.hunks.flatMap((hunk) => hunk.lines);
  return {
    linesAdded: lines.filter((line) => line.startsWith('+')).length,
    linesRemoved: lines.filter((line) => line.startsWith('-')).length,
    markdown: render(patch),
  };
}

function render(patch: StructuredPatch): string {
  const lines = patch.hunks.flatMap((hunk) => [
    `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    ...hunk.lines,
  ]);
  const shown = beginning(lines);
  const more = lines.length - shown.length;
  const block = fenced(shown.join('\n'), 'diff');
  return more === 0 ? block : `${block}\n\n… and ${more} more lines of the difference.`;
}

function beginning(lines: string[]): string[] {
  let chars = 0;
  const end = lines.slice(0, LINES_MAX).findIndex((line) => {
    chars += line.length + 1;
    return chars > CHARS_MAX;
  });
  return lines.slice(0, end === -1 ? LINES_MAX : end);
}
