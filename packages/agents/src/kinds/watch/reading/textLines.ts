const ITEM_MARK = '• ';
const CELL_MARK = ' | ';
/** A row with more than this is no row of data, but the layout of a page. */
const ROW_CHARS_MAX = 400;
const CELL_LINES_MAX = 4;

/** The lines of one cell, or of the page. */
interface Frame {
  lines: string[];
  current: string;
  /** The cells of the row that is open in this frame; null outside rows. */
  row: string[][] | null;
}

const newFrame = (): Frame => ({ lines: [], current: '', row: null });

/** Collects the text of a page in lines. White space counts as in a browser; empty lines are left out. */
export class TextLines {
  /** How many preformatted elements are open. */
  preformatted = 0;
  /** How long all lines are so far. */
  chars = 0;
  private mark = '';
  private frames: Frame[] = [newFrame()];

  addText(text: string): void {
    if (this.preformatted > 0) {
      this.addPreformatted(text);
      return;
    }
    const { current } = this.frame();
    const words = text.replace(/[ \t\n\r\f]+/g, ' ');
    const isAfterSpace = current === '' || current.endsWith(' ');
    this.append(isAfterSpace && words.startsWith(' ') ? words.slice(1) : words);
  }

  breakLine(): void {
    const frame = this.frame();
    const line = frame.current.trimEnd();
    frame.current = '';
    if (line !== '') frame.lines.push(line);
  }

  beginItem(): void {
    this.mark = ITEM_MARK;
  }

  endItem(): void {
    this.mark = '';
  }

  beginRow(): void {
    this.breakLine();
    this.frame().row = [];
  }

  /** A cell that was selected without its row is a block like any other. */
  beginCell(): void {
    this.breakLine();
    if (this.frame().row !== null) this.frames.push(newFrame());
  }

  endCell(): void {
    this.breakLine();
    if (this.frames.length === 1) return;
    const { lines = [] } = this.frames.pop() ?? {};
    this.frame().row?.push(lines);
  }

  endRow(): void {
    this.breakLine();
    const frame = this.frame();
    const row = frame.row ?? [];
    frame.row = null;
    frame.lines.push(...linesOfRow(row));
  }

  end(): string {
    // Cells that are still open where a page was read up to a limit.
    while (this.frames.length > 1) this.endCell();
    if (this.frame().row !== null) this.endRow();
    this.breakLine();
    return this.frame().lines.join('\n');
  }

  private addPreformatted(text: string): void {
    const [first = '', ...more] = text.replace(/\r\n?/g, '\n').split('\n');
    this.append(first);
    for (const line of more) {
      this.breakLine();
      this.append(line);
    }
  }

  private append(text: string): void {
    if (text === '') return;
    const frame = this.frame();
    if (frame.current === '' && this.mark !== '') {
      frame.current = this.mark;
      this.mark = '';
    }
    frame.current += text;
    this.chars += text.length;
  }

  private frame(): Frame {
    const frame = this.frames.at(-1);
    if (frame === undefined) throw new Error('There is always the frame of the page');
    return frame;
  }
}

function linesOfRow(cells: string[][]): string[] {
  const chars = cells.flat().reduce((sum, line) => sum + line.length, 0);
  const isData = chars <= ROW_CHARS_MAX && cells.every((lines) => lines.length <= CELL_LINES_MAX);
  if (!isData || cells.length === 1) return cells.flat();
  const line = cells
    .map((lines) => lines.join(' '))
    .join(CELL_MARK)
    .replace(/( \| *)+$/, '');
  return line.trim() === '' ? [] : [line];
}
