import type { WatchSettings } from '../config';
import type { Change } from './lines';
import { patternOf } from './pattern';

const IGNORABLE_MAX = 5;
const RULE_CHARS_MAX = 500;

/**
 * What has to be added to the settings so that a change like these is not reported again. Null where there is
 * too much of it to be one part.
 */
export function ignorableOf(
  changes: readonly Change[],
): Pick<WatchSettings, 'ignoreText' | 'ignorePatterns' | 'ignorePaths'> | null {
  if (changes.length === 0 || changes.length > IGNORABLE_MAX) return null;
  const paths = changes.flatMap(({ path }) => path ?? []);
  if (paths.length > 0) return { ignorePaths: paths };
  const rules = changes.map(ruleOf);
  const ignorePatterns = rules.flatMap(({ pattern }) => pattern ?? []);
  const ignoreText = rules.flatMap(({ text }) => text ?? []);
  const isLong = [...ignorePatterns, ...ignoreText].some((rule) => rule.length > RULE_CHARS_MAX);
  if (isLong) return null;
  return {
    ...(ignoreText.length > 0 ? { ignoreText } : {}),
    ...(ignorePatterns.length > 0 ? { ignorePatterns } : {}),
  };
}

/** A line in two versions is ignored in whatever version; another line by itself. */
function ruleOf({ before, after }: Change): { pattern?: string | undefined; text?: string[] } {
  if (before === null || after === null)
    return { text: [after ?? before ?? ''].filter((text) => text !== '') };
  const pattern = patternOf(before, after);
  return pattern === null ? { text: [before, after] } : { pattern };
}
