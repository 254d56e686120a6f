import type { DocumentHead, DocumentView, Page, StoredDocument } from '@everbeat/domain';
import { newestDocuments } from '../sql/newestDocuments';
import { allRows, firstRow, type Queryable } from '../sql/queryable';
import { type PageRequest, pageSize, toPage } from './filter';

interface DocumentRow extends Omit<DocumentView, 'content'> {
  content?: string;
}

/** The columns of a document `d` without its text, with the number of its run. */
export const DOCUMENT_HEAD = `d.task_id as "taskId", d.name, d.version, octet_length(d.content) as bytes,
  d.created_at as "updatedAt", d.author as "updatedBy", d.operation_id as "operationId",
  (select p.number from everbeat.operations o join everbeat.topics p on p.id = o.topic_id
    where o.id = d.operation_id and o.task_id = d.task_id) as "runNumber"`;
const DOCUMENT = `${DOCUMENT_HEAD}, d.content`;

const isVisible = (owner: string, taskId: string): string =>
  `exists (select 1 from everbeat.tasks t where t.id = ${taskId} and t.user_id = ${owner} and t.deleted_at is null)`;

/** The documents of a user's task by their names. `withContent`: with their texts, which may be 10 MB. */
export async function readDocuments(
  db: Queryable,
  userId: string,
  taskId: string,
  withContent: boolean,
): Promise<DocumentRow[]> {
  return allRows<DocumentRow>(db, {
    name: `everbeat_read_documents_${withContent ? 'whole' : 'heads'}`,
    text: `select ${withContent ? DOCUMENT : DOCUMENT_HEAD} from ${newestDocuments('$2::uuid')}
      where ${isVisible('$1', '$2::uuid')} order by d.name`,
    values: [userId, taskId],
  });
}

/** The newest version of a document, or `version`. Null: there is none of this user. By the primary key. */
export async function readDocument(
  db: Queryable,
  userId: string,
  { taskId, name, version }: { taskId: string; name: string; version?: number | undefined },
): Promise<DocumentView | null> {
  return firstRow<DocumentView>(db, {
    name: 'everbeat_read_document',
    text: `select ${DOCUMENT} from everbeat.task_documents d
      where d.task_id = $2::uuid and d.name = $3 and ($4::int is null or d.version = $4) and ${isVisible('$1', '$2::uuid')}
      order by d.name desc, d.version desc limit 1`,
    values: [userId, taskId, name, version ?? null],
  });
}

/** The versions of a document that are kept, newest first. `cursor`: a version. By the primary key. */
export async function readDocumentVersions(
  db: Queryable,
  userId: string,
  { taskId, name }: { taskId: string; name: string },
  {
    cursor,
    limit,
    withContent,
  }: Omit<PageRequest, 'cursor'> & { cursor?: number | undefined; withContent: boolean },
): Promise<Page<DocumentRow>> {
  const size = pageSize(limit);
  const rows = await allRows<DocumentRow>(db, {
    name: `everbeat_read_document_versions_${withContent ? 'whole' : 'heads'}`,
    text: `select ${withContent ? DOCUMENT : DOCUMENT_HEAD} from everbeat.task_documents d
      where d.task_id = $2::uuid and d.name = $3 and ($5::int is null or d.version < $5) and ${isVisible('$1', '$2::uuid')}
      order by d.name desc, d.version desc limit $4`,
    values: [userId, taskId, name, size + 1, cursor ?? null],
  });
  return toPage(rows, size, ({ version }) => String(version));
}

/** What a decision about a run's documents is made from. Must be read after the task's revision. */
export async function readStoredDocuments(db: Queryable, taskId: string): Promise<StoredDocument[]> {
  return allRows<StoredDocument>(db, {
    name: 'everbeat_stored_documents',
    text: `select d.id, d.name, d.version, octet_length(d.content) as bytes, d.author as "updatedBy"
      from ${newestDocuments('$1::uuid')}`,
    values: [taskId],
  });
}

/** Heads as they come from JSON. */
export const toDocumentHead = (row: DocumentHead): DocumentHead => ({
  ...row,
  updatedAt: new Date(row.updatedAt),
});
