import { LIMITS, storableText } from '@everbeat/domain';
import type { Clean } from '../../shared/clean';
import { terminalText } from './terminalText';

const BEGIN_CHARS_MAX = LIMITS.contentCharsMax;
/** More than a report holds, because known programs end with a long line of JSON. */
const END_CHARS_MAX = 1_000_000;

/** What a program printed: all of it, or of very long output the beginning and the end. */
export class BoundedOutput {
  private begin = '';
  private end = '';
  chars = 0;

  constructor(private readonly clean: Clean) {}

  add(chunk: string): void {
    this.chars += chunk.length;
    const room = BEGIN_CHARS_MAX - this.begin.length;
    this.begin += chunk.slice(0, room);
    this.end += chunk.slice(room);
    // Not at every chunk, because each cut copies the text.
    if (this.end.length > 2 * END_CHARS_MAX) this.end = this.end.slice(-END_CHARS_MAX);
  }

  /** The lines as they were printed: all, or of very long output those of its end. */
  get lines(): string[] {
    return this.isCut ? this.end.split('\n').slice(1) : `${this.begin}${this.end}`.split('\n');
  }

  /**
   * As a report: without terminal codes and secrets, and if it is too long with a mark instead of its middle.
   */
  get content(): string {
    const shown = (text: string): string => this.clean(terminalText(text));
    const whole = this.isCut ? null : shown(`${this.begin}${this.end}`).trimEnd();
    if (whole !== null && whole.length <= LIMITS.contentCharsMax) return storable(whole);
    const begin = whole ?? shown(this.begin);
    const end = whole ?? shown(this.end).trimEnd();
    const half = Math.floor((LIMITS.contentCharsMax - MARK.length) / 2);
    return storable(`${begin.slice(0, half)}${MARK}${end.slice(-half)}`);
  }

  private get isCut(): boolean {
    return this.chars > this.begin.length + this.end.length;
  }
}

const MARK = '\n\n[… the middle of the output was left out, because it was too long …]\n\n';

const storable = (text: string): string => storableText(text, LIMITS.contentCharsMax);
