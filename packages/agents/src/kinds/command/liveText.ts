import type { TranscriptEntry } from '../../port';
import { terminalText } from './terminalText';

/**
 * The first wait for more, and the longest: of a run that prints for long, fewer and fewer batches are kept.
 */
const FIRST_WAIT_MS = 1_000;
const LAST_WAIT_MS = 60_000;
const GROWTH = 1.25;
const BATCH_CHARS_MAX = 4_000;

/**
 * Shows the text that a program prints while it runs, in batches. Of more than a batch holds its end is
 * shown: the report of the run has the beginning, and the end, once more. What a short run prints is not
 * shown before its report.
 */
export class LiveText {
  private pending = '';
  private leftOutChars = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly emit: (entry: TranscriptEntry) => void,
    /** Leaves secrets out, before anything is cut off: a part of one would not be known any more. */
    private readonly clean: (text: string) => string,
    private waitMs = FIRST_WAIT_MS,
  ) {}

  add(text: string): void {
    this.pending += text;
    if (this.pending.length > 2 * BATCH_CHARS_MAX) this.shorten();
    this.timer ??= setTimeout(() => this.showLines(), this.waitMs);
  }

  /** Of a run that was stopped, what it printed last is shown as well: it has no report. */
  end({ isStopped }: { isStopped: boolean }): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (isStopped) this.show(this.pending);
  }

  /** A line that has not ended may be half a code of a terminal, and is kept for the next batch. */
  private showLines(): void {
    this.timer = null;
    this.waitMs = Math.min(this.waitMs * GROWTH, LAST_WAIT_MS);
    const end = this.pending.lastIndexOf('\n') + 1;
    const lines = this.pending.slice(0, end);
    this.pending = this.pending.slice(end);
    this.show(lines);
  }

  private show(text: string): void {
    const clean = this.clean(text);
    const shown = terminalText(clean.slice(-BATCH_CHARS_MAX)).trim();
    const leftOut = this.leftOutChars + Math.max(0, clean.length - BATCH_CHARS_MAX);
    this.leftOutChars = 0;
    if (shown === '') return;
    this.emit({ role: 'tool', content: leftOut === 0 ? shown : `[… ${leftOut} characters …]\n${shown}` });
  }

  private shorten(): void {
    const clean = this.clean(this.pending);
    this.leftOutChars += Math.max(0, clean.length - BATCH_CHARS_MAX);
    this.pending = clean.slice(-BATCH_CHARS_MAX);
  }
}
