import {
  type ArmedTick,
  type Clock,
  type DuePosition,
  type DueWindow,
  type Logger,
  MINUTE_MS,
  poolOf,
  RUN_POOLS,
  type RunPool,
  rootCause,
} from '@everbeat/domain';
import { SchedulerUnavailableError, type TaskScheduler } from '../port';
import { publicationId } from '../publicationId';
import { Backoff } from './backoff';
import { DueLane, isAfter } from './dueLane';

/** The room for runs in this process (PROTOCOL §4.2). */
export interface TickRoom {
  /** How many more ticks of this pool may be delivered now. */
  free(pool: RunPool): number;
  /** Calls back when there may be more room than before. Returns a function that ends it. */
  onFreed(callback: () => void): () => void;
}

/** The ticks of a delivery that did not run and have to be delivered again. */
export interface Undelivered {
  /** They found no room after all. They wait for it under the kind of agent that they name now. */
  noRoom: ArmedTick[];
  /** The database was unavailable. They are delivered again after a while. */
  unavailable: ArmedTick[];
}

export interface LocalTaskSchedulerOptions {
  clock: Clock;
  logger: Logger;
  /** Reads the armed ticks of a window from the database. Retried when it fails. */
  loadDue: (window: DueWindow) => Promise<ArmedTick[]>;
  room: TickRoom;
  /**
   * Starts the runs of ticks that are due, no more of a pool than it has room for. Resolves once they are
   * claimed, not once the runs have ended: the next ticks wait for it. If it rejects, that is logged, and the
   * watchdog publishes those ticks again.
   */
  deliver: (ticks: ArmedTick[]) => Promise<Undelivered>;
  /** How far ahead ticks are held in memory; the next read starts when half of it has passed. */
  horizonMs?: number;
  pageRows?: number;
  /** The most ticks passed to one `deliver`. */
  deliverTicksMax?: number;
  /**
   * The window of each pool: reading its ticks stops at this number and continues as they are delivered, so
   * that a long outage or a backlog does not fill the memory.
   */
  heldTicksMax?: number;
}

const MESSAGE_ID_PREFIX = 'local-';

/**
 * Delivers ticks in this process: a queue of the ticks due soon for each pool of runs, and one timer. The
 * database holds the rest, so a restart loses nothing. What is due and finds no room waits as a token, and is
 * delivered when room comes. The clock is read whenever the timer fires and at least twice per horizon, so
 * setting the clock or suspending the host delays ticks by at most half a horizon.
 */
export class LocalTaskScheduler implements TaskScheduler {
  readonly kind = 'local';

  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly options: Required<LocalTaskSchedulerOptions>;

  private lanes = new Map<RunPool, DueLane>();
  private readonly readBackoff: Backoff;
  private readonly deliverBackoff: Backoff;

  private running = false;
  private reading: Promise<void> | null = null;
  private delivering: Promise<void> | null = null;
  private timer: { firesAtMs: number; cancel: () => void } | null = null;
  private stopListening: () => void = () => undefined;

  constructor(options: LocalTaskSchedulerOptions) {
    this.clock = options.clock;
    this.logger = options.logger;
    this.readBackoff = new Backoff(options.clock);
    this.deliverBackoff = new Backoff(options.clock);
    this.options = {
      ...options,
      horizonMs: options.horizonMs ?? MINUTE_MS,
      pageRows: options.pageRows ?? 1_000,
      deliverTicksMax: options.deliverTicksMax ?? 500,
      heldTicksMax: options.heldTicksMax ?? 20_000,
    };
  }

  async schedule(tick: ArmedTick): Promise<{ messageId: string }> {
    const lane = this.laneOf(tick);
    if (this.running && lane !== undefined && tick.dueAt.getTime() < lane.readUntilMs) {
      if (lane.queue.add(tick)) this.setTimer();
    }
    return { messageId: this.messageIdOf(tick) };
  }

  messageIdOf(tick: Pick<ArmedTick, 'tickToken' | 'publication'>): string {
    return `${MESSAGE_ID_PREFIX}${publicationId(tick)}`;
  }

  async cancel(messageId: string): Promise<void> {
    const id = messageId.slice(MESSAGE_ID_PREFIX.length);
    for (const { queue } of this.lanes.values()) queue.removePublication(id);
  }

  /** Resolves after the first read, or its failure: an unavailable database delays ticks, never the start. */
  async start(): Promise<void> {
    if (this.running) return;
    this.running = true;
    this.lanes = new Map();
    for (const pool of RUN_POOLS) this.lanes.set(pool, new DueLane(this.options.heldTicksMax));
    this.stopListening = this.options.room.onFreed(() => {
      if ([...this.lanes.values()].some(({ queue }) => queue.isWaiting)) this.setTimer();
    });
    this.work();
    await this.reading;
  }

  async stop(): Promise<void> {
    this.running = false;
    this.stopListening();
    this.timer?.cancel();
    this.timer = null;
    this.readBackoff.cancel();
    this.deliverBackoff.cancel();
    await Promise.all([this.reading, this.delivering]);
  }

