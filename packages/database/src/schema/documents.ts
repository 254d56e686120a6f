import { AUTHORS, type Author } from '@everbeat/domain';
import { sql } from 'drizzle-orm';
import { check, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, oneOf } from './columns';
import { everbeat } from './everbeat';
import { taskOwnerId } from './people';
import { taskId } from './tasks';

/** The versions of the documents of a task. The greatest version of a name is the document as it is now. */
export const taskDocuments = everbeat.table(
  'task_documents',
  {
    /** In the order of time. */
    id: uuid('id').notNull(),
    taskId: taskId(),
    userId: taskOwnerId(),
    name: text('name').notNull(),
    version: integer('version').notNull(),
    content: text('content').notNull(),
    author: text('author').$type<Author>().notNull(),
    /** The run that wrote it. There is no foreign key: versions outlive the runs that are kept. */
    operationId: uuid('operation_id'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.taskId, t.name, t.version] }),
    check('task_documents_author_check', oneOf(t.author, AUTHORS)),
    check('task_documents_version_check', sql`${t.version} >= 1`),
    check('task_documents_operation_check', sql`(${t.author} = 'agent') = (${t.operationId} is not null)`),
  ],
);
