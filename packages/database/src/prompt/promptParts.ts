import { allRows, type Queryable } from '../sql/queryable';

export interface PromptPart {
  taskId: string;
  hash: string;
  text: string;
}

/** Stores texts of prompts. One that is stored already, or whose task was deleted, is left out. */
export async function storePromptParts(db: Queryable, parts: readonly PromptPart[]): Promise<void> {
  await db.query({
    name: 'everbeat_store_prompt_parts',
    text: `
      insert into everbeat.prompt_parts (task_id, hash, text)
      select i."taskId", i.hash, i.text
      from jsonb_to_recordset($1::jsonb) as i("taskId" uuid, hash text, text text)
      join everbeat.tasks t on t.id = i."taskId" and t.deleted_at is null
      on conflict do nothing`,
    values: [JSON.stringify(parts)],
  });
}

/** The stored texts of a task with these hashes, and what a person added for the run of the operation. */
export async function readPromptParts(
  db: Queryable,
  key: { userId: string; taskId: string; operationId: string; hashes: readonly string[] },
): Promise<{ texts: string[]; extraPrompt: string | null }> {
  const rows = await allRows<{ text: string | null; extraPrompt: string | null }>(db, {
    name: 'everbeat_read_prompt_parts',
    text: `
      select q.text, o.extra_prompt as "extraPrompt"
      from everbeat.operations o
      left join everbeat.prompt_parts q on q.task_id = o.task_id and q.hash = any($4::text[])
      where o.id = $3::uuid and o.task_id = $2::uuid and o.user_id = $1`,
    values: [key.userId, key.taskId, key.operationId, key.hashes],
  });
  return {
    texts: rows.flatMap(({ text }) => text ?? []),
    extraPrompt: rows[0]?.extraPrompt ?? null,
  };
}
