import {
  type ArmPosition,
  askAgain,
  correctFarQuestions,
  type DependencyPosition,
  type ExpiredBrief,
  type ExpiredLease,
  findExpiredBriefs,
  findExpiredLeases,
  findFarArms,
  findOrphans,
  findStrandedTasks,
  findUnaskedOperations,
  isContention,
  isDatabaseUnavailable,
  loadTaskStates,
  type Orphan,
  type Queryable,
  recordWatchdogRun,
  settleAbandoned,
  takeLostTicks,
  takeUnpublishedArms,
  type UnaskedOperation,
} from '@everbeat/database';
import {
  type ArmedTick,
  type Clock,
  decideQuestion,
  decideRearm,
  decideRepair,
  errorMessage,
  isDueTooFar,
  LIMITS,
  type Logger,
  mayGoOn,
  type TaskState,
  toInstant,
  type WatchdogCounts,
} from '@everbeat/domain';
import type { OperationCompletion } from '../taskLifecycle/completion';
import type { TaskLifecycleService } from '../taskLifecycle/TaskLifecycleService';
import type { TaskRunnerService } from '../taskRunner/TaskRunnerService';
import type { TickPublisher } from '../ticks/TickPublisher';
import { AbandonedFolders, type TaskFolders } from './AbandonedFolders';
import { FailedRepairs } from './FailedRepairs';
import { Leftovers } from './Leftovers';
import { unlessContended } from './unlessContended';

/**
 * Finds and repairs what was lost between two steps: runs without a sign of life, arms never published, ticks
 * that never arrived, scheduled tasks with neither arm nor blocker, tasks that wait for what has ended
 * already, arms and questions further ahead than their rules allow. Removes what is no longer needed.
 * Idempotent and bounded; several passes may run at the same time, because every repairing write is guarded.
 */
export class TaskWatchdogService {
  private readonly leftovers: Leftovers;
  private readonly folders: AbandonedFolders;
  private readonly failures: FailedRepairs;
  /** Where the next pass continues to look at far arms, if the last one reached its bound. */
  private farArmsAfter: ArmPosition | null = null;
  /** The same for dependencies. */
  private dependenciesAfter: DependencyPosition | null = null;

  constructor(
    private readonly deps: {
      db: Queryable;
      clock: Clock;
      logger: Logger;
      lifecycle: TaskLifecycleService;
      runner: Pick<TaskRunnerService, 'keepsSteps' | 'takeOver'>;
      publisher: TickPublisher;
      graceSeconds: number;
      /** Where commands work on this host. */
      folders: TaskFolders;
      /** What encrypts stored secrets anew. Its `sweep` never rejects. */
      secretsSweep: { sweep(): Promise<unknown> };
      /** What checks agents once a day. Its `sweep` never rejects. */
      readiness: { sweep(): Promise<unknown> };
      /** What sends messages to channels. Its `sweep` never rejects. */
      deliveries: { sweep(): Promise<unknown> };
      /** What has Telegram report what is sent to bots. Its `sweep` never rejects. */
      bots: { sweep(): Promise<unknown> };
    },
  ) {
    this.leftovers = new Leftovers(deps);
    this.folders = new AbandonedFolders(deps);
    this.failures = new FailedRepairs(deps.clock);
  }

  /** One pass. @throws database errors, when the database is unavailable */
  async sweep(): Promise<WatchdogCounts> {
    const { db, clock, logger } = this.deps;
    const all = (sweep: () => Promise<number>) => unlessContended(sweep, logger);
    const batches = (sweep: (limit: number) => Promise<number>) => all(() => inBatches(sweep));
    const silent = await all(() => this.repairStuckRuns());
    const far = await batches((limit) => correctFarQuestions(db, { now: clock.now(), limit }));
    await all(() => this.expireBriefs());
    await batches((limit) => askAgain(db, { now: clock.now(), limit }));
    const stuck = silent + (await all(() => this.goOnUnasked()));
    // One time for all batches, so that this pass does not take again what it has just published, however
    // short the grace.
    const now = clock.now();
    const unpublished = await batches((limit) => this.publishTaken(takeUnpublishedArms, now, limit));
    const lost = await batches((limit) => this.publishTaken(takeLostTicks, now, limit));
    const orphans = (await all(() => this.armOrphans())) + (await all(() => this.askForStranded()));
    const impossible = far + (await all(() => this.rearmImpossible()));
    await batches((limit) => settleAbandoned(db, clock.now(), limit));
    const leftovers = await all(() => this.leftovers.sweep());
    await this.folders.sweep(clock.now());
    await this.deps.secretsSweep.sweep();
    const counts = { stuck, unpublished, lost, orphans, impossible, leftovers };
    if (stuck + unpublished + lost + orphans + impossible > 0)
      logger.warn(counts, 'The watchdog repaired lost work');
    await recordWatchdogRun(db, { at: toInstant(clock.now()), ...counts });
    // Last, because what agents need, and then channels, may be slow to answer.
    await this.deps.readiness.sweep();
    await this.deps.bots.sweep();
    await this.deps.deliveries.sweep();
    return counts;
  }

