import {
  actOnBriefs,
  countInbox,
  type InboxFilter,
  type InboxTarget,
  inTransaction,
  isUniqueViolation,
  muteTasks,
  ownsSomeBrief,
  readInbox,
  readUndoneAnswer,
  type Undone,
  undoInboxAct,
} from '@everbeat/database';
import {
  AppError,
  type Clock,
  DAY_MS,
  type Ids,
  type InboxAct,
  type InboxChange,
  type InboxCounts,
  type InboxItem,
  LIMITS,
  type Page,
  UNTIL_IT_CHANGES,
} from '@everbeat/domain';
import type { Pool } from 'pg';
import type { ActivityFeed } from '../feed/ActivityFeed';
import { orThrow, type ReadService } from '../reads/ReadService';
import type { TaskLifecycleService } from '../taskLifecycle/TaskLifecycleService';

export interface InboxServiceDeps {
  pool: Pool;
  clock: Clock;
  ids: Pick<Ids, 'token'>;
  reads: Pick<ReadService, 'taskId'>;
  feed: Pick<ActivityFeed, 'nudge'>;
  lifecycle: Pick<TaskLifecycleService, 'takeAnswerBack' | 'look'>;
}

/** What a person does with what the inbox shows, as the API checks it. */
export type InboxOrder =
  | { act: 'undo'; undoToken: string }
  | { act: Exclude<InboxAct, 'undo'>; target: InboxTarget; until?: string | undefined };

/**
 * The inbox of a person. Answering a brief is a decision about its task: `TaskLifecycleService.resolveBrief`.
 */
export class InboxService {
  constructor(private readonly deps: InboxServiceDeps) {}

  /** Newest first. `taskId` may be an identifier. @throws AppError `task-not-found` */
  async list(userId: string, filter: InboxFilter): Promise<Page<InboxItem>> {
    const { pool: db, clock, reads } = this.deps;
    const { taskId: ref } = filter;
    const taskId = ref === undefined ? undefined : await reads.taskId(userId, ref);
    return readInbox(db, userId, { ...filter, taskId }, clock.now());
  }

  counts(userId: string): Promise<InboxCounts> {
    return countInbox(this.deps.pool, userId, this.deps.clock.now());
  }

  /**
   * One statement for each act, however many briefs it is about. What was changed by others meanwhile, or has
   * to be answered, is left.
   * @throws AppError `task-not-found`, `brief-not-found` (none of them), `invalid-input` (a snooze that ends
   * in the past or too late), `undo-expired`
   */
  async apply(userId: string, order: InboxOrder): Promise<InboxChange> {
    const change =
      order.act === 'undo' ? await this.undo(userId, order.undoToken) : await this.act(userId, order);
    if (change.changed > 0) this.deps.feed.nudge();
    return change;
  }

  private async act(userId: string, order: Exclude<InboxOrder, { act: 'undo' }>): Promise<InboxChange> {
    const { pool: db, clock, ids, lifecycle } = this.deps;
    const now = clock.now();
    const { act } = order;
    const target = await this.targetOf(userId, order.target);
    await lifecycle.look(userId, 'taskId' in target ? { taskIds: [target.taskId] } : target);
    const undo = { token: ids.token(), expiresAt: new Date(now.getTime() + LIMITS.undoKeptSeconds * 1_000) };
    const { changed, left } =
      act === 'mute' || act === 'unmute'
        ? { changed: await muteTasks(db, userId, { act, target }, undo, now), left: 0 }
        : await actOnBriefs(db, userId, { act, target, until: endOf(order, now) }, undo, now);
    if (changed + left === 0 && 'briefIds' in target)
      orThrow((await ownsSomeBrief(db, userId, target.briefIds)) || null, 'brief-not-found');
    return { changed, left, undoToken: changed > 0 ? undo.token : null };
  }

  private async targetOf(userId: string, target: InboxTarget): Promise<InboxTarget> {
    if (!('taskId' in target)) return target;
    return { ...target, taskId: await this.deps.reads.taskId(userId, target.taskId) };
  }

  private async undo(userId: string, token: string): Promise<InboxChange> {
    try {
      return await this.undoOnce(userId, token);
    } catch (error) {
      // A brief like one of these was opened at this very moment. Nothing was undone; now it is seen.
      if (isUniqueViolation(error)) return this.undoOnce(userId, token);
      throw error;
    }
  }

  private async undoOnce(userId: string, token: string): Promise<InboxChange> {
    const { pool, clock, lifecycle } = this.deps;
    const answer = await readUndoneAnswer(pool, userId, token);
    if (answer === null) return restored(await undoInboxAct(pool, userId, token, clock.now()));
    // The task first, as every commit locks it. If the brief cannot be reopened, the task stays as it is,
    // too.
    const { change, follow } = await inTransaction(pool, async (client) => {
      const follow = await lifecycle.takeAnswerBack(client, userId, answer);
      return { follow, change: restored(await undoInboxAct(client, userId, token, clock.now())) };
    });
    await follow();
    return change;
  }
}

/** @throws AppError `undo-expired` */
function restored(undone: Undone | null): InboxChange {
  if (undone === null) throw new AppError('undo-expired', 'It is too late to take this back');
  if (undone.changed === 0) {
    throw new AppError(
      'undo-expired',
      'This cannot be taken back any more: something has changed since. Nothing was undone',
    );
  }
  return { ...undone, undoToken: null };
}

/** When a snoozed brief comes back. Null: when it changes, or the act is none that puts off. */
function endOf({ act, until }: Exclude<InboxOrder, { act: 'undo' }>, now: Date): Date | null {
  if (act !== 'snooze' || until === undefined || until === UNTIL_IT_CHANGES) return null;
  const end = new Date(until);
  const latest = now.getTime() + LIMITS.snoozeDaysMax * DAY_MS;
  if (end <= now || end.getTime() > latest) {
    throw new AppError(
      'invalid-input',
      `A snooze ends in the future, within ${LIMITS.snoozeDaysMax} days, or with the next change`,
    );
  }
  return end;
}
