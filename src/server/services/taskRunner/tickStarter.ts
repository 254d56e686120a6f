import { loadTaskStates } from '@everbeat/database';
import {
  type AgentKind,
  decideTick,
  errorMessage,
  isUuid,
  poolOf,
  priorityRank,
  type SkipReason,
  type TaskState,
} from '@everbeat/domain';
import type { TickMessage } from '@everbeat/scheduler';
import type { RunnerDeps, TickResult } from './ports';
import type { Place } from './room';
import type { Claim, RunClaims } from './runClaims';

/**
 * How often a tick's claim is repeated that took no row although the decision allows it: another write
 * overtook it, its row is held, or its agent is of another kind than was thought.
 */
const CLAIM_ATTEMPTS_MAX = 3;

export interface StartedTick {
  result: TickResult;
  /** Resolves when the run is settled or handed over; immediately for a skip. Never rejects. */
  finished: Promise<void>;
}

export interface TickOptions {
  /** The kind of agent that the run is thought to need, if that is known. */
  agentKind?: AgentKind | null;
  /** How long to wait for room, if there is none; default: not at all. */
  waitMs?: number;
}

/** What a first look at a tick came to, if it started nothing. */
type NotStarted = { kind: 'skip'; reason: SkipReason } | { kind: 'may-run'; state: TaskState };

/** Starts the operations of ticks: a place first, then the claim (PROTOCOL §4.2). */
export class TickStarter {
  /** What is still done in the background: each entry is removed when it has ended. */
  readonly background = new Set<Promise<void>>();

  constructor(
    private readonly deps: RunnerDeps & { claims: RunClaims; execute(claim: Claim): Promise<void> },
  ) {}

  /**
   * Starts the operation of a tick, or returns why not. A skip is a result, not an error. So is a lack of
   * room: then nothing is claimed, and the arm stays as it is.
   * @throws database errors; nothing was started then
   */
  async start(tick: TickMessage, { agentKind, waitMs = 0 }: TickOptions = {}): Promise<StartedTick> {
    const tried = await this.tryFirst(tick, agentKind);
    if ('result' in tried) return tried;
    if (tried.kind === 'skip') return this.skip(tick, tried.reason);
    const place = await this.placeFor(tried.state, waitMs);
    return place === null ? noRoom(tried.state) : this.insist(tick, place);
  }

  /**
   * The same for a scheduler that has others to deliver: resolves when the tick was tried together with
   * those. What remains to do when it started nothing, and may have to wait for a row that another session
   * holds, is done in the background. Then the result is null.
   * @throws database errors; nothing was started then
   */
  async deliver(tick: TickMessage, agentKind?: AgentKind | null): Promise<TickResult | null> {
    const tried = await this.tryFirst(tick, agentKind);
    if ('result' in tried) return tried.result;
    if (tried.kind === 'skip') {
      void this.inBackground(tick, this.skip(tick, tried.reason));
      return null;
    }
    const place = await this.placeFor(tried.state, 0);
    if (place === null) return noRoom(tried.state).result;
    void this.inBackground(tick, this.insist(tick, place));
    return null;
  }

  private inBackground(tick: TickMessage, rest: Promise<StartedTick>): void {
    const ended = rest
      .then(noop, (error) => {
        this.deps.logger.warn(
          { taskId: tick.taskId, reason: errorMessage(error) },
          'A tick could not be handled yet; the watchdog publishes it again',
        );
      })
      .finally(() => this.background.delete(ended));
    this.background.add(ended);
  }

  private async tryFirst(
    tick: TickMessage,
    agentKind: AgentKind | null | undefined,
  ): Promise<StartedTick | NotStarted> {
    if (!isUuid(tick.taskId)) return { kind: 'skip', reason: 'not-found' };
    return this.tryWith(tick, this.firstPlaces(tick, agentKind), 'shared');
  }

  /** The place that the tick will need; where that is not known, one of each pool. */
  private firstPlaces(tick: TickMessage, agentKind: AgentKind | null | undefined): Place[] {
    const { room, claims } = this.deps;
    const pool = agentKind === undefined ? claims.knownPool(tick.taskId) : poolOf(agentKind);
    if (pool === undefined) return room.takeOfEach();
    const place = room.take(pool);
    return place === null ? [] : [place];
  }

  private async placeFor(state: TaskState, waitMs: number): Promise<Place | null> {
    const { room, clock } = this.deps;
    const pool = poolOf(state.agentKind);
    const place = room.take(pool);
    if (place !== null || waitMs === 0) return place;
    const dueMs = Date.parse(state.scheduler.dueAt ?? '');
    return room.waitForTick(pool, { rank: priorityRank(state.priority), dueMs }, { clock, waitMs });
  }

  /**
   * Further attempts at a tick that nothing speaks against. Each is made alone and waits a moment for a held
   * row. When it is still held then, the tick is left to those who publish it again: the queue, the watchdog.
   * @throws database errors, contention among them
   */
  private async insist(tick: TickMessage, first: Place): Promise<StartedTick> {
    let place: Place | null = first;
    for (let attempt = 1; attempt < CLAIM_ATTEMPTS_MAX; attempt += 1) {
      const tried: StartedTick | NotStarted = await this.tryWith(tick, [place], 'alone');
      if ('result' in tried) return tried;
      if (tried.kind === 'skip') return this.skip(tick, tried.reason);
      place = await this.placeFor(tried.state, 0);
      if (place === null) return noRoom(tried.state);
    }
    place.release();
    return this.skip(tick, 'in-flight');
  }

  private async tryWith(
    tick: TickMessage,
    places: readonly Place[],
    wait: 'shared' | 'alone',
  ): Promise<StartedTick | NotStarted> {
    const claim = await this.deps.claims.forTick(tick, places, wait);
    if (claim !== null) {
      const { topicId, operationId } = claim.run;
      return { result: { ran: true, topicId, operationId }, finished: this.deps.execute(claim) };
    }
    const state = (await loadTaskStates(this.deps.db, [tick.taskId])).get(tick.taskId) ?? null;
    const decision = decideTick(state, tick, this.deps.clock.now());
    if (!decision.run) return { kind: 'skip', reason: decision.reason };
    return state === null ? { kind: 'skip', reason: 'not-found' } : { kind: 'may-run', state };
  }

  private async skip(tick: TickMessage, reason: SkipReason): Promise<StartedTick> {
    this.deps.logger.debug({ taskId: tick.taskId, reason }, 'A tick was skipped');
    await this.deps.settlement.afterSkip(tick, reason);
    return { result: { ran: false, reason }, finished: Promise.resolve() };
  }
}

const noRoom = ({ agentKind }: TaskState): StartedTick => ({
  result: { ran: false, reason: 'no-room', agentKind },
  finished: Promise.resolve(),
});

const noop = (): void => undefined;
