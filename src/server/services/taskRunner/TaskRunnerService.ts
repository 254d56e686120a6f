import type { StepQuestion } from '@everbeat/agents';
import { type BatchLimits, createBatcher } from '@everbeat/batching';
import {
  beginExecution,
  type ClaimedRun,
  type HeldOperation,
  isDatabaseUnavailable,
  type LostOperation,
  loadMemories,
  releaseOperation,
  renameTask,
  takeOverOperation,
} from '@everbeat/database';
import { type AgentKind, AppError, defaultTaskName, errorMessage, poolOf, sleep } from '@everbeat/domain';
import type { TickMessage } from '@everbeat/scheduler';
import { hashSecret } from '@everbeat/vault';
import type { RunMoney } from '../spend/runMoney';
import type { SettleResult } from '../taskLifecycle/completion';
import { moneyOf } from './budgetOfRun';
import { type Callback, knowsCallback, readLaterReport } from './callbackReport';
import { dispatchToQueue } from './dispatch';
import { type ExecutionDeps, executeRun, type RunEnd } from './execution';
import { LeaseKeeper } from './leaseKeeper';
import type { RunnerDeps, TickResult } from './ports';
import { type Claim, type ManualRunOptions, RunClaims } from './runClaims';
import type { ActiveRun } from './runContext';
import { settleWithRetries } from './settleWithRetries';
import { createStepWrites, OperationJournal, type StepWrites } from './stepJournal';
import { type StartedTick, type TickOptions, TickStarter } from './tickStarter';

/** Few, because a memory may be a megabyte. */
const MEMORIES_PER_CALL_MAX = 8;

/** How a stop proceeds (PROTOCOL §3.2): the process has to end within 7 s, its database included. */
const STOP_MS = { untilAbort: 1_000, untilGivenUp: 3_200, untilSettled: 1_000 } as const;

/** Starts operations, for ticks and for people: claims, runs the agent, settles (PROTOCOL §3). */
export class TaskRunnerService {
  private readonly claims: RunClaims;
  private readonly ticks: TickStarter;
  private readonly leases: LeaseKeeper;
  private readonly execution: ExecutionDeps;
  private readonly stepWrites: StepWrites;
  private readonly active = new Map<Promise<void>, ActiveRun>();
  /** What may claim a task yet. */
  private readonly starts = new Set<Promise<unknown>>();
  private stopping = false;

  constructor(private readonly deps: RunnerDeps & { batching?: BatchLimits }) {
    this.claims = new RunClaims(deps);
    this.ticks = new TickStarter({ ...deps, claims: this.claims, execute: (claim) => this.execute(claim) });
    this.leases = new LeaseKeeper(deps);
    const memories = createBatcher<{ taskId: string; userId: string }, unknown>({
      run: (keys) => loadMemories(deps.db, keys),
      maxBatchSize: MEMORIES_PER_CALL_MAX,
      maxConcurrentBatches: 2,
      mayRetryAlone: (error) => !isDatabaseUnavailable(error),
    });
    this.execution = { ...deps, loadMemory: (key) => memories.add(key) };
    this.stepWrites = createStepWrites(deps);
  }

  /**
   * Starts the operation of a tick, or returns why not. A skip is a result, not an error. So is a lack of
   * room: then nothing is claimed, and the arm stays as it is.
   * @throws database errors; nothing was started then
   */
  runTick(tick: TickMessage, options: TickOptions = {}): Promise<StartedTick> {
    return this.starting(this.ticks.start(tick, options));
  }

  /**
   * The same for a scheduler that has others to deliver (see `TickStarter.deliver`).
   * @throws database errors; nothing was started then
   */
  deliverTick(tick: TickMessage, agentKind?: AgentKind | null): Promise<TickResult | null> {
    return this.starting(this.ticks.deliver(tick, agentKind));
  }

  /**
   * A person's "run now". Resolves once the task is claimed; the run continues in this process, or in the
   * request that the queue delivers. It does not wait behind ticks (see `RunRoom`).
   * @throws AppError `task-not-found`, `topic-not-found`, `run-in-flight`, `state-changed`,
   * `dispatch-failed`, `unavailable`
   */
  async run(userId: string, options: ManualRunOptions) {
    this.refuseWhileStopping();
    const { queue } = this.deps;
    const claim = await this.starting(this.claims.forPerson(userId, options));
    const { run } = claim;
    if (queue === null) void this.execute(claim);
    await this.deps.cancelMessage(run.supersededMessageId);
    if (queue !== null) await dispatchToQueue(this.deps, run, () => queue.execute(run));
    return {
      taskId: run.state.id,
      taskIdentifier: run.state.identifier,
      topicId: run.topicId,
      operationId: run.operationId,
    };
  }

