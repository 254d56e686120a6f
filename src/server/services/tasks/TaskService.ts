import {
  addComment,
  addDependency,
  createTask,
  deleteComment,
  editComment,
  type FollowUp,
  markBriefRead,
  moveTask,
  readAgent,
  readOwnerBudget,
  readTask,
  removeDependency,
} from '@everbeat/database';
import {
  AppError,
  type AutomationRule,
  applyEdit,
  assertRule,
  type BriefView,
  beginsWithCaps,
  type Clock,
  type CommentView,
  changesOf,
  defaultTaskName,
  type EditOrigin,
  hasCaps,
  type Ids,
  isSameBudget,
  LIMITS,
  mergeEdit,
  readsWords,
  type StoredTask,
  type TaskConfig,
  type TaskCreateInput,
  type TaskEdit,
  type TaskFields,
  type TaskUpdateInput,
  type TaskView,
} from '@everbeat/domain';
import type { Pool } from 'pg';
import type { ActivityFeed } from '../feed/ActivityFeed';
import { orThrow, type ReadService } from '../reads/ReadService';
import { shownTask, shownTaskConfig } from '../secrets/maskedConfig';
import type { SecretsService } from '../secrets/SecretsService';
import type { RecordedEdit, TaskLifecycleService } from '../taskLifecycle/TaskLifecycleService';

export interface TaskServiceDeps {
  pool: Pool;
  clock: Clock;
  ids: Ids;
  reads: ReadService;
  lifecycle: Pick<TaskLifecycleService, 'update' | 'look' | 'reviewDependencies' | 'goOnWithinBudgets'>;
  feed: Pick<ActivityFeed, 'nudge'>;
  secrets: Pick<SecretsService, 'editTask'>;
  heartbeatMinSeconds: number;
}

/**
 * A person's changes to tasks outside of their lifecycle: creating and editing them, their tree,
 * dependencies, comments.
 */
export class TaskService {
  constructor(private readonly deps: TaskServiceDeps) {}

  /**
   * @throws AppError `task-not-found` (the parent), `agent-not-found`, `nesting-too-deep`,
   * `agent-misconfigured` (a mask instead of a secret), and those of the rule
   */
  async create(userId: string, input: TaskCreateInput): Promise<TaskView> {
    const { pool, clock, ids, reads, feed, secrets } = this.deps;
    const rule = completeRule(input, NO_RULE);
    const id = ids.row();
    assertRule(rule, clock.now(), this.deps.heartbeatMinSeconds);
    const parentRef = input.parentTaskId ?? null;
    const config = await this.withBudget(userId, input, parentRef !== null);
    await this.checkReview(userId, input.config?.review, input.agentId ?? null);
    const task = await createTask(
      pool,
      {
        id,
        userId,
        name: input.name || defaultTaskName(input.instruction),
        instruction: input.instruction,
        agentId: input.agentId ?? null,
        parentTaskId: parentRef === null ? null : await reads.taskId(userId, parentRef),
        ...rule,
        heartbeatTimeout: input.heartbeatTimeout ?? LIMITS.leaseSecondsDefault,
        priority: input.priority ?? 0,
        maxTopics: input.maxTopics ?? null,
        config: await secrets.editTask(userId, { id, storedConfig: {} }, config),
      },
      clock.now(),
    );
    feed.nudge();
    return shownTask(task);
  }

  /**
   * A new task with a model begins with caps, unless it names its own, even none (`budget: {}`). Those of a
   * subtask are its parent's.
   */
  private async withBudget(
    userId: string,
    { agentId, config = {} }: TaskCreateInput,
    isSubtask: boolean,
  ): Promise<TaskConfig> {
    if (config.budget !== undefined || isSubtask || typeof agentId !== 'string') return config;
    const { pool } = this.deps;
    const agent = await readAgent(pool, userId, agentId);
    if (agent === null || !beginsWithCaps(agent.kind)) return config;
    const { taskBudget } = await readOwnerBudget(pool, userId);
    return hasCaps(taskBudget) ? { ...config, budget: taskBudget } : config;
  }

