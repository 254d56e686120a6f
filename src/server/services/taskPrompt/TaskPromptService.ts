import { type Batcher, type BatchLimits, createBatcher } from '@everbeat/batching';
import {
  isDatabaseUnavailable,
  loadPromptContexts,
  type PromptContext,
  type PromptContextKey,
  type Queryable,
  readLastReview,
} from '@everbeat/database';
import { AppError, type ReportingStyle, type Trigger } from '@everbeat/domain';
import { buildTaskRunPrompt, type TaskRunPrompt } from '@everbeat/prompts';

export interface TaskPromptRequest extends PromptContextKey {
  trigger: Trigger;
  /** What the person added for this one run. */
  extraPrompt: string | null;
  reporting: ReportingStyle;
  now: Date;
}

/** Small, because one context may be a hundred kilobytes. */
const CONTEXTS_PER_CALL_MAX = 25;

/** Builds the prompts of runs. Runs that begin together share one round trip. */
export class TaskPromptService {
  private readonly contexts: Batcher<PromptContextKey, PromptContext | null>;

  constructor(private readonly deps: { db: Queryable; batching?: BatchLimits }) {
    this.contexts = createBatcher<PromptContextKey, PromptContext | null>({
      run: (keys) => loadPromptContexts(deps.db, keys),
      maxBatchSize: CONTEXTS_PER_CALL_MAX,
      maxConcurrentBatches: 2,
      ...deps.batching,
      mayRetryAlone: (error) => !isDatabaseUnavailable(error),
    });
  }

  /**
   * The prompt of one run.
   * @throws AppError `task-not-found` when the task or the topic was deleted, or is another user's; database
   *   errors
   */
  async build({ trigger, extraPrompt, reporting, now, ...key }: TaskPromptRequest): Promise<TaskRunPrompt> {
    const context = await this.contexts.add(key);
    if (context === null) throw new AppError('task-not-found', 'The task of this run was deleted');
    const review =
      trigger === 'rework' ? ((await readLastReview(this.deps.db, key)) ?? undefined) : undefined;
    return buildTaskRunPrompt({ ...context, trigger, extraPrompt, reporting, now, review });
  }
}
