import { type ArmedTick, type Clock, type DueWindow, type Logger, rootCause } from '@everbeat/domain';
import { SchedulerUnavailableError, type TaskScheduler, type TickMessage } from '../port';
import { publicationId } from '../publicationId';
import { DueTickQueue } from './dueTickQueue';

export interface LocalTaskSchedulerOptions {
  clock: Clock;
  logger: Logger;
  /** Reads the armed ticks of a window from the database. Retried when it fails. */
  loadDue: (window: DueWindow) => Promise<ArmedTick[]>;
  /**
   * Starts the runs of ticks that are due together. Resolves once they are claimed, not once the runs have
   * ended: the next ticks wait for it. A failure is logged, and the watchdog publishes those ticks again.
   */
  deliver: (ticks: TickMessage[]) => Promise<void>;
  /** How far ahead ticks are held in memory; the next read starts when half of it has passed. */
  horizonMs?: number;
  pageRows?: number;
  /** The most ticks passed to one `deliver`. */
  deliverTicksMax?: number;
  /**
   * Reading stops at this number and continues as ticks are delivered, so that a long outage does not fill
   * the memory.
   */
  heldTicksMax?: number;
}

const MESSAGE_ID_PREFIX = 'local-';
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 30_000;

/**
 * Delivers ticks in this process: a queue of the ticks due soon and one timer. The database holds the rest,
 * so a restart loses nothing. The clock is read whenever the timer fires and at least twice per horizon, so
 * setting the clock or suspending the host delays ticks by at most half a horizon.
 */
export class LocalTaskScheduler implements TaskScheduler {
  readonly kind = 'local';

  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly options: Required<LocalTaskSchedulerOptions>;

  private held = new DueTickQueue();
  /**
   * Ticks due before this time are read, or being read: `schedule` queues such a tick and leaves later ones
   * to a later read.
   */
  private readUntilMs = Number.NEGATIVE_INFINITY;
  /** Where the next read starts. */
  private position: Pick<DueWindow, 'dueFrom' | 'after'> = { dueFrom: null, after: null };
  private loadFailures = 0;

  private running = false;
  private reading: Promise<void> | null = null;
  private delivering: Promise<void> | null = null;
  private timer: { firesAtMs: number; cancel: () => void } | null = null;
  private cancelRetry: (() => void) | null = null;

  constructor(options: LocalTaskSchedulerOptions) {
    this.clock = options.clock;
    this.logger = options.logger;
    this.options = {
      ...options,
      horizonMs: options.horizonMs ?? 60_000,
      pageRows: options.pageRows ?? 1_000,
      deliverTicksMax: options.deliverTicksMax ?? 500,
      heldTicksMax: options.heldTicksMax ?? 50_000,
    };
  }

  async schedule(tick: ArmedTick): Promise<{ messageId: string }> {
    if (this.running && tick.dueAt.getTime() < this.readUntilMs && this.held.add(tick)) this.setTimer();
    return { messageId: this.messageIdOf(tick) };
  }

  messageIdOf(tick: Pick<ArmedTick, 'tickToken' | 'publication'>): string {
    return `${MESSAGE_ID_PREFIX}${publicationId(tick)}`;
  }

  async cancel(messageId: string): Promise<void> {
    this.held.removePublication(messageId.slice(MESSAGE_ID_PREFIX.length));
  }

  /** Resolves after the first read, or its failure: an unavailable database delays ticks, never the start. */
  async start(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.held = new DueTickQueue();
    this.forgetPosition();
    this.work();
    await this.reading;
  }

  async stop(): Promise<void> {
    this.running = false;
    this.timer?.cancel();
    this.timer = null;
    this.cancelRetry?.();
    this.cancelRetry = null;
    await Promise.all([this.reading, this.delivering]);
  }

  async check(): Promise<void> {
    if (!this.running) throw new SchedulerUnavailableError('The local scheduler is not started');
    if (this.loadFailures > 0) {
      throw new SchedulerUnavailableError(
        'The local scheduler cannot read the armed tasks from the database',
      );
    }
  }

