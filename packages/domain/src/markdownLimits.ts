/**
 * What a reader of Markdown may be given of an untrusted text. Its time grows with the square of the marks in
 * one block, and faster with the depth, and a renderer that calls itself for each level runs out of stack. A
 * text beyond these limits is no Markdown that anybody wrote to be read.
 */

/** A block ends at a blank line, and a mark is only looked for in its own block. */
const MARKS_OF_BLOCK_MAX = 2_000;
const MARKS_MAX = 5_000;
const MARK = /[*_~[\]<>@`]|:\/\/|www\.|^[ \t]*(?:[-+]|\d{1,9}[.)])/gim;
const BLANK_LINE = /\n[ \t]*\r?\n/;
/** Each line may be a paragraph, a heading or an item. */
const LINES_MAX = 10_000;

/** Of the quotes and lists that begin in one line. */
const DEPTH_MAX = 16;
const TOO_DEEP = new RegExp(`^(?:[ \\t]*(?:>|(?:[-+*]|\\d{1,9}[.)])(?=[ \\t]))){${DEPTH_MAX + 1}}`, 'm');
/** Lists nest line by line too, each further to the right. */
const TOO_FAR_RIGHT = /^[ \t]{100}[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]/m;

/**
 * Each row of a table is filled up to the columns of its head, so a short text can ask for millions of cells.
 */
const CELLS_MAX = 10_000;

/** Whether a text is to be shown as it was written, because reading it as Markdown would take too long. */
export function isTooMarked(text: string): boolean {
  if (TOO_DEEP.test(text) || TOO_FAR_RIGHT.test(text) || linesOf(text).length > LINES_MAX) return true;
  const blocks = text.split(BLANK_LINE);
  const marks = blocks.map((block) => block.match(MARK)?.length ?? 0);
  return (
    marks.some((count) => count > MARKS_OF_BLOCK_MAX) ||
    sum(marks) > MARKS_MAX ||
    sum(blocks.map(cellsOf)) > CELLS_MAX
  );
}

/** The most cells that tables in a block can have: its lines, times the columns of the widest one. */
function cellsOf(block: string): number {
  if (!block.includes('|')) return 0;
  const lines = linesOf(block);
  return lines.length * lines.reduce((widest, line) => Math.max(widest, line.split('|').length), 0);
}

/** A carriage return alone ends a line too. */
const linesOf = (text: string): string[] => text.split(/\r\n?|\n/);
const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