  async check(): Promise<void> {
    if (!this.running) throw new SchedulerUnavailableError('The local scheduler is not started');
    if (this.readBackoff.failures > 0) {
      throw new SchedulerUnavailableError(
        'The local scheduler cannot read the armed tasks from the database',
      );
    }
  }

  /** Starts the reading and delivery that are due, and sets the timer for what comes next. */
  private work(): void {
    if (!this.running) return;
    if (this.reading === null) this.startOverIfSetBack();
    if (this.reading === null && !this.readBackoff.isWaiting) {
      const lanes = this.lanesToRead();
      if (lanes.length > 0) {
        this.reading = this.read(lanes).finally(() => {
          this.reading = null;
          this.work();
        });
      }
    }
    if (this.delivering === null && !this.deliverBackoff.isWaiting) {
      const due = this.takeDue();
      if (due.length > 0) {
        this.delivering = this.deliver(due).finally(() => {
          this.delivering = null;
          this.work();
        });
      }
    }
    this.setTimer();
  }

  /** What is due and has room, from every pool. */
  private takeDue(): ArmedTick[] {
    const nowMs = this.nowMs();
    const due: ArmedTick[] = [];
    for (const [pool, { queue }] of this.lanes) {
      const limit = Math.min(this.options.room.free(pool), this.options.deliverTicksMax - due.length);
      due.push(...queue.takeDue(nowMs, limit));
    }
    return due;
  }

  private setTimer(): void {
    if (!this.running) return;
    const halfHorizonMs = this.options.horizonMs / 2;
    const nowMs = this.nowMs();
    const isDelivering = this.delivering !== null || this.deliverBackoff.isWaiting;
    // Ticks that fall due during a delivery are taken as one batch when it ends.
    const dueInMs = isDelivering ? halfHorizonMs : this.nextDueMs(nowMs) - nowMs;
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

  /** When the next tick can be delivered, as far as is known. What waits for room is called when it comes. */
  private nextDueMs(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [pool, { queue }] of this.lanes) {
      if (!queue.isWaiting) nextMs = Math.min(nextMs, queue.nextDueMs());
      else if (this.options.room.free(pool) > 0) return nowMs;
    }
    return nextMs;
  }

  private lanesToRead(): DueLane[] {
    return [...this.lanes.values()].filter((lane) =>
      lane.wantsMore(this.nowMs(), this.options.horizonMs / 2),
    );
  }

  /** After the clock was set back, ticks that are due within the horizon may be unread. */
  private startOverIfSetBack(): void {
    for (const lane of this.lanes.values())
      if (lane.readUntilMs > this.nowMs() + this.options.horizonMs) lane.startOver();
  }

  /** Reads up to the horizon for these lanes, page by page, or as far as their windows allow. */
  private async read(lanes: readonly DueLane[]): Promise<void> {
    const { loadDue, horizonMs, pageRows } = this.options;
    const dueBefore = new Date(this.nowMs() + horizonMs);
    let after = earliest(lanes.map((lane) => lane.readFrom));
    for (const lane of lanes) lane.beginReading(dueBefore);
    try {
      while (this.running && lanes.some((lane) => lane.isReading)) {
        const page = await loadDue({ after, dueBefore, limit: pageRows });
        for (const tick of page) this.laneOf(tick)?.offer(tick);
        this.readBackoff.succeeded();
        const last = page.at(-1);
        if (last === undefined || page.length < pageRows) {
          for (const lane of lanes) lane.finishReading(dueBefore);
          return;
        }
        after = { dueAt: last.dueAt, tickToken: last.tickToken };
        for (const lane of lanes) lane.reached(after);
      }
    } catch (error) {
      this.readFailed(error);
    } finally {
      for (const lane of lanes) lane.endReading();
    }
  }

  private readFailed(error: unknown): void {
    if (!this.running) return;
    const delayMs = this.readBackoff.failed(() => this.work());
    this.logger.error({ err: rootCause(error), delayMs }, 'Reading the armed tasks failed; retrying');
  }

  private async deliver(ticks: ArmedTick[]): Promise<void> {
    try {
      const { noRoom, unavailable } = await this.options.deliver(ticks);
      for (const tick of [...noRoom, ...unavailable]) this.laneOf(tick)?.queue.putBack(tick);
      if (unavailable.length === 0) this.deliverBackoff.succeeded();
      else if (this.running) this.deliverBackoff.failed(() => this.work());
    } catch (error) {
      this.logger.error(
        { err: rootCause(error), ticks: ticks.length },
        'Delivering ticks failed; the watchdog will publish them again',
      );
    }
  }

  private laneOf({ agentKind }: Pick<ArmedTick, 'agentKind'>): DueLane | undefined {
    return this.lanes.get(poolOf(agentKind));
  }

  private nowMs(): number {
    return this.clock.now().getTime();
  }
}

/** The position from which a read misses nothing that any of these still need. */
function earliest(positions: readonly (DuePosition | null)[]): DuePosition | null {
  const [first = null, ...others] = positions;
  return others.reduce((a, b) => (a === null || b === null ? null : isAfter(a, b) ? b : a), first);
}