  /** Starts the reading and delivery that are due, and sets the timer for what comes next. */
  private work(): void {
    if (!this.running) return;
    if (this.reading === null) this.startOverIfSetBack();
    if (this.reading === null && this.cancelRetry === null && this.mustRead()) {
      this.reading = this.read().finally(() => {
        this.reading = null;
        this.work();
      });
    }
    if (this.delivering === null) {
      const due = this.held.takeDue(this.nowMs(), this.options.deliverTicksMax);
      if (due.length > 0) {
        this.delivering = this.deliver(due).finally(() => {
          this.delivering = null;
          this.work();
        });
      }
    }
    this.setTimer();
  }

  private setTimer(): void {
    const halfHorizonMs = this.options.horizonMs / 2;
    const nowMs = this.nowMs();
    // Ticks that fall due during a delivery are taken as one batch when it ends.
    const dueInMs = this.delivering === null ? this.held.nextDueMs() - nowMs : halfHorizonMs;
    const delayMs = Math.max(0, Math.min(dueInMs, halfHorizonMs));
    const firesAtMs = nowMs + delayMs;
    if (this.timer !== null && this.timer.firesAtMs === firesAtMs) return;
    this.timer?.cancel();
    const cancel = this.clock.after(delayMs, () => {
      this.timer = null;
      this.work();
    });
    this.timer = { firesAtMs, cancel };
  }

  private mustRead(): boolean {
    const { horizonMs, heldTicksMax } = this.options;
    return this.nowMs() >= this.readUntilMs - horizonMs / 2 && this.held.size <= heldTicksMax / 2;
  }

  /** After the clock was set back, ticks that are due within the horizon may be unread. */
  private startOverIfSetBack(): void {
    if (this.readUntilMs > this.nowMs() + this.options.horizonMs) this.forgetPosition();
  }

  private forgetPosition(): void {
    this.readUntilMs = Number.NEGATIVE_INFINITY;
    this.position = { dueFrom: null, after: null };
  }

  /** Reads up to the horizon, page by page, or as far as memory allows. */
  private async read(): Promise<void> {
    const { loadDue, horizonMs, pageRows, heldTicksMax } = this.options;
    const dueBefore = new Date(this.nowMs() + horizonMs);
    const readBeforeMs = this.readUntilMs;
    // Set before reading, so that `schedule` queues a tick that is committed while its page is being read.
    this.readUntilMs = dueBefore.getTime();
    try {
      while (this.running) {
        const page = await loadDue({ ...this.position, dueBefore, limit: pageRows });
        for (const tick of page) this.held.add(tick);
        this.loadFailures = 0;
        const last = page.at(-1);
        if (last === undefined || page.length < pageRows) {
          this.position = { dueFrom: dueBefore, after: null };
          return;
        }
        this.position = { ...this.position, after: { dueAt: last.dueAt, tickToken: last.tickToken } };
        if (this.held.size >= heldTicksMax) break;
      }
    } catch (error) {
      this.retryLater(error);
    }
    const last = this.position.after;
    this.readUntilMs = last === null ? readBeforeMs : last.dueAt.getTime() + 1;
  }

  private retryLater(error: unknown): void {
    const delayMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** this.loadFailures);
    this.loadFailures += 1;
    this.logger.error({ err: rootCause(error), delayMs }, 'Reading the armed tasks failed; retrying');
    if (!this.running) return;
    this.cancelRetry = this.clock.after(delayMs, () => {
      this.cancelRetry = null;
      this.work();
    });
  }

  private async deliver(ticks: TickMessage[]): Promise<void> {
    try {
      await this.options.deliver(ticks);
    } catch (error) {
      this.logger.error(
        { err: rootCause(error), ticks: ticks.length },
        'Delivering ticks failed; the watchdog will publish them again',
      );
    }
  }

  private nowMs(): number {
    return this.clock.now().getTime();
  }
}
