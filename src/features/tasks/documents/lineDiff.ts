import { structuredPatch } from 'diff';

/** A comparison that takes longer, of long texts that have little in common, is given up. */
const DIFF_MS_MAX = 500;

/** The lines that differ as a unified diff without file names. Empty: none do. Null: there are too many. */
export function lineDiff(before: string, after: string): string | null {
  const options = { context: 2, timeout: DIFF_MS_MAX };
  const patch = structuredPatch('', '', ended(before), ended(after), '', '', options);
  if (patch === undefined) return null;
  return patch.hunks
    .map(({ oldStart, newStart, lines }) => [`@@ line ${oldStart} → ${newStart} @@`, ...lines].join('\n'))
    .join('\n');
}

/** A line feed missing at the end is no change that a reader sees. */
const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
