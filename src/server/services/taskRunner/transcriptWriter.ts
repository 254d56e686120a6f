import type { TranscriptEntry } from '@everbeat/agents';
import { appendMessages, type Queryable, readLastReport } from '@everbeat/database';
import { type Clock, errorMessage, type Ids, LIMITS, type Logger, storableText } from '@everbeat/domain';

const FLUSH_MS = 500;
const ENTRIES_MAX = 2_000;

/** `recipe` stands for the content of a prompt. */
type NewEntry = TranscriptEntry & { recipe?: string };
type Entry = NewEntry & { id: string };

/**
 * Shows an agent's work while it goes on: emitted entries are written in batches, twice a second. What is not
 * written when the run ends goes into the settling statement, so that every entry is stored exactly once.
 */
export class TranscriptWriter {
  private pending: Entry[] = [];
  private entries = 0;
  private lastReport: string | null = null;
  private cancelTimer: (() => void) | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly deps: { db: Queryable; clock: Clock; ids: Ids; logger: Logger; nudge: () => void },
    private readonly run: { operationId: string; topicId: string },
    /** Another process has begun the run, and may have written its report already. */
    private readonly isTakenOver = false,
  ) {}

  emit(entry: TranscriptEntry): void {
    this.add(entry);
    this.cancelTimer ??= this.deps.clock.after(FLUSH_MS, () => this.flush());
  }

  /** Writes what is pending now, for a run that continues outside of this process. */
  async writeNow(): Promise<void> {
    this.cancelTimer?.();
    this.flush();
    await this.writing;
  }

  /**
   * Ends the live writing. Returns the entries still to be written; the final report is the last, and never
   * dropped.
   */
  async finish(report: string): Promise<Entry[]> {
    this.cancelTimer?.();
    await this.writing;
    if (this.isTakenOver && this.lastReport === null) this.lastReport = await this.storedReport();
    if (report !== '' && report !== this.lastReport) this.enqueue({ role: 'assistant', content: report });
    return this.pending.splice(0);
  }

  /** If it cannot be read now, a report that is there twice is better than none. */
  private async storedReport(): Promise<string | null> {
    try {
      return await readLastReport(this.deps.db, this.run);
    } catch (error) {
      this.deps.logger.warn({ ...this.run, reason: errorMessage(error) }, 'A transcript could not be read');
      return null;
    }
  }

  /** Adds an entry without scheduling a write. Entries after the first `ENTRIES_MAX` are dropped. */
  add(entry: NewEntry): void {
    this.entries += 1;
    if (this.entries > ENTRIES_MAX) return;
    if (entry.role === 'assistant') this.lastReport = entry.content;
    this.enqueue(entry);
  }

  private enqueue(entry: NewEntry): void {
    const content = storableText(entry.content, LIMITS.contentCharsMax);
    this.pending.push({ ...entry, id: this.deps.ids.row(), content });
  }

  private flush(): void {
    this.cancelTimer = null;
    this.writing = this.writing.then(async () => {
      const entries = this.pending.splice(0);
      if (entries.length === 0) return;
      try {
        const messages = entries.map((entry) => ({ ...entry, ...this.run }));
        await appendMessages(this.deps.db, messages, this.deps.clock.now());
        this.deps.nudge();
      } catch (error) {
        this.pending.unshift(...entries);
        this.deps.logger.warn(
          { ...this.run, reason: errorMessage(error) },
          'Part of a transcript could not be written yet',
        );
      }
    });
  }
}
