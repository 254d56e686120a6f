import {
  type BriefFilter,
  type MessageRow,
  ownsTopic,
  type PageRequest,
  type Queryable,
  readActivities,
  readBrief,
  readBriefs,
  readComments,
  readDependents,
  readOperation,
  readPicture,
  readReviews,
  readSteps,
  readTask,
  readTaskDetail,
  readTaskId,
  readTasks,
  readTicks,
  readTimeline,
  readTopic,
  readTopics,
  readTranscript,
  type TaskFilter,
} from '@everbeat/database';
import {
  AppError,
  type AppErrorCode,
  type MessageView,
  type ReviewView,
  type TaskListItemView,
  type TimelineView,
} from '@everbeat/domain';
import { shownTask } from '../secrets/maskedConfig';

export interface ReadServiceDeps {
  db: Queryable;
  /** Puts the prompts of a transcript together again. */
  prompts: { shown(userId: string, row: MessageRow): Promise<MessageView> };
}

/**
 * Reads for the API. Each is limited to one user's rows: a row of somebody else is reported as not found.
 * Secrets in the settings of tasks are masked.
 */
export class ReadService {
  constructor(private readonly deps: ReadServiceDeps) {}

  /**
   * The id of the task that an id or an identifier such as `T-12` names.
   * @throws AppError `task-not-found`
   */
  async taskId(userId: string, ref: string): Promise<string> {
    return orThrow(await readTaskId(this.deps.db, userId, ref), 'task-not-found');
  }

  /** @throws AppError `task-not-found` */
  async task(userId: string, taskId: string) {
    return shownTask(orThrow(await readTask(this.deps.db, userId, taskId), 'task-not-found'));
  }

  /** @throws AppError `task-not-found` */
  async taskDetail(userId: string, taskId: string) {
    return shownTask(orThrow(await readTaskDetail(this.deps.db, userId, taskId), 'task-not-found'));
  }

  /** The bytes (JPEG) of a picture of a watched page, or null. */
  picture(userId: string, pictureId: string) {
    return readPicture(this.deps.db, userId, pictureId);
  }

  /** Newest first. `parentTaskId` may be an identifier. @throws AppError `task-not-found` (the parent) */
  async tasks(userId: string, filter: TaskFilter) {
    const { parentTaskId: ref } = filter;
    const parentTaskId = typeof ref === 'string' ? await this.taskId(userId, ref) : ref;
    const { items, nextCursor } = await readTasks(this.deps.db, userId, { ...filter, parentTaskId });
    return { items: items.map((task) => shownTask<TaskListItemView>(task)), nextCursor };
  }

  /** Newest first. */
  topics(userId: string, taskId: string, page: PageRequest) {
    return readTopics(this.deps.db, userId, taskId, page);
  }

  /** One run by its number. @throws AppError `topic-not-found` */
  async topic(userId: string, taskId: string, number: number) {
    return orThrow(await readTopic(this.deps.db, userId, { taskId, number }), 'topic-not-found');
  }

  /** Newest first. */
  comments(userId: string, taskId: string, page: PageRequest) {
    return readComments(this.deps.db, userId, taskId, page);
  }

  /** The tasks that wait for a task, newest first. */
  dependents(userId: string, taskId: string, page: PageRequest) {
    return readDependents(this.deps.db, userId, taskId, page);
  }

  /** The changes of a task, newest first. */
  activities(userId: string, taskId: string, page: PageRequest) {
    return readActivities(this.deps.db, userId, taskId, page);
  }

  /** The ledger, newest first. */
  ticks(userId: string, taskId: string, page: PageRequest) {
    return readTicks(this.deps.db, userId, taskId, page);
  }

  /** The steps of one run, by index. @throws AppError `operation-not-found` */
  async steps(userId: string, operationId: string) {
    const { db } = this.deps;
    orThrow(await readOperation(db, userId, operationId), 'operation-not-found');
    return readSteps(db, userId, operationId);
  }

  /** The steps of all runs of a topic, newest first. @throws AppError `topic-not-found` */
  async timeline(userId: string, topicId: string, page: PageRequest): Promise<TimelineView> {
    return orThrow(await readTimeline(this.deps.db, userId, topicId, page), 'topic-not-found');
  }

  /** The checks of the work of a topic, oldest first. @throws AppError `topic-not-found` */
  async reviews(userId: string, topicId: string): Promise<ReviewView[]> {
    const { db } = this.deps;
    orThrow((await ownsTopic(db, userId, topicId)) || null, 'topic-not-found');
    return readReviews(db, userId, topicId);
  }

  /** Oldest first. @throws AppError `topic-not-found` */
  async transcript(userId: string, topicId: string, page: PageRequest) {
    const { items, nextCursor } = orThrow(
      await readTranscript(this.deps.db, userId, topicId, page),
      'topic-not-found',
    );
    return { items: await Promise.all(items.map((row) => this.deps.prompts.shown(userId, row))), nextCursor };
  }

  /** @throws AppError `operation-not-found` */
  async operation(userId: string, operationId: string) {
    return orThrow(await readOperation(this.deps.db, userId, operationId), 'operation-not-found');
  }

  /** Newest first. `taskId` may be an identifier. @throws AppError `task-not-found` */
  async briefs(userId: string, filter: BriefFilter) {
    if (filter.taskId === undefined) return readBriefs(this.deps.db, userId, filter);
    return readBriefs(this.deps.db, userId, { ...filter, taskId: await this.taskId(userId, filter.taskId) });
  }

  /** @throws AppError `brief-not-found` */
  async brief(userId: string, briefId: string) {
    return orThrow(await readBrief(this.deps.db, userId, briefId), 'brief-not-found');
  }
}

const NOT_FOUND = {
  'task-not-found': 'There is no such task',
  'topic-not-found': 'There is no such topic',
  'operation-not-found': 'There is no such run',
  'brief-not-found': 'There is no such brief',
  'agent-not-found': 'There is no such agent',
  'document-not-found': 'There is no such document, or no such version of it is kept',
  'mcp-server-not-found': 'There is no such server',
  'channel-not-found': 'There is no such channel',
  'delivery-not-found': 'There is no such delivery',
} as const satisfies Partial<Record<AppErrorCode, string>>;

/** @throws AppError `code` if the value is null */
export function orThrow<T>(value: T | null, code: keyof typeof NOT_FOUND): T {
  if (value === null) throw new AppError(code, NOT_FOUND[code]);
  return value;
}
