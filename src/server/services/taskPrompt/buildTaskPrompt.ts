import { loadPromptContext, type PromptContextKey, type Queryable } from '@everbeat/database';
import { AppError, type Trigger } from '@everbeat/domain';
import { buildTaskRunPrompt, type Reporting } from '@everbeat/prompts';

export interface TaskPromptRequest extends PromptContextKey {
  trigger: Trigger;
  /** What the person added to this one run. */
  extraPrompt: string | null;
  reporting: Reporting;
  now: Date;
}

/**
 * The prompt of one run, in one round trip.
 * @throws AppError `task-not-found` when the task or the topic is gone, or is another user's
 */
export async function buildTaskPrompt(
  { database }: { database: Queryable },
  { trigger, extraPrompt, reporting, now, ...key }: TaskPromptRequest,
): Promise<string> {
  const context = await loadPromptContext(database, key);
  if (context === null) throw new AppError('task-not-found', 'The task of this run is gone');
  return buildTaskRunPrompt({ ...context, trigger, extraPrompt, reporting, now }).text;
}