  /**
   * Saves an edit; a changed rule re-arms the task. Moving to another parent is a commit of its own, under
   * the lock that keeps the tree free of cycles; everything that could refuse the rest of the edit is checked
   * before it.
   * @throws AppError `task-not-found`, `agent-not-found`, `edit-conflict`, `ancestor-circle`,
   *   `nesting-too-deep`, `dependency-circle`, and those of the rule
   */
  async update(userId: string, input: TaskUpdateInput): Promise<TaskView> {
    const { reads, lifecycle } = this.deps;
    const { id: ref, parentTaskId: parentRef, revision, base, ...given } = input;
    const taskId = await reads.taskId(userId, ref);
    let origin: EditOrigin = { revision, base };
    let mayMakeRoom = parentRef !== undefined;
    const readEdit = async () => {
      const { task, ...told } = await this.checkEdit(userId, taskId, given, origin);
      mayMakeRoom ||= changesCaps(task, told.edit);
      return told;
    };
    if (parentRef !== undefined) {
      await readEdit();
      // The move itself gives the task another revision.
      origin = { base };
      await this.move(userId, taskId, parentRef === null ? null : await reads.taskId(userId, parentRef));
    }
    await lifecycle.update(userId, taskId, readEdit);
    // After it, because a task that was slowed down is armed anew, which is another revision.
    await lifecycle.look(userId, { taskIds: [taskId] });
    if (mayMakeRoom) await lifecycle.goOnWithinBudgets(userId);
    return reads.task(userId, taskId);
  }

  /**
   * Carries an edit over to the task as it is now, checks it, and completes it with what follows from it: a
   * default name, the time zone of a new pattern. Returns the task as it was, and the edit.
   */
  private async checkEdit(
    userId: string,
    taskId: string,
    given: TaskEdit,
    origin: EditOrigin,
  ): Promise<RecordedEdit & { task: StoredTask }> {
    const { pool, clock, heartbeatMinSeconds, secrets } = this.deps;
    const task = orThrow(await readTask(pool, userId, taskId), 'task-not-found');
    // What the person has read and edited is the masked configuration.
    const edit = mergeEdit(shownTask(task), given, origin);
    if (typeof edit.agentId === 'string') {
      orThrow(await readAgent(pool, userId, edit.agentId), 'agent-not-found');
    }
    const review = edit.config?.review;
    if (JSON.stringify(review) !== JSON.stringify(task.storedConfig.review))
      await this.checkReview(userId, review, edit.agentId ?? task.agentId);
    const fields = { ...edit };
    if (edit.config !== undefined) fields.config = await secrets.editTask(userId, task, edit.config);
    if (edit.name === '') fields.name = defaultTaskName(edit.instruction ?? task.instruction);
    if (RULE_KEYS.some((key) => edit[key] !== undefined)) {
      const rule = completeRule(edit, task);
      assertRule(rule, clock.now(), heartbeatMinSeconds);
      if (rule.scheduleTimezone !== task.scheduleTimezone) fields.scheduleTimezone = rule.scheduleTimezone;
    }
    return { task, edit: fields, changes: changesOf(task, fields, shownTaskConfig) };
  }

  /**
   * Refuses a check of work that can never be made.
   * @throws AppError `agent-not-found` (the reviewer), `invalid-input`
   */
  private async checkReview(
    userId: string,
    review: TaskConfig['review'],
    agentId: string | null,
  ): Promise<void> {
    if (review === undefined) return;
    const { pool } = this.deps;
    const agent = agentId === null ? null : await readAgent(pool, userId, agentId);
    if (agent !== null && !readsWords(agent.kind)) {
      throw new AppError(
        'invalid-input',
        'A page watcher tells what has changed and does no work that could be checked. Choose another agent, or turn the check off',
      );
    }
    if (review.agentId === undefined) return;
    const reviewer = orThrow(await readAgent(pool, userId, review.agentId), 'agent-not-found');
    if (!readsWords(reviewer.kind))
      throw new AppError('invalid-input', 'A page watcher cannot check work. Choose another reviewer');
  }

  private async move(userId: string, taskId: string, parentTaskId: string | null): Promise<void> {
    await moveTask(this.deps.pool, { userId, taskId, parentTaskId }, this.deps.clock.now());
    this.deps.feed.nudge();
  }

