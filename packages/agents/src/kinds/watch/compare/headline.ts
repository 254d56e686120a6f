import { truncatedLine } from '@everbeat/domain';
import { percentBetween } from './amounts';
import type { Change } from './lines';
import { differingPart } from './words';

const SIDE_CHARS_MAX = 60;
const ITEM_CHARS_MAX = 120;
/** A line that fits twice into a title. */
const LINE_CHARS_MAX = 40;

/** What has changed in a few words: `€ 49.90 → € 44.90 (−10 %)`, `New: …`, and how much more there is. */
export function headlineOf(changes: readonly Change[]): string {
  const first =
    changes.find(({ after, isMoved }) => after !== null && !isMoved) ??
    changes.find(({ isMoved }) => !isMoved) ??
    changes[0];
  if (first === undefined) return 'changed';
  const more = changes.length - 1;
  const others = more === 0 ? '' : ` and ${more} more ${more === 1 ? 'change' : 'changes'}`;
  return `${headlineOfOne(first)}${others}`;
}

function headlineOfOne({ before, after, path, isMoved }: Change): string {
  // The whole of what is watched has no place in it that could be named.
  const where = path?.replace(/^\$\.?/, '') ?? '';
  const place = where === '' ? '' : `${where} `;
  if (isMoved) return `Moved: ${truncatedLine(after ?? '', ITEM_CHARS_MAX)}`;
  if (before === null) return `New: ${place}${truncatedLine(after ?? '', ITEM_CHARS_MAX)}`;
  if (after === null) return `Gone: ${place}${truncatedLine(before, ITEM_CHARS_MAX)}`;
  const part = shownPart(before, after);
  const percent = percentBetween(part.before, part.after);
  const change = `${truncatedLine(part.before, SIDE_CHARS_MAX)} → ${truncatedLine(part.after, SIDE_CHARS_MAX)}`;
  return `${where === '' ? '' : `${where}: `}${change}${percent === null ? '' : ` (${percent})`}`;
}

/** The words that differ, unless the line is short and they say nothing without it. */
function shownPart(before: string, after: string): { before: string; after: string } {
  const part = differingPart(before, after);
  const isBare = part !== null && !/[\p{L}\p{Sc}%]/u.test(part.before + part.after);
  const isShort = Math.max(before.length, after.length) <= LINE_CHARS_MAX;
  return part === null || (isBare && isShort) ? { before, after } : part;
}
