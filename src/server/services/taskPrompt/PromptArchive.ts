import {
  loadPromptContexts,
  type MessageRow,
  type PromptPart,
  type Queryable,
  readPromptParts,
  storePromptParts,
} from '@everbeat/database';
import { errorMessage, type Logger, type MessageView } from '@everbeat/domain';
import {
  hashesOf,
  promptTexts,
  putTogether,
  readRecipe,
  type TaskRunPrompt,
  takeApart,
} from '@everbeat/prompts';

/** How many stored texts this process remembers, so as not to send them with every run. */
const REMEMBERED_MAX = 50_000;

/**
 * Keeps of each prompt only what the database does not have already, and puts it together again for display.
 * A prompt of tens of kilobytes becomes one or two.
 */
export class PromptArchive {
  private readonly remembered = new Set<string>();

  constructor(private readonly deps: { db: Queryable; logger: Logger }) {}

  /** What to store for a prompt. Null: its text, because its parts could not be stored now. Never throws. */
  async recipeOf(taskId: string, prompt: TaskRunPrompt): Promise<string | null> {
    const { recipe, stored } = takeApart(prompt);
    const parts = [...stored]
      .map(([hash, text]) => ({ taskId, hash, text }))
      .filter((part) => !this.remembered.has(keyOf(part)));
    try {
      if (parts.length > 0) await storePromptParts(this.deps.db, parts);
    } catch (error) {
      this.deps.logger.warn(
        { taskId, reason: errorMessage(error) },
        'The parts of a prompt could not be stored; it is stored whole',
      );
      return null;
    }
    for (const part of parts) this.remember(keyOf(part));
    return recipe;
  }

  private remember(key: string): void {
    this.remembered.add(key);
    const oldest = this.remembered.size > REMEMBERED_MAX ? this.remembered.values().next() : null;
    if (oldest !== null && !oldest.done) this.remembered.delete(oldest.value);
  }

  /** A message as a person reads it. */
  async shown(userId: string, row: MessageRow): Promise<MessageView> {
    const { recipe: packed, operationId, taskId, ...message } = row;
    if (packed === null || operationId === null) return { ...message, note: null };
    const recipe = readRecipe(packed);
    if (recipe === null) return { ...message, note: UNREADABLE };
    const key = { userId, taskId, operationId };
    const [[context], { texts, extraPrompt }] = await Promise.all([
      loadPromptContexts(this.deps.db, [{ ...key, topicId: row.topicId, asOf: row.createdAt }]),
      readPromptParts(this.deps.db, { ...key, hashes: hashesOf(recipe) }),
    ]);
    const history = context === null || context === undefined ? [] : promptTexts({ ...context, extraPrompt });
    const { text, missing, isWhole } = putTogether(recipe, [...texts, ...history]);
    return { ...message, content: text, note: isWhole ? null : noteOn(missing) };
  }
}

const keyOf = ({ taskId, hash }: PromptPart): string => `${taskId} ${hash}`;

const UNREADABLE = 'This prompt can no longer be shown: what was stored of it cannot be read.';

const noteOn = (missing: number): string =>
  `This is not the whole prompt: ${missing === 1 ? 'one part of it is' : `${missing} parts of it are`} no longer stored. A text it quoted was changed since, or removed by the retention rule.`;