  /**
   * Executes an operation that `run` claimed and the queue delivers: once, however often it is delivered.
   * @throws AppError `unavailable` while the process stops; database errors
   */
  async executeDeferred(operationId: string): Promise<{ started: boolean; finished: Promise<void> }> {
    this.refuseWhileStopping();
    const secret = this.deps.ids.secret();
    const begin = { operationId, callbackHash: hashSecret(secret) };
    const run = await this.starting(beginExecution(this.deps.db, begin, this.deps.clock.now()));
    if (run === null) return { started: false, finished: Promise.resolve() };
    return { started: true, finished: this.execute({ run, secret, place: null }) };
  }

  /**
   * Goes on with an operation whose process gave no sign of life, from its last recorded step (PROTOCOL §9):
   * in this process, or in a request that the queue delivers. False: it has ended, or somebody else has taken
   * it meanwhile. If this process dies as well, its lease runs out once more.
   * @throws database errors; the operation is as it was then
   */
  async takeOver(lost: LostOperation): Promise<boolean> {
    if (this.stopping) return false;
    const { db, clock } = this.deps;
    const isTaken = await this.starting(takeOverOperation(db, lost, clock.now()));
    if (isTaken) await this.goOn({ ...lost, leaseEpoch: lost.leaseEpoch + 1 });
    return isTaken;
  }

  /** Whether the runs of this kind of agent can be taken over. */
  keepsSteps(kind: AgentKind | null): boolean {
    return kind !== null && this.deps.runtimes[kind].keepsSteps === true;
  }

  /**
   * Whether a callback address is one of an operation's. Lets a route refuse a stranger before it reads a
   * body.
   */
  knowsCallback(callback: Callback): Promise<boolean> {
    return knowsCallback(this.deps.db, callback);
  }

  /**
   * What an agent that answered 202 has sent later. `misfit`: why that is no report; nothing was settled.
   * @throws what `readLaterReport` throws
   */
  async completeByCallback(callback: Callback, body: unknown): Promise<SettleResult | { misfit: string }> {
    const read = await readLaterReport(this.deps, callback, body);
    return 'misfit' in read ? read : this.deps.settlement.settle(read.completion);
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
    const ofTicks = this.ticks.background;
    while (this.active.size + ofTicks.size > 0) await Promise.all([...this.active.keys(), ...ofTicks]);
  }

  /**
   * Hands the runs over to the next process, within about five seconds. Nothing more is claimed. Runs that
   * have not called their agent are rolled back at once. The others may end for a moment; then their agents
   * are stopped, and what does not end is settled as lost, whatever its agent does. If the database is away,
   * the leases run out, and the watchdog settles those runs.
   */
  async stop(): Promise<void> {
    this.stopping = true;
    this.deps.room.close();
    for (const { operationId, hasCalledAgent } of this.active.values())
      if (!hasCalledAgent) this.leases.abort(operationId);
    await this.idleWithin(STOP_MS.untilAbort);
    this.leases.abortAll();
    await this.idleWithin(STOP_MS.untilGivenUp);
    for (const active of this.active.values()) active.giveUp();
    await this.idleWithin(STOP_MS.untilSettled);
    const { size } = this.active;
    if (size > 0)
      this.deps.logger.error({ runs: size }, 'Runs were left unsettled; the watchdog settles them');
  }

  private idleWithin(ms: number): Promise<void> {
    const quiet = async (): Promise<void> => {
      while (this.starts.size > 0) await Promise.allSettled(this.starts);
      await this.idle();
    };
    return Promise.race([quiet(), sleep(this.deps.clock, ms)]);
  }

  /** Remembers the start of a run until it is claimed, so that a stop does not overlook it. */
  private starting<Result>(start: Promise<Result>): Promise<Result> {
    const noted = start.finally(() => this.starts.delete(noted));
    this.starts.add(noted);
    return noted;
  }

  private refuseWhileStopping(): void {
    if (this.stopping) throw new AppError('unavailable', 'The server is stopping; try again in a moment');
  }

  /**
   * Has an operation executed that no process executes. Never throws: what is lost is found by the watchdog.
   */
  async goOn(operation: HeldOperation): Promise<void> {
    const { queue, logger } = this.deps;
    try {
      if (queue !== null) await queue.execute(operation);
      else if (!this.stopping) await this.executeDeferred(operation.operationId);
    } catch (error) {
      logger.warn(
        { operationId: operation.operationId, reason: errorMessage(error) },
        'A run could not be gone on with yet; the watchdog tries again when its lease is over',
      );
    }
  }

