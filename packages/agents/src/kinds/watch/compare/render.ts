import { truncated } from '@everbeat/domain';
import { escapeMarkdown, fenced } from '../../../shared/markdown';
import { percentBetween } from './amounts';
import type { Change, Row } from './lines';
import { differingPart, markedLine } from './words';

const CONTEXT_LINES = 2;
const LINES_MAX = 200;
const CHARS_MAX = 12_000;
const CHANGES_MAX = 10;
const CHANGE_CHARS_MAX = 600;

/** The changes as a Markdown list, with the words that differ marked. */
export function changeList(changes: readonly Change[]): string {
  const shown = changes.slice(0, CHANGES_MAX).map((change) => `* ${described(change)}`);
  const more = changes.length - shown.length;
  return [...shown, ...(more > 0 ? [`* … and ${more} more`] : [])].join('\n');
}

function described({ before, after, path, link, isMoved }: Change): string {
  const place = path === undefined || path === '$' ? '' : `\`${path.replaceAll('`', "'")}\`: `;
  if (isMoved) return `Moved: ${escapeMarkdown(shortened(after ?? ''))}`;
  if (before === null) return `${place}New: ${linked(shortened(after ?? ''), link)}`;
  if (after === null) return `${place}Gone: ~~${escapeMarkdown(shortened(before))}~~`;
  const part = differingPart(before, after);
  const percent = part === null ? null : percentBetween(part.before, part.after);
  const marked = markedLine(shortened(before), shortened(after));
  return `${place}${marked}${percent === null ? '' : ` (${percent})`}`;
}

/** An address of a page is only a link where it has a scheme of the web and ends where Markdown says. */
function linked(text: string, link: string | undefined): string {
  const label = escapeMarkdown(text);
  if (link === undefined || !/^https?:\/\/[^\s<>]+$/.test(link)) return label;
  return `[${label}](<${link}>)`;
}

const shortened = (text: string): string => truncated(text, CHANGE_CHARS_MAX);

/** The rows as a unified diff in a code block, bounded. */
export function diffBlock(rows: readonly Row[]): string {
  const lines = hunksOf(rows).flatMap(renderHunk);
  const shown = beginning(lines);
  const more = lines.length - shown.length;
  const block = fenced(shown.join('\n'), 'diff');
  return more === 0 ? block : `${block}\n\n… and ${more} more lines of the difference.`;
}

interface Hunk {
  oldStart: number;
  newStart: number;
  rows: Row[];
}

/** The changed rows with the lines around them; hunks that would touch are one. */
function hunksOf(rows: readonly Row[]): Hunk[] {
  const isShown = rows.map(() => false);
  rows.forEach(({ sign }, index) => {
    if (sign === ' ') return;
    const end = Math.min(rows.length, index + CONTEXT_LINES + 1);
    isShown.fill(true, Math.max(0, index - CONTEXT_LINES), end);
  });
  const hunks: Hunk[] = [];
  const line = { old: 1, new: 1 };
  rows.forEach((row, index) => {
    if (isShown[index]) {
      const open = isShown[index - 1] ? hunks.at(-1) : undefined;
      if (open === undefined) hunks.push({ oldStart: line.old, newStart: line.new, rows: [row] });
      else open.rows.push(row);
    }
    if (row.sign !== '+') line.old += 1;
    if (row.sign !== '-') line.new += 1;
  });
  return hunks;
}

function renderHunk({ oldStart, newStart, rows }: Hunk): string[] {
  const count = (sign: Row['sign']): number => rows.filter((row) => row.sign !== sign).length;
  return [
    `@@ -${oldStart},${count('+')} +${newStart},${count('-')} @@`,
    ...rows.map(({ sign, text }) => `${sign}${text}`),
  ];
}

function beginning(lines: readonly string[]): readonly string[] {
  let chars = 0;
  const end = lines.slice(0, LINES_MAX).findIndex((line) => {
    chars += line.length + 1;
    return chars > CHARS_MAX;
  });
  return lines.slice(0, end === -1 ? LINES_MAX : end);
}
