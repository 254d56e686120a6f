import { firstAmount } from './amounts';
import { foldLine } from './fold';
import type { Change } from './lines';
import { compilePattern } from './pattern';

/** What a person says of what counts as a change. */
export interface Rules {
  /** Lines that hold one of these texts are left out, whatever their case. */
  ignoreText?: readonly string[] | undefined;
  /** What matches one of these patterns is left out. */
  ignorePatterns?: readonly string[] | undefined;
  /** A change is reported only when its new text holds this text. */
  onlyIfContains?: string | undefined;
  /** Reported only when the first number of the text has fallen below this, or … */
  below?: number | undefined;
  /** … risen above this, or … */
  above?: number | undefined;
  /** … differs by more than this from the number that was reported last, in percent. */
  byPercent?: number | undefined;
}

/** The lines without what is ignored. */
export function withoutIgnored(
  lines: readonly string[],
  { ignoreText = [], ignorePatterns = [] }: Rules,
): string[] {
  const texts = ignoreText.map((text) => foldLine(text).toLowerCase()).filter((text) => text !== '');
  const patterns = ignorePatterns.map(compilePattern);
  return lines
    .filter((line) => !texts.some((text) => line.toLowerCase().includes(text)))
    .map((line) => foldLine(patterns.reduce((left, pattern) => pattern.matcher(left).replaceAll(''), line)))
    .filter((line) => line !== '');
}

export function isWanted(changes: readonly Change[], { onlyIfContains }: Rules): boolean {
  if (onlyIfContains === undefined) return true;
  const wanted = foldLine(onlyIfContains).toLowerCase();
  return changes.some(({ after, isMoved }) => !isMoved && after?.toLowerCase().includes(wanted));
}

export const hasThreshold = ({ below, above, byPercent }: Rules): boolean =>
  below !== undefined || above !== undefined || byPercent !== undefined;

/** The number that thresholds look at: the first of the text. */
export const watchedNumber = (lines: readonly string[]): number | null =>
  lines.map(firstAmount).find((amount) => amount !== null)?.value ?? null;

/** `last`: at the look before. `reported`: when the person was told last, or at the first look. */
export function passesThreshold(
  now: number,
  { last, reported }: { last: number; reported: number },
  { below, above, byPercent }: Rules,
): boolean {
  if (below !== undefined && now < below && last >= below) return true;
  if (above !== undefined && now > above && last <= above) return true;
  if (byPercent === undefined || now === reported) return false;
  return reported === 0 || (Math.abs(now - reported) / Math.abs(reported)) * 100 > byPercent;
}
