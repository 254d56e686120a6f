import type { ToldStep, TranscriptEntry } from '../../port';
import { cleanTexts } from '../../shared/cleanTexts';
import { adapterOfEvent } from './adapters';
import {
  type Adapter,
  type EventReader,
  type ProgramEvent,
  type ProgramReport,
  programEventSchema,
  type ResumedSession,
} from './adapters/adapter';

/** A longer line is none of events; nobody waits for its end. */
const LINE_CHARS_MAX = 1_000_000;

interface ProgramOutputOptions {
  /**
   * `by-output`: of whichever known program the output turns out to be. Null: it is text, whatever it looks
   * like.
   */
  adapter: Adapter | 'by-output' | null;
  resumed: ResumedSession | null;
  /**
   * Leaves secrets out of the texts of events, before anything is cut off: a part of one would not be known
   * any more.
   */
  clean: (text: string) => string;
  /** An event was read that has something to show. */
  onEntry: (entry: TranscriptEntry) => void;
  /** An event told of a call of a tool. */
  onStep?: (step: ToldStep) => void;
  /** Text was printed that is no event. */
  onText: (text: string) => void;
  /** An event was read. */
  onEvent?: () => void;
}

/**
 * Reads the output of a program while it is printed. Where the program is known beforehand, lines that are no
 * events are text beside them. Where only its output tells which one it is, every line must be an event, so
 * that a report which quotes such a line stays as it is.
 */
export class ProgramOutput {
  reader: EventReader | null = null;
  /** The adapter of the program whose output is being read. */
  adapter: Adapter | null = null;
  private line = '';
  private isSkipping = false;
  private isText: boolean;
  private readonly isKnown: boolean;

  constructor(private readonly options: ProgramOutputOptions) {
    const { adapter } = options;
    this.isText = adapter === null;
    this.isKnown = adapter !== null && adapter !== 'by-output';
    if (adapter !== null && adapter !== 'by-output') this.startReading(adapter);
  }

  add(chunk: string): void {
    if (this.isText) this.options.onText(chunk);
    else this.addEvents(chunk);
  }

  private addEvents(chunk: string): void {
    const lines = `${this.line}${chunk}`.split('\n');
    this.line = lines.pop() ?? '';
    for (const line of lines) {
      if (!this.isSkipping) this.readLine(line);
      this.isSkipping = false;
    }
    if (this.line.length > LINE_CHARS_MAX) {
      this.line = '';
      this.isSkipping = true;
    }
  }

  /**
   * What the program said of its run. Null: it is no known program, or did not end as one does.
   * @param lines its whole output, or the end of it
   */
  end(lines: readonly string[]): ProgramReport | null {
    if (!this.isText && this.line !== '') this.readLine(this.line);
    this.line = '';
    const report = this.isText ? null : (this.reader?.report() ?? null);
    if (report !== null || this.options.adapter === null) return report;
    return this.readWhole(lines);
  }

  /** One JSON text may also be spread over many lines, and `claude --verbose` makes a list of it. */
  private readWhole(lines: readonly string[]): ProgramReport | null {
    const text = lines.join('\n').trim();
    const parsed = /^[{[]/.test(text)
      ? programEventSchema.array().or(programEventSchema).safeParse(json(text))
      : null;
    if (!parsed?.success) return null;
    const events = Array.isArray(parsed.data) ? parsed.data : [parsed.data];
    const adapter = events.map(adapterOfEvent).find((found) => found !== null) ?? null;
    if (adapter === null || (this.isKnown && adapter !== this.options.adapter)) return null;
    this.startReading(adapter);
    for (const event of events) this.readEvent(event);
    return this.reader?.report() ?? null;
  }

  private readLine(line: string): void {
    const event = this.isText ? null : eventIn(line);
    if (event !== null && this.reader === null) this.startReading(adapterOfEvent(event));
    if (event !== null && this.reader !== null) this.readEvent(event);
    else if (line.trim() !== '') {
      this.isText ||= !this.isKnown;
      this.options.onText(`${line}\n`);
    }
  }

  private readEvent(event: ProgramEvent): void {
    cleanTexts(event, this.options.clean);
    for (const entry of this.reader?.read(event) ?? []) this.options.onEntry(entry);
    for (const step of this.reader?.steps.take() ?? []) this.options.onStep?.(step);
    this.options.onEvent?.();
  }

  private startReading(adapter: Adapter | null): void {
    this.adapter = adapter;
    this.reader = adapter?.createReader(this.options.resumed) ?? null;
  }
}

function eventIn(line: string): ProgramEvent | null {
  const text = line.trim();
  return text.startsWith('{') ? (programEventSchema.safeParse(json(text)).data ?? null) : null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