  /** Gives a run that is not finished to another process, or to the next request. */
  private async release(run: ClaimedRun): Promise<void> {
    const { db, clock } = this.deps;
    const isReleased = await releaseOperation(db, run, clock.now());
    if (isReleased) await this.goOn({ ...run, leaseEpoch: run.leaseEpoch + 1 });
  }

  /** A run whose agent was not called. What an earlier process has done of it must not be undone. */
  private giveBack(run: ClaimedRun): Promise<void> {
    if (run.leaseEpoch > 0) return this.release(run);
    return this.deps.settlement.rollback(notBegun(run, this.stopping), run.state);
  }

  /**
   * Leaves a run to the person who has to answer. If that cannot be written now, its lease runs out, and
   * whoever goes on with it asks again.
   */
  private park(run: ClaimedRun, briefId: string, question: StepQuestion): Promise<void> {
    const { operationId, topicId, leaseEpoch, state } = run;
    const parked = { operationId, topicId, leaseEpoch, taskId: state.id, userId: state.userId };
    return this.deps.settlement.park({ ...parked, briefId, question }, state);
  }

  private execute(claim: Claim): Promise<void> {
    const { operationId, state, leaseFrom } = claim.run;
    const active: ActiveRun = { operationId, hasCalledAgent: false, giveUp: () => undefined };
    const lease = { leaseSeconds: state.heartbeatTimeout, from: leaseFrom };
    const signal = this.leases.hold(claim.run, lease);
    const finished = this.work(claim, active, signal).finally(() => this.active.delete(finished));
    this.active.set(finished, active);
    return finished;
  }

  /** The steps of a run, if its agent keeps them. */
  private journalOf(run: ClaimedRun, signal: AbortSignal, money: RunMoney): OperationJournal | null {
    if (!this.keepsSteps(run.state.agentKind)) return null;
    const { clock, queue, sliceSeconds } = this.deps;
    const untilMs = clock.now().getTime() + sliceSeconds * 1_000;
    const isSliceOver = (): boolean => queue !== null && clock.now().getTime() >= untilMs;
    return new OperationJournal(this.deps, run, {
      writes: this.stepWrites,
      signal,
      money,
      confirmLease: () => this.leases.confirm(run),
      abort: () => this.leases.abortHeld(run),
      shouldYield: () => this.stopping || isSliceOver(),
    });
  }

  private async work({ run, secret, place }: Claim, active: ActiveRun, signal: AbortSignal): Promise<void> {
    const { room } = this.deps;
    const isStopping = (): boolean => this.stopping;
    const confirmLease = () => this.leases.confirm(run);
    let held = place;
    try {
      const money = moneyOf(this.deps, run);
      const journal = this.journalOf(run, signal, money);
      held ??= await room.forPerson(poolOf(run.state.agentKind), signal);
      const end: RunEnd =
        held === null || this.stopping
          ? { kind: 'not-begun' }
          : await executeRun(this.execution, run, {
              secret,
              signal,
              confirmLease,
              isStopping,
              active,
              journal,
              money,
            });
      this.leases.agentEnded(run);
      if (end.kind === 'completed') {
        await settleWithRetries(this.deps, end.completion, run.state, isStopping);
        await nameTask(this.deps, run, end.completion.report?.taskName);
      } else if (end.kind === 'waiting' && journal !== null) {
        await this.park(run, journal.briefIdOf(end.question.index), end.question);
      } else if (end.kind === 'unfinished') await this.release(run);
      else if (end.kind === 'not-begun' && (this.stopping || end.isOpen)) await this.giveBack(run);
    } catch (error) {
      this.deps.logger.error({ err: error, operationId: run.operationId }, 'A run ended unsettled');
    } finally {
      this.leases.release(run);
      held?.release();
    }
  }
}

/**
 * A task that no person has named gets the name that its agent found. If the process dies before, it keeps
 * its own.
 */
async function nameTask(
  { db, clock, logger }: RunnerDeps,
  run: ClaimedRun,
  to: string | undefined,
): Promise<void> {
  if (to === undefined || to === '') return;
  const from = defaultTaskName(run.instruction);
  if (to === from) return;
  const { id: taskId, userId } = run.state;
  await renameTask(db, { taskId, userId, from, to }, clock.now()).catch((error: unknown) =>
    logger.warn({ taskId, reason: errorMessage(error) }, 'A task was not named after its page'),
  );
}

const notBegun = ({ state, operationId, topicId }: ClaimedRun, isStopped: boolean) => ({
  taskId: state.id,
  userId: state.userId,
  operationId,
  topicId,
  errorMessage: isStopped
    ? 'The server was stopped before the agent was called. The run starts when it is back.'
    : 'The database was unavailable before the agent was called. The run starts when it is back.',
});
