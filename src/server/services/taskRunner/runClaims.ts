import type { BatchLimits } from '@everbeat/batching';
import { type ClaimedRun, hasTopic, type LockWait, loadTaskStates } from '@everbeat/database';
import { AppError, decideManualRun, poolOf, type RunPool } from '@everbeat/domain';
import type { TickMessage } from '@everbeat/scheduler';
import { ClaimQueue } from './claimQueue';
import type { RunnerDeps } from './ports';
import type { Place } from './room';

/** Each round, at least one of the competing writes succeeds. */
const MANUAL_ATTEMPTS_MAX = 20;

const REMEMBERED_TASKS_MAX = 10_000;

export interface ManualRunOptions {
  taskId: string;
  /** Added to the prompt of this one run. */
  prompt?: string;
  /** The topic to continue; without it, the run starts a new one. */
  continueTopicId?: string;
}

/** A claimed run, with the secret of its callback and the place that it was claimed with, if it has one. */
export interface Claim {
  run: ClaimedRun;
  secret: string;
  place: Place | null;
}

/** Claims tasks for ticks and for people (PROTOCOL §3.1). */
export class RunClaims {
  private readonly queue: ClaimQueue;
  /** The pools of the tasks claimed last. A tick says nothing of its agent's kind. */
  private readonly poolOfTask = new Map<string, RunPool>();

  constructor(private readonly deps: RunnerDeps & { batching?: BatchLimits }) {
    this.queue = new ClaimQueue(deps);
  }

  /** The pool that the task's agent needed when it was last claimed here. */
  knownPool(taskId: string): RunPool | undefined {
    return this.poolOfTask.get(taskId);
  }

  /**
   * Claims the task of a tick if its agent needs one of these places, and gives the other places back. Null:
   * it was not claimed, and all places are given back.
   * @throws database errors; nothing was claimed then
   */
  async forTick(tick: TickMessage, places: readonly Place[], wait: LockWait): Promise<Claim | null> {
    if (places.length === 0) return null;
    let taken: Place | undefined;
    try {
      const pools = places.map(({ pool }) => pool);
      const { claimed, secret } = await this.queue.claim({ ...tick, ...FOR_TICK, pools }, wait);
      if (claimed === null) return null;
      const pool = poolOf(claimed.state.agentKind);
      taken = places.find((place) => place.pool === pool);
      this.remember(tick.taskId, pool);
      return { run: claimed, secret, place: taken ?? null };
    } finally {
      for (const place of places) if (place !== taken) place.release();
    }
  }

  /**
   * Claims a task for a person over the state it was decided from. When the task has changed since, reads and
   * decides again.
   * @throws AppError `task-not-found`, `topic-not-found`, `run-in-flight`, `state-changed`
   */
  async forPerson(userId: string, { taskId, prompt, continueTopicId }: ManualRunOptions): Promise<Claim> {
    const { db, queue } = this.deps;
    for (let attempt = 0; attempt < MANUAL_ATTEMPTS_MAX; attempt += 1) {
      const state = (await loadTaskStates(db, [taskId])).get(taskId) ?? null;
      const isTopicFound =
        continueTopicId === undefined || (await hasTopic(db, { taskId, topicId: continueTopicId }));
      const { revision, startsAnyway } = decideManualRun(state, { userId, isTopicFound });
      if (startsAnyway) {
        await this.deps.settlement.startAnyway(userId, taskId);
        continue;
      }
      const request = {
        taskId,
        userId,
        tickToken: null,
        revision,
        continueTopicId: continueTopicId ?? null,
        extraPrompt: prompt ?? null,
        deferred: queue !== null,
        pools: null,
      };
      const wait = attempt === 0 ? 'shared' : 'alone';
      const { claimed, secret } = await this.queue.claim(request, wait);
      if (claimed !== null) return { run: claimed, secret, place: null };
    }
    throw new AppError('state-changed', 'The task is being changed by others at this moment; try again');
  }

  private remember(taskId: string, pool: RunPool): void {
    this.poolOfTask.delete(taskId);
    this.poolOfTask.set(taskId, pool);
    if (this.poolOfTask.size <= REMEMBERED_TASKS_MAX) return;
    const oldest = this.poolOfTask.keys().next();
    if (!oldest.done) this.poolOfTask.delete(oldest.value);
  }
}

const FOR_TICK = { revision: null, continueTopicId: null, extraPrompt: null, deferred: false } as const;
