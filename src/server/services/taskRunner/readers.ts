import type { DocumentReader, TaskReader, ViewedTask } from '@everbeat/agents';
import {
  type Queryable,
  readDocument,
  readRelatedTasks,
  readStoredDocuments,
  readTaskDetail,
} from '@everbeat/database';

interface Owned {
  userId: string;
  taskId: string;
}

/** What a run may read of the documents of a task. */
export const documentsOf = (db: Queryable, { userId, taskId }: Owned): DocumentReader => ({
  list: () => readStoredDocuments(db, taskId),
  read: (name) => readDocument(db, userId, { taskId, name }),
});

const NOTHING: DocumentReader = { list: async () => [], read: async () => null };

/** What a run may read of the tasks around its own. Whether one belongs there is looked up at each call. */
export function tasksAround(db: Queryable, own: Owned): TaskReader {
  const isRelated = async (taskId: string): Promise<boolean> =>
    (await readRelatedTasks(db, own)).some(({ id }) => id === taskId);
  return {
    related: () => readRelatedTasks(db, own),
    view: async (taskId) => ((await isRelated(taskId)) ? viewed(db, { ...own, taskId }) : null),
    documentsOf(taskId) {
      const reader = async () => ((await isRelated(taskId)) ? documentsOf(db, { ...own, taskId }) : NOTHING);
      return {
        list: async () => (await reader()).list(),
        read: async (name) => (await reader()).read(name),
      };
    },
  };
}

async function viewed(db: Queryable, { userId, taskId }: Owned): Promise<ViewedTask | null> {
  const detail = await readTaskDetail(db, userId, taskId);
  if (detail === null) return null;
  const documents = await readStoredDocuments(db, taskId);
  return {
    instruction: detail.instruction,
    error: detail.error,
    reports: detail.topics.map(({ number, status, createdAt, title, handoff }) => ({
      number,
      status,
      at: createdAt,
      title,
      text: handoff,
    })),
    briefs: detail.briefs.map(({ type, title, summary, resolvedAction, resolvedComment }) => ({
      type,
      title,
      summary,
      answer: resolvedAction && [resolvedAction, resolvedComment].filter((part) => part !== null).join(': '),
    })),
    comments: detail.comments.map(({ author, content }) => ({ author, text: content })),
    documents: documents.map(({ name }) => name),
  };
}
