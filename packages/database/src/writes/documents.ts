import { LIMITS, toInstant } from '@everbeat/domain';
import type { Pool } from 'pg';
import { firstRow } from '../sql/queryable';
import { inTransaction } from './transaction';

/** A text that a person saves as the next version of a document. */
export interface DocumentSave {
  id: string;
  userId: string;
  taskId: string;
  name: string;
  content: string;
  /** The version that it was made from; 0: there was none. Undefined: whatever is there is replaced. */
  baseVersion?: number | undefined;
}

export type DocumentSaved =
  | { kind: 'saved' | 'unchanged'; version: number }
  /** `version`: the one that is current, 0 for none. */
  | { kind: 'conflict'; version: number }
  | { kind: 'task-not-found' | 'too-many' };

interface SaveRow {
  added: number | null;
  current: number;
  isFull: boolean;
  /** The newest version has this text already. */
  isSame: boolean;
}

/**
 * Saves the next version of a document, if the newest is still `baseVersion` and the task has room for it. A
 * text that is what the document says already makes no version. The lock on the task is held by every writer
 * of its documents, and the new revision makes a decision about them that was made before look again.
 */
export function saveDocument(pool: Pool, save: DocumentSave, now: Date): Promise<DocumentSaved> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `select 1 from everbeat.tasks where id = $2::uuid and user_id = $1 and deleted_at is null for no key update`,
      [save.userId, save.taskId],
    );
    if (rowCount === 0) return { kind: 'task-not-found' };
    // A statement of its own, so that it sees what the last holder of the lock has committed.
    const row = await firstRow<SaveRow>(client, {
      name: 'everbeat_save_document',
      text: SAVE_SQL,
      values: [save.id, save.taskId, save.name, save.content, save.baseVersion ?? null, toInstant(now)],
    });
    return outcomeOf(row ?? { added: null, current: 0, isFull: false, isSame: false }, save);
  });
}

function outcomeOf(
  { added, current, isFull, isSame }: SaveRow,
  { baseVersion = current }: DocumentSave,
): DocumentSaved {
  if (added !== null) return { kind: 'saved', version: added };
  // Also when an earlier attempt at the same save has been answered too late.
  if (isSame) return { kind: 'unchanged', version: current };
  return isFull && baseVersion === current ? { kind: 'too-many' } : { kind: 'conflict', version: current };
}

const SAVE_SQL = `
  with newest as (
    select d.version, d.content from everbeat.task_documents d
    where d.task_id = $2::uuid and d.name = $3 order by d.name desc, d.version desc limit 1
  ), facts as (
    select coalesce((select version from newest), 0) as current,
      (select count(distinct d.name) from everbeat.task_documents d where d.task_id = $2::uuid)
        >= ${LIMITS.documentsPerTaskMax} as is_full
  ), added as (
    insert into everbeat.task_documents (id, task_id, user_id, name, version, content, author, created_at)
    select $1::uuid, t.id, t.user_id, $3, f.current + 1, $4, 'user', $6::timestamptz
    from everbeat.tasks t cross join facts f
    where t.id = $2::uuid and ($5::int is null or f.current = $5) and (f.current > 0 or not f.is_full)
      and $4 is distinct from (select content from newest)
    returning task_id, user_id, name, version
  ), revised as (
    update everbeat.tasks t set revision = t.revision + 1 from added a where t.id = a.task_id
  ), past as (
    delete from everbeat.task_documents d using added a
    where d.task_id = a.task_id and d.name = a.name and d.version <= a.version - ${LIMITS.documentVersionsMax}
  ), history as (
    insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at)
    select task_id, user_id, 'document', name, $6::timestamptz from added
  )
  select (select version from added) as added, f.current, f.is_full as "isFull",
    coalesce((select content from newest) = $4, false) as "isSame"
  from facts f`;
