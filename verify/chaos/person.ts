import { setTimeout as delay } from 'node:timers/promises';
import type { BriefAction } from '@everbeat/domain';
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from '@/server/api/routers';
import type { Random } from '../support/random';
import type { Observer } from './observer';

const CALL_TIMEOUT_MS = 40_000;
const ACTS_AT_ONCE_MAX = 8;
const MISCHIEF_EVERY_MS = 250;
const CARE_EVERY_MS = 1_000;
const AT_ONCE = 8;

/** What the application acknowledged to a person, and so must never lose. */
export interface Acknowledged {
  comments: { id: string; taskId: string; content: string }[];
  resolutions: { briefId: string; action: string; atMs: number }[];
  runs: { operationId: string; taskId: string }[];
}

/**
 * A person at work through the API: comments, runs tasks by hand, pauses them, answers briefs, and brings back what
 * stands still by rule (a blown fuse, a pause, a brief that waits for an answer).
 */
export class Person {
  readonly acknowledged: Acknowledged = { comments: [], resolutions: [], runs: [] };
  /** Acts that were answered, and those that were not or were refused. */
  done = 0;
  refused = 0;
  private readonly trpc: TRPCClient<AppRouter>;
  private readonly underWay = new Set<Promise<void>>();
  private isMischievous = false;
  private isCaring = true;
  private readonly lives: Promise<void>[] = [];

  constructor(
    appUrl: string,
    private readonly random: Random,
    private readonly observer: Observer,
  ) {
    const fetchInTime: typeof fetch = (input, init) =>
      fetch(input, { ...init, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
    this.trpc = createTRPCClient<AppRouter>({
      links: [httpLink({ url: `${appUrl}/api/trpc`, transformer: superjson, fetch: fetchInTime })],
    });
  }

  /** Creates and starts the tasks; answers their ids. */
  async setUp(
    agentUrl: string,
    wish: { tasks: number; leaseSeconds: readonly [number, number] },
  ): Promise<string[]> {
    const config = { url: agentUrl, timeoutSeconds: wish.leaseSeconds[1] + 10 };
    const agent = await this.trpc.agent.create.mutate({ name: 'Chaos', kind: 'http', config });
    const rules = Array.from({ length: wish.tasks }, () => ({
      heartbeatInterval: this.random.int(1, 3),
      heartbeatTimeout: this.random.int(...wish.leaseSeconds),
    }));
    const task = { instruction: 'Count the ships', agentId: agent.id, automationMode: 'heartbeat' } as const;
    const ids: string[] = [];
    await eachOf(rules, async (rule) => {
      ids.push((await this.trpc.task.create.mutate({ ...task, ...rule })).id);
    });
    // Only now, since tasks that beat would slow the making of others down.
    await eachOf(ids, async (id) => {
      await this.trpc.task.start.mutate({ id });
    });
    return ids;
  }

  live(taskIds: readonly string[]): void {
    this.isMischievous = true;
    this.lives.push(this.meddle(taskIds), this.care());
  }

  /** From now on nothing but care. */
  calmDown(): void {
    this.isMischievous = false;
  }

  async rest(): Promise<void> {
    this.isMischievous = false;
    this.isCaring = false;
    await Promise.all(this.lives);
    await Promise.all(this.underWay);
  }

  /** Pauses every task; what does not answer is asked again, up to the time. */
  async pauseAll(taskIds: readonly string[], withinMs: number): Promise<number> {
    const giveUpAtMs = Date.now() + withinMs;
    let failed = 0;
    await eachOf(taskIds, async (id) => {
      while (!(await this.isPaused(id))) {
        if (Date.now() > giveUpAtMs) {
          failed += 1;
          return;
        }
        await delay(MISCHIEF_EVERY_MS);
      }
    });
    return failed;
  }

  private isPaused(id: string): Promise<boolean> {
    return this.trpc.task.pause.mutate({ id }).then(
      () => true,
      () => false,
    );
  }

  private async meddle(taskIds: readonly string[]): Promise<void> {
    for (; this.isMischievous; await delay(MISCHIEF_EVERY_MS)) {
      const id = this.random.pick(taskIds);
      const act = this.random.weighted([
        [40, () => this.comment(id)],
        [30, () => this.run(id)],
        [10, () => this.pause(id)],
        [20, () => this.answerSomeBrief(id)],
      ] as const);
      this.attempt(act);
    }
  }

  /** Looks after what rests until a person acts. */
  private async care(): Promise<void> {
    for (; this.isCaring; await delay(CARE_EVERY_MS)) {
      const waiting = await this.observer.waitingForPerson().catch(() => []);
      for (const { taskId, briefId, action } of waiting) {
        if (briefId === null) this.attempt(() => this.resume(taskId));
        else this.attempt(() => this.resolve(briefId, action));
      }
    }
  }

  /** An act may fail at any moment here; what matters is what was said to have succeeded. */
  private attempt(act: () => Promise<void>): void {
    if (this.underWay.size >= ACTS_AT_ONCE_MAX) return;
    const attempt = act()
      .then(
        () => {
          this.done += 1;
        },
        () => {
          this.refused += 1;
        },
      )
      .finally(() => this.underWay.delete(attempt));
    this.underWay.add(attempt);
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

  private async answerSomeBrief(taskId: string): Promise<void> {
    const { items } = await this.trpc.brief.list.query({ taskId, unresolved: true, limit: 10 });
    const [brief] = items.filter(({ type }) => type === 'insight');
    if (brief !== undefined) await this.resolve(brief.id, 'acknowledge');
  }

  private async resolve(briefId: string, action: BriefAction): Promise<void> {
    const brief = await this.trpc.brief.resolve.mutate({ id: briefId, action });
    if (brief.resolvedAt === null) throw new Error('A resolved brief is open');
    // The first resolution counts, also when it was an earlier attempt of ours whose answer was lost.
    const { resolvedAction, resolvedAt } = brief;
    this.acknowledged.resolutions.push({ briefId, action: resolvedAction ?? '', atMs: resolvedAt.getTime() });
  }
}

/** Does the work for each item, a few at once. */
async function eachOf<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
