import { agentKinds } from '@everbeat/agents';
import type { BatchLimits } from '@everbeat/batching';
import {
  beginExecution,
  type ClaimedRun,
  hasTopic,
  type LockWait,
  loadTaskStates,
  takeBackOperation,
} from '@everbeat/database';
import {
  AppError,
  decideManualRun,
  decideTick,
  errorMessage,
  isUuid,
  perAgentKind,
  type SkipReason,
  sleep,
} from '@everbeat/domain';
import type { TickMessage } from '@everbeat/scheduler';
import pLimit from 'p-limit';
import type { SettleResult } from '../taskLifecycle/completion';
import { type Callback, completionByCallback, knowsCallback, type ReportedAnswer } from './callbackReport';
import { callbackHash } from './callbackSecret';
import { ClaimQueue } from './claimQueue';
import { AGENT_MISSING, completionOf, executeRun } from './execution';
import { LeaseKeeper } from './leaseKeeper';
import type { RunnerDeps, TickResult } from './ports';
import { settleWithRetries } from './settleWithRetries';

/**
 * How often a tick's claim is repeated that took no row although the decision allows it: another write
 * overtook it.
 */
const CLAIM_ATTEMPTS_MAX = 3;

/** The same for a manual run. Each round, at least one of the competing writes succeeds. */
const MANUAL_CLAIM_ATTEMPTS_MAX = 20;

export interface ManualRunOptions {
  taskId: string;
  /** Added to the prompt of this one run. */
  prompt?: string;
  /** The topic to continue; without it, the run starts a new one. */
  continueTopicId?: string;
}

export interface StartedTick {
  result: TickResult;
  /** Resolves when the run is settled or handed over; immediately for a skip. Never rejects. */
  finished: Promise<void>;
}

/** Starts operations, for ticks and for people: claims, runs the agent, settles (PROTOCOL §3). */
export class TaskRunnerService {
  private readonly claims: ClaimQueue;
  private readonly leases: LeaseKeeper;
  /** Runs beyond the limit of their agent's kind wait, and their leases are renewed meanwhile. */
  private readonly limits = perAgentKind((kind) => pLimit(agentKinds[kind].maxConcurrency));
  private readonly active = new Set<Promise<void>>();
  private stopping = false;

  constructor(private readonly deps: RunnerDeps & { batching?: BatchLimits }) {
    this.leases = new LeaseKeeper(deps);
    this.claims = new ClaimQueue(deps);
  }

  /**
   * Starts the operation of a tick, or returns why not. A skip is a result, not an error.
   * @throws database errors; nothing was started then
   */
  async runTick(tick: TickMessage): Promise<StartedTick> {
    const started = await this.claimTick(tick, 'shared');
    if (started !== null) return started;
    const reason = await this.reasonAgainst(tick);
    return reason === null ? this.insistOnTick(tick) : this.skip(tick, reason);
  }

  /**
   * Starts the operation of a tick for a scheduler that has others to deliver: resolves when the tick was tried
   * together with those. What remains to do when it started nothing, and may have to wait for a row that
   * another session holds, is done in the background.
   * @throws database errors; nothing was started then
   */
  async deliverTick(tick: TickMessage): Promise<void> {
    if ((await this.claimTick(tick, 'shared')) !== null) return;
    const reason = await this.reasonAgainst(tick);
    const rest = reason === null ? this.insistOnTick(tick) : this.skip(tick, reason);
    const ended = rest
      .then(noop, (error) => {
        this.deps.logger.warn(
          { taskId: tick.taskId, reason: errorMessage(error) },
          'A tick could not be handled yet; the watchdog publishes it again',
        );
      })
      .finally(() => this.active.delete(ended));
    this.active.add(ended);
  }

  /**
   * Further attempts at a tick that nothing speaks against. Each is made alone and waits a moment for a held
   * row. When it is still held then, the tick is left to those who publish it again: the queue, the watchdog.
   * @throws database errors, contention among them
   */
  private async insistOnTick(tick: TickMessage): Promise<StartedTick> {
    for (let attempt = 1; attempt < CLAIM_ATTEMPTS_MAX; attempt += 1) {
      const started = await this.claimTick(tick, 'alone');
      if (started !== null) return started;
      const reason = await this.reasonAgainst(tick);
      if (reason !== null) return this.skip(tick, reason);
    }
    return this.skip(tick, 'in-flight');
  }

  private async claimTick(tick: TickMessage, wait: LockWait): Promise<StartedTick | null> {
    if (!isUuid(tick.taskId)) return null;
    const request = { ...tick, revision: null, continueTopicId: null, extraPrompt: null, deferred: false };
    const { claimed, secret } = await this.claims.claim(request, wait);
    if (claimed === null) return null;
    const { topicId, operationId } = claimed;
    return { result: { ran: true, topicId, operationId }, finished: this.execute(claimed, secret) };
  }

  /** Why a tick starts nothing. Null: nothing speaks against it, but another write or a held row did. */
  private async reasonAgainst(tick: TickMessage): Promise<SkipReason | null> {
    if (!isUuid(tick.taskId)) return 'not-found';
    const state = (await loadTaskStates(this.deps.db, [tick.taskId])).get(tick.taskId) ?? null;
    const decision = decideTick(state, tick, this.deps.clock.now());
    return decision.run ? null : decision.reason;
  }

  private async skip(tick: TickMessage, reason: SkipReason): Promise<StartedTick> {
    this.deps.logger.debug({ taskId: tick.taskId, reason }, 'A tick was skipped');
    await this.deps.settlement.afterSkip(tick, reason);
    return { result: { ran: false, reason }, finished: Promise.resolve() };
  }