  /** `id`: of the comment; default a new one. @throws AppError `task-not-found` */
  async comment(
    userId: string,
    taskId: string,
    content: string,
    id = this.deps.ids.row(),
  ): Promise<CommentView> {
    const { pool, clock, feed } = this.deps;
    const comment = { id, userId, taskId, content };
    const createdAt = clock.now();
    const isAdded = await addComment(pool, comment, createdAt);
    if (!isAdded) throw new AppError('task-not-found', 'There is no such task');
    feed.nudge();
    return { id: comment.id, taskId, author: 'user', content, createdAt };
  }

  /** @throws AppError `comment-not-found`: the person has written no such comment */
  async editComment(userId: string, { commentId, content }: { commentId: string; content: string }) {
    const { pool, clock, feed } = this.deps;
    assertFound(await editComment(pool, { userId, commentId, content }, clock.now()));
    feed.nudge();
    return { id: commentId, content };
  }

  /** @throws AppError `comment-not-found`: the person has written no such comment */
  async deleteComment(userId: string, commentId: string) {
    const { pool, clock, feed } = this.deps;
    assertFound(await deleteComment(pool, { userId, commentId }, clock.now()));
    feed.nudge();
    return { id: commentId };
  }

  /** @throws AppError `task-not-found`, `dependency-circle`, `limit-reached` */
  async addDependency(userId: string, taskId: string, dependsOnId: string): Promise<TaskView> {
    const { pool, clock, feed } = this.deps;
    await addDependency(pool, { userId, taskId, dependsOnId }, clock.now(), this.reviewOf(taskId));
    feed.nudge();
    return this.deps.reads.task(userId, taskId);
  }

  /** @throws AppError `dependency-not-found` */
  async removeDependency(userId: string, taskId: string, dependsOnId: string): Promise<TaskView> {
    const { pool, clock, feed } = this.deps;
    await removeDependency(pool, { userId, taskId, dependsOnId }, clock.now(), this.reviewOf(taskId));
    feed.nudge();
    return this.deps.reads.task(userId, taskId);
  }

  private reviewOf(taskId: string): FollowUp {
    return (client) => this.deps.lifecycle.reviewDependencies(client, taskId);
  }

  /** @throws AppError `brief-not-found` */
  async markBriefRead(userId: string, briefId: string): Promise<BriefView> {
    await this.deps.lifecycle.look(userId, { briefIds: [briefId] });
    await markBriefRead(this.deps.pool, { userId, briefId }, this.deps.clock.now());
    this.deps.feed.nudge();
    return this.deps.reads.brief(userId, briefId);
  }
}

/** Throws if there is no such comment. What agents wrote stays as they wrote it. */
function assertFound(isFound: boolean): void {
  if (!isFound) throw new AppError('comment-not-found', 'There is no such comment of yours');
}

const NO_RULE: AutomationRule = {
  automationMode: null,
  heartbeatInterval: null,
  schedulePattern: null,
  scheduleTimezone: null,
};
/** Whether other caps hold for a task after an edit that leaves it where it is. */
function changesCaps({ agentId, storedConfig }: StoredTask, edit: TaskEdit): boolean {
  if (edit.agentId !== undefined && edit.agentId !== agentId) return true;
  const { config } = edit;
  if (config === undefined) return false;
  const { budget, review } = storedConfig;
  return !isSameBudget(budget, config.budget) || review?.agentId !== config.review?.agentId;
}

const RULE_KEYS = ['automationMode', 'heartbeatInterval', 'schedulePattern', 'scheduleTimezone'] as const;

/** The rule with the edit applied; a pattern without a time zone is in UTC. */
function completeRule(edit: Partial<TaskFields>, current: AutomationRule): AutomationRule {
  const { automationMode, heartbeatInterval, schedulePattern, scheduleTimezone } = applyEdit(current, edit);
  const timezone = scheduleTimezone ?? (schedulePattern === null ? null : 'UTC');
  return { automationMode, heartbeatInterval, schedulePattern, scheduleTimezone: timezone };
}
