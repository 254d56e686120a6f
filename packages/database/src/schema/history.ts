import { ACTIVITY_KINDS, type ActivityKind, type FieldChange, type TaskStatus } from '@everbeat/domain';
import { sql } from 'drizzle-orm';
import { bigint, check, customType, index, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, oneOf } from './columns';
import { everbeat } from './everbeat';
import { taskOwnerId } from './people';

/**
 * The id of the writing transaction. The activity feed is ordered by it, so that a late commit is never
 * skipped.
 */
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

/**
 * The history of a task and the feed that live pages follow: one row of kind `status` for every status
 * change, written in its transaction, and rows of other kinds for other changes that a page shows. There is
 * no foreign key to the task, so that its deletion can be recorded.
 */
export const taskActivities = everbeat.table(
  'task_activities',
  {
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity(),
    tx: xid8('tx').notNull().default(sql`pg_current_xact_id()`),
    taskId: uuid('task_id').notNull(),
    userId: taskOwnerId(),
    kind: text('kind').$type<ActivityKind>().notNull(),
    fromStatus: text('from_status').$type<TaskStatus>(),
    toStatus: text('to_status').$type<TaskStatus>(),
    reason: text('reason'),
    /** The operation, brief, topic, comment or task that the row is about. */
    refId: uuid('ref_id'),
    /** Of an edit: what each setting was before and after it, without secrets. */
    changes: jsonb('changes').$type<FieldChange[]>(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    index('task_activities_task_idx').on(t.taskId, t.id),
    primaryKey({ name: 'task_activities_feed', columns: [t.tx, t.id] }),
    check('task_activities_kind_check', oneOf(t.kind, ACTIVITY_KINDS)),
  ],
);

/** State of the installation, such as the watchdog's last pass. */
export const systemState = everbeat.table('system_state', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: instant('updated_at').notNull(),
});