  private repairStuckRuns(): Promise<number> {
    const { db, clock, graceSeconds } = this.deps;
    return this.failures.sweep({
      find: (limit) => findExpiredLeases(db, { now: clock.now(), graceSeconds, limit }),
      idOf: ({ operationId }) => operationId,
      repair: (expired) => this.repairStuck(expired),
    });
  }

  private async repairStuck(expired: readonly ExpiredLease[]): Promise<boolean[]> {
    const { db } = this.deps;
    const states = await loadTaskStates(
      db,
      expired.map((lease) => lease.taskId),
    );
    return Promise.all(
      expired.map(async (lost) => {
        const { taskId, operationId } = lost;
        const state = states.get(taskId);
        if (state?.operation?.id !== operationId) return false;
        const { losses } = state.operation;
        const keepsSteps = this.deps.runner.keepsSteps(state.agentKind);
        if (mayGoOn({ keepsSteps, losses }))
          return this.attempt(taskId, () => this.deps.runner.takeOver(lost), operationId);
        const completion = { ...lostRun(state, state.operation, keepsSteps), leaseEpoch: lost.leaseEpoch };
        return this.attempt(
          taskId,
          async () => (await this.deps.lifecycle.settle(completion, { known: state })).settled,
          operationId,
        );
      }),
    );
  }

  /** Takes the defaults of questions that nobody has answered in time (PROTOCOL §4). */
  private expireBriefs(): Promise<number> {
    const { db, clock, lifecycle } = this.deps;
    const expire = (brief: ExpiredBrief) =>
      this.attempt(brief.taskId, () => lifecycle.expireBrief(brief), brief.briefId);
    return this.failures.sweep({
      find: (limit) => findExpiredBriefs(db, { now: clock.now(), limit }),
      idOf: ({ briefId }) => briefId,
      repair: (expired) => Promise.all(expired.map(expire)),
    });
  }

  private goOnUnasked(): Promise<number> {
    const { db, clock, lifecycle } = this.deps;
    const goOn = (operation: UnaskedOperation) =>
      this.attempt(operation.taskId, () => lifecycle.goOnUnasked(operation), operation.operationId);
    return this.failures.sweep({
      find: (limit) => findUnaskedOperations(db, { now: clock.now(), limit }),
      idOf: ({ operationId }) => operationId,
      repair: (unasked) => Promise.all(unasked.map(goOn)),
    });
  }

  private async publishTaken(
    take: (db: Queryable, sweep: { now: Date; graceSeconds: number; limit: number }) => Promise<ArmedTick[]>,
    now: Date,
    limit: number,
  ): Promise<number> {
    const { db, graceSeconds, publisher } = this.deps;
    const taken = await take(db, { now, graceSeconds, limit });
    await Promise.all(taken.map((tick) => publisher.publish(tick)));
    return taken.length;
  }

  private armOrphans(): Promise<number> {
    const { db, clock, graceSeconds, lifecycle } = this.deps;
    const arm = ({ taskId, userId, revision }: Orphan) =>
      this.attempt(
        taskId,
        () =>
          lifecycle.repair({ taskId, userId }, (state, now) =>
            state.revision === revision ? decideRepair(state, now) : null,
          ),
        taskId,
      );
    return this.failures.sweep({
      find: (limit) => findOrphans(db, { now: clock.now(), graceSeconds, limit }),
      idOf: ({ taskId }) => taskId,
      repair: (orphans) => Promise.all(orphans.map(arm)),
    });
  }

