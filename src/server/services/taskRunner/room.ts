import { type Clock, freePlaces, perPool, type RoomLimits, RUN_POOLS, type RunPool } from '@everbeat/domain';

/** The right to execute one run. */
export interface Place {
  readonly pool: RunPool;
  /** Idempotent. */
  release(): void;
}

/**
 * How many places beyond the limit of each pool are kept for people, so that a person's run does not wait
 * behind a backlog of ticks.
 */
const RESERVE = 4;
/**
 * Further ticks that wait inside their requests are turned away at once: what waits belongs to the database.
 */
const WAITING_TICKS_MAX = 200;

/** Who goes first among ticks: the rank of the priority, then the due time. */
export interface Turn {
  rank: number;
  dueMs: number;
}

interface Waiting {
  /** Null for a person, who goes before every tick. */
  turn: Turn | null;
  grant(place: Place | null): void;
}

/**
 * The places of this process (PROTOCOL §4.2). A tick is claimed only with a place in hand. A person's run is
 * claimed at once: it takes a place beyond the limit, from a small reserve, and when that is used up too, it
 * waits ahead of every tick.
 */
export class RunRoom {
  private readonly used = perPool(() => 0);
  private readonly waiting = perPool((): Waiting[] => []);
  private readonly listeners = new Set<() => void>();
  private isClosed = false;

  constructor(private readonly limits: RoomLimits) {}

  /** The places that ticks may take now: none while a person waits, as people wait only beyond the limit. */
  free(pool: RunPool): number {
    return this.isClosed ? 0 : Math.max(0, freePlaces(this.limits, this.used, pool));
  }

  take(pool: RunPool): Place | null {
    return this.free(pool) > 0 ? this.grant(pool) : null;
  }

  /** A place in each pool that has one, for a tick whose kind of agent is not known yet. */
  takeOfEach(): Place[] {
    return RUN_POOLS.flatMap((pool) => this.take(pool) ?? []);
  }

  /**
   * Waits for a place for up to `waitMs`. Null: there was none, too many wait already, or the room closed.
   */
  waitForTick(pool: RunPool, turn: Turn, wait: { clock: Clock; waitMs: number }): Promise<Place | null> {
    if (this.isClosed || this.waiting[pool].length >= WAITING_TICKS_MAX) return Promise.resolve(null);
    return new Promise((resolve) => {
      const cancelTimer = wait.clock.after(wait.waitMs, () => this.leave(pool, waiting));
      const waiting: Waiting = {
        turn,
        grant(place) {
          cancelTimer();
          resolve(place);
        },
      };
      this.join(pool, waiting);
    });
  }

  /**
   * A place for a person's run, at once or as soon as there is one. Null: aborted, or the room has closed.
   */
  forPerson(pool: RunPool, signal?: AbortSignal): Promise<Place | null> {
    if (this.isClosed || signal?.aborted) return Promise.resolve(null);
    if (this.mayServePerson(pool)) return Promise.resolve(this.grant(pool));
    return new Promise((resolve) => {
      const leave = (): void => this.leave(pool, waiting);
      const waiting: Waiting = {
        turn: null,
        grant(place) {
          signal?.removeEventListener('abort', leave);
          resolve(place);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.join(pool, waiting);
    });
  }

  /** Calls back whenever a place was released. Returns a function that ends it. */
  onFreed(callback: () => void): () => void {
    this.listeners.add(callback);
    return () => this.listeners.delete(callback);
  }

  /** The server stops: no more places are given, and nobody waits any more. */
  close(): void {
    this.isClosed = true;
    for (const pool of RUN_POOLS) for (const { grant } of this.waiting[pool].splice(0)) grant(null);
  }

  private grant(pool: RunPool): Place {
    this.used[pool] += 1;
    let isHeld = true;
    return {
      pool,
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        this.used[pool] -= 1;
        this.serveWaiting();
        for (const callback of this.listeners) callback();
      },
    };
  }

  /** A place that one pool gives back may be room for another, as the memory is shared. */
  private serveWaiting(): void {
    for (const pool of RUN_POOLS) {
      const line = this.waiting[pool];
      for (let first = line[0]; first !== undefined; first = line[0]) {
        const mayGo = first.turn === null ? this.mayServePerson(pool) : this.free(pool) > 0;
        if (!mayGo) break;
        line.shift();
        first.grant(this.grant(pool));
      }
    }
  }

  private mayServePerson(pool: RunPool): boolean {
    return freePlaces(this.limits, this.used, pool) > -RESERVE;
  }

  /** People before ticks, ticks by their turns, equals in the order in which they came. */
  private join(pool: RunPool, waiting: Waiting): void {
    const line = this.waiting[pool];
    const later = line.findIndex((other) => isBefore(waiting.turn, other.turn));
    line.splice(later < 0 ? line.length : later, 0, waiting);
  }

  private leave(pool: RunPool, waiting: Waiting): void {
    const line = this.waiting[pool];
    const at = line.indexOf(waiting);
    if (at < 0) return;
    line.splice(at, 1);
    waiting.grant(null);
  }
}

function isBefore(a: Turn | null, b: Turn | null): boolean {
  if (b === null) return false;
  if (a === null) return true;
  return a.rank === b.rank ? a.dueMs < b.dueMs : a.rank < b.rank;
}
