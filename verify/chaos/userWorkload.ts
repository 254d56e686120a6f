import { setTimeout as delay } from 'node:timers/promises';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import pLimit from 'p-limit';
import superjson from 'superjson';
import type { AppRouter } from '@/server/api/routers';
import type { Random } from '../support/random';
import { raisedBudget, remedyFor } from './budgetAnswers';
import type { DatabaseMonitor, WaitingTask } from './databaseMonitor';
import { createWorkload, type WorkloadParts } from './workloadTasks';

const CALL_TIMEOUT_MS = 40_000;
const PENDING_ACTS_MAX = 8;
const ACT_EVERY_MS = 250;
const UNBLOCK_EVERY_MS = 1_000;
const CONCURRENCY = 8;

/** What the application acknowledged to the user, and therefore must not lose. */
export interface Acknowledged {
  comments: { id: string; taskId: string; content: string }[];
  resolutions: { briefId: string; action: string; atMs: number }[];
  runs: { operationId: string; taskId: string }[];
}

/**
 * A user of the API: comments, runs tasks manually, pauses them, resolves briefs. It also unblocks tasks that
 * wait for a user (a blown fuse, a pause, an urgent brief), so that the load goes on.
 */
export class UserWorkload {
  readonly acknowledged: Acknowledged = { comments: [], resolutions: [], runs: [] };
  /** The number of acts that were acknowledged, and of those that were refused or got no response. */
  succeeded = 0;
  failed = 0;
  /** How often each answer about a budget was acknowledged. */
  readonly budgetAnswers = new Map<string, number>();
  private readonly trpc: TRPCClient<AppRouter>;
  private readonly pending = new Set<Promise<void>>();
  private isActing = false;
  private isUnblocking = true;
  private readonly loops: Promise<void>[] = [];

  constructor(
    appUrl: string,
    private readonly random: Random,
    private readonly monitor: DatabaseMonitor,
  ) {
    const fetchWithTimeout: typeof fetch = (input, init) =>
      fetch(input, { ...init, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    this.trpc = createTRPCClient<AppRouter>({
      links: [httpLink({ url: `${appUrl}/api/trpc`, transformer: superjson, fetch: fetchWithTimeout })],
    });
  }

  /** Creates the tasks, starts them, and returns their ids. */
  createTasks(parts: WorkloadParts): Promise<string[]> {
    return createWorkload(this.trpc, this.random, parts);
  }

  start(taskIds: readonly string[]): void {
    this.isActing = true;
    this.loops.push(this.act(taskIds), this.unblock());
  }

  /** From now on only unblocks tasks. */
  stopActing(): void {
    this.isActing = false;
  }

  async stop(): Promise<void> {
    this.isActing = false;
    this.isUnblocking = false;
    await Promise.all(this.loops);
    await Promise.all(this.pending);
  }

  /** Pauses every task, with retries for at most `withinMs`. Returns how many could not be paused. */
  async pauseAll(taskIds: readonly string[], withinMs: number): Promise<number> {
    const giveUpAtMs = Date.now() + withinMs;
    let unpaused = 0;
    await pLimit(CONCURRENCY).map(taskIds, async (id) => {
      while (!(await this.tryPause(id))) {
        if (Date.now() > giveUpAtMs) {
          unpaused += 1;
          return;
        }
        await delay(ACT_EVERY_MS);
      }
    });
    return unpaused;
  }

  private tryPause(id: string): Promise<boolean> {
    return this.pause(id).then(
      () => true,
      () => false,
    );
  }

  private async act(taskIds: readonly string[]): Promise<void> {
    for (; this.isActing; await delay(ACT_EVERY_MS)) {
      const id = this.random.pick(taskIds);
      const act = this.random.weighted([
        [40, () => this.comment(id)],
        [30, () => this.run(id)],
        [10, () => this.pause(id)],
        [20, () => this.acknowledgeBrief(id)],
      ] as const);
      this.attempt(act);
    }
  }

  private async unblock(): Promise<void> {
    for (; this.isUnblocking; await delay(UNBLOCK_EVERY_MS)) {
      const waiting = (await this.monitor.unlessAway(this.monitor.waitingForUser())) ?? [];
      for (const task of waiting) this.attempt(() => this.help(task));
    }
  }

  private async help(task: WaitingTask): Promise<void> {
    const remedy = remedyFor(task, this.random);
    switch (remedy.kind) {
      case 'resume':
        return this.resume(task.taskId);
      case 'raise-in-settings':
        await this.raiseInSettings(task.taskId);
        this.count('raised in the settings');
        return;
      case 'resolve':
        await this.resolve(remedy.briefId, remedy.action);
        if (task.purpose === 'budget') this.count(remedy.action);
    }
  }

  private count(answer: string): void {
    this.budgetAnswers.set(answer, (this.budgetAnswers.get(answer) ?? 0) + 1);
  }

  private async raiseInSettings(id: string): Promise<void> {
    const { config } = await this.trpc.task.detail.query({ id });
    const budget = raisedBudget(config.budget ?? {});
    await this.trpc.task.update.mutate({ id, config: { ...config, budget } });
  }

  /** Any act may fail during faults. What counts is which were acknowledged. */
  private attempt(act: () => Promise<void>): void {
    if (this.pending.size >= PENDING_ACTS_MAX) return;
    const attempt = act()
      .then(
        () => {
          this.succeeded += 1;
        },
        () => {
          this.failed += 1;
        },
      )
      .finally(() => this.pending.delete(attempt));
    this.pending.add(attempt);
  }

  private async comment(taskId: string): Promise<void> {
    const content = `Comment ${this.random.int(0, 1e9)}`;
    const { id } = await this.trpc.task.comment.mutate({ id: taskId, content });
    this.acknowledged.comments.push({ id, taskId, content });
  }

  private async run(taskId: string): Promise<void> {
    const { operationId } = await this.trpc.task.run.mutate({ id: taskId });
    this.acknowledged.runs.push({ operationId, taskId });
  }

  private async pause(taskId: string): Promise<void> {
    await this.trpc.task.pause.mutate({ id: taskId });
  }

  private async resume(taskId: string): Promise<void> {
    await this.trpc.task.resume.mutate({ id: taskId });
  }

  private async acknowledgeBrief(taskId: string): Promise<void> {
    const { items } = await this.trpc.brief.list.query({ taskId, unresolved: true, limit: 10 });
    const [brief] = items.filter(({ type }) => type === 'insight');
    if (brief !== undefined) await this.resolve(brief.id, 'acknowledge');
  }

  private async resolve(briefId: string, action: string): Promise<void> {
    const brief = await this.trpc.brief.resolve.mutate({ id: briefId, action });
    if (brief.resolvedAt === null) throw new Error('A resolved brief is open');
    // The first resolution wins; it may be an earlier attempt of this user whose response was lost.
    const { resolvedAction, resolvedAt } = brief;
    this.acknowledged.resolutions.push({ briefId, action: resolvedAction ?? '', atMs: resolvedAt.getTime() });
  }
}