  /** Asks the person about tasks that wait for what has ended without completing (PROTOCOL §5). */
  private async askForStranded(): Promise<number> {
    let total = 0;
    for (let batch = 0; batch < LIMITS.watchdogBatchesMax; batch += 1) {
      const page = await findStrandedTasks(this.deps.db, {
        limit: LIMITS.watchdogBatchRows,
        after: this.dependenciesAfter,
      });
      const asked = await Promise.all(
        page.tasks.map((task) =>
          this.attempt(task.taskId, () => this.deps.lifecycle.repair(task, decideQuestion), null),
        ),
      );
      total += asked.filter(Boolean).length;
      this.dependenciesAfter = page.end;
      if (page.end === null) break;
    }
    return total;
  }

  /**
   * Arms anew what is armed further ahead than its rule allows. Every pass looks at the furthest arms first,
   * where those of a clock that was years ahead stand, then goes on where the last pass reached its bound.
   */
  private async rearmImpossible(): Promise<number> {
    let total = 0;
    let after: ArmPosition | null = null;
    for (let batch = 0; batch < LIMITS.watchdogBatchesMax; batch += 1) {
      const page = await this.rearmPage(after);
      total += page.repaired;
      after = page.end;
      if (after === null) break;
      if (batch === 0 && page.repaired === 0) after = this.farArmsAfter ?? after;
    }
    this.farArmsAfter = after;
    return total;
  }

  /** `end` is where the page ends; null when it is the last one. */
  private async rearmPage(after: ArmPosition | null): Promise<{ repaired: number; end: ArmPosition | null }> {
    const { db, clock, graceSeconds, lifecycle } = this.deps;
    const [now, limit, toleranceMs] = [clock.now(), LIMITS.watchdogBatchRows, graceSeconds * 1_000];
    const arms = await findFarArms(db, { now, graceSeconds, limit, after });
    const tooFar = arms.filter((arm) => isDueTooFar(arm, now, toleranceMs));
    const repaired = await Promise.all(
      tooFar.map(({ id, userId }) =>
        this.attempt(
          id,
          () => lifecycle.repair({ taskId: id, userId }, (state, at) => decideRearm(state, at, toleranceMs)),
          null,
        ),
      ),
    );
    const end = arms.length < limit ? null : (arms.at(-1)?.position ?? null);
    return { repaired: repaired.filter(Boolean).length, end };
  }

  /**
   * One task that cannot be repaired must not stop the others. Only an unavailable database ends the pass.
   * `id`: of the row that is left alone for a while then; null for a sweep that goes on behind what it has
   * looked at.
   */
  private async attempt(taskId: string, work: () => Promise<boolean>, id: string | null): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      // A row that another session holds for a moment is tried with the next pass.
      if (id !== null && !isContention(error)) this.failures.failed(id);
      const reason = errorMessage(error);
      this.deps.logger.error(
        { taskId, reason },
        'The watchdog could not repair a task; a later pass retries',
      );
      return false;
    }
  }
}

/**
 * How an operation ends whose process gave no sign of life. One that could be gone on with, and was lost
 * again and again, ends its own server: that is its own failure.
 */
const lostRun = (
  { id: taskId, userId, heartbeatTimeout }: TaskState,
  { id: operationId, topicId, losses }: NonNullable<TaskState['operation']>,
  keepsSteps: boolean,
): OperationCompletion => ({
  operationId,
  taskId,
  userId,
  topicId,
  status: 'timeout',
  errorCode: 'lease_lost',
  errorMessage: keepsSteps
    ? `The process of this run was lost ${losses + 1} times, so it is not gone on with: it may be what ends the server.`
    : `The run gave no sign of life for ${heartbeatTimeout} s: its process ended or hangs.`,
  ...(keepsSteps && { failureClass: 'agent' }),
  report: null,
  usage: null,
  transcript: [],
});

/**
 * Sweeps batch after batch until one is not full, or the pass has reached its bound; the next pass continues.
 */
async function inBatches(sweep: (limit: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < LIMITS.watchdogBatchesMax; batch += 1) {
    const count = await sweep(LIMITS.watchdogBatchRows);
    total += count;
    if (count < LIMITS.watchdogBatchRows) break;
  }
  return total;
}