  /**
   * A person's "run now". Resolves once the task is claimed; the run continues in this process, or in the
   * request that the queue delivers.
   * @throws AppError `task-not-found`, `topic-not-found`, `run-in-flight`, `state-changed`, `dispatch-failed`
   */
  async run(userId: string, options: ManualRunOptions) {
    const { queue } = this.deps;
    const { claimed, secret } = await this.claimForPerson(userId, options);
    await this.deps.cancelMessage(claimed.supersededMessageId);
    if (queue === null) void this.execute(claimed, secret);
    else await this.dispatch(claimed, () => queue.execute(claimed.operationId));
    return {
      taskId: claimed.state.id,
      taskIdentifier: claimed.state.identifier,
      topicId: claimed.topicId,
      operationId: claimed.operationId,
    };
  }

  /** Executes an operation that `run` claimed and the queue delivers: once, however often it is delivered. */
  async executeDeferred(operationId: string): Promise<{ started: boolean; finished: Promise<void> }> {
    const secret = this.deps.ids.secret();
    const begin = { operationId, callbackHash: callbackHash(secret) };
    const run = await beginExecution(this.deps.db, begin, this.deps.clock.now());
    if (run === null) return { started: false, finished: Promise.resolve() };
    return { started: true, finished: this.execute(run, secret) };
  }

  /** Whether a callback address is one of an operation's. Lets a route refuse a stranger before it reads a body. */
  knowsCallback(callback: Callback): Promise<boolean> {
    return knowsCallback(this.deps.db, callback);
  }

  /**
   * The later report of an agent that answered 202.
   * @throws AppError `operation-not-found` when the operation or its secret is wrong; database errors
   */
  async completeByCallback(callback: Callback, answer: ReportedAnswer): Promise<SettleResult> {
    return this.deps.settlement.settle(await completionByCallback(this.deps, callback, answer));
  }

  /** Stops the agent of an operation, if it runs in this process. */
  abort(operationId: string): void {
    this.leases.abort(operationId);
  }

  /**
   * Renews the leases of this process's runs now, e.g. after the host was suspended for longer than they
   * last.
   */
  renewLeases(): Promise<void> {
    return this.leases.renew();
  }

  /** Resolves once no run of this process is in progress. */
  async idle(): Promise<void> {
    while (this.active.size > 0) await Promise.all(this.active);
  }

  /** Waits up to `graceMs` for runs to end, then stops their agents and settles them as stopped. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    await Promise.race([this.idle(), sleep(this.deps.clock, graceMs)]);
    this.leases.abortAll();
    await Promise.race([this.idle(), sleep(this.deps.clock, STOP_MS)]);
  }

  /**
   * Claims a task for a person over the state it was decided from. When the task has changed since, reads and
   * decides again.
   */
  private async claimForPerson(
    userId: string,
    { taskId, prompt, continueTopicId }: ManualRunOptions,
  ): Promise<{ claimed: ClaimedRun; secret: string }> {
    const { db, queue } = this.deps;
    for (let attempt = 0; attempt < MANUAL_CLAIM_ATTEMPTS_MAX; attempt += 1) {
      const state = (await loadTaskStates(db, [taskId])).get(taskId) ?? null;
      const isTopicFound =
        continueTopicId === undefined || (await hasTopic(db, { taskId, topicId: continueTopicId }));
      const { revision } = decideManualRun(state, { userId, isTopicFound });
      const request = {
        ...{ taskId, userId, tickToken: null, revision, continueTopicId: continueTopicId ?? null },
        ...{ extraPrompt: prompt ?? null, deferred: queue !== null },
      };
      const { claimed, secret } = await this.claims.claim(request, attempt === 0 ? 'shared' : 'alone');
      if (claimed !== null) return { claimed, secret };
    }
    throw new AppError('state-changed', 'The task is being changed by others at this moment; try again');
  }

  /**
   * Sends the caller's own claim to the queue, and rolls it back when the queue does not accept it. The queue
   * may have accepted it although its response was lost, so the operation is taken back first; one that has
   * begun continues.
   */
  private async dispatch(claimed: ClaimedRun, send: () => Promise<void>): Promise<void> {
    try {
      await send();
    } catch (error) {
      const isTakenBack = await takeBackOperation(this.deps.db, claimed.operationId, this.deps.clock.now());
      if (!isTakenBack) return;
      const message = 'The run could not be handed to the queue; nothing was started. Try again in a moment';
      this.deps.logger.error({ operationId: claimed.operationId, reason: errorMessage(error) }, message);
      await this.deps.settlement.rollback({
        taskId: claimed.state.id,
        userId: claimed.state.userId,
        operationId: claimed.operationId,
        topicId: claimed.topicId,
        errorMessage: message,
      });
      throw new AppError('dispatch-failed', message, { cause: error });
    }
  }

  private execute(run: ClaimedRun, secret: string): Promise<void> {
    const { agent } = run;
    const isStopping = (): boolean => this.stopping;
    const signal = this.leases.hold(run.operationId, run.state.heartbeatTimeout);
    const work = async (): Promise<void> => {
      try {
        const completion =
          agent === null
            ? completionOf(run, AGENT_MISSING, [])
            : await this.limits[agent.kind](() =>
                executeRun(this.deps, { ...run, agent }, { secret, signal, isStopping }),
              );
        this.leases.agentEnded(run.operationId);
        if (completion !== null) await settleWithRetries(this.deps, completion, run.state, isStopping);
      } catch (error) {
        this.deps.logger.error({ err: error, operationId: run.operationId }, 'A run ended unsettled');
      } finally {
        this.leases.release(run.operationId);
      }
    };
    const finished = work().finally(() => this.active.delete(finished));
    this.active.add(finished);
    return finished;
  }
}

const noop = (): void => undefined;

/** How long agents may take to end after they were aborted, before the process exits. */
const STOP_MS = 6_000;
