import { ACTIVITY_KINDS, type ActivityKind, type TaskStatus } from '@everbeat/domain';
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  customType,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { instant, oneOf } from './columns';
import { taskOwnerId } from './people';

/** The id of the writing transaction: readers of the activity feed order by it, so that a late commit is never passed over. */
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

/**
 * The history of a task and the feed that live pages follow: one row of kind `status` for every status change, in its
 * transaction, and rows of other kinds for what else a page shows. No foreign key to the task, so that its deletion
 * can be told; `tx` orders the feed (see xid8).
 */
export const taskActivities = pgTable(
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
    /** The operation, brief, topic or comment it speaks of. */
    refId: uuid('ref_id'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    index('task_activities_task_idx').on(t.taskId, t.id),
    primaryKey({ name: 'task_activities_feed', columns: [t.tx, t.id] }),
    check('task_activities_kind_check', oneOf(t.kind, ACTIVITY_KINDS)),
  ],
);

/** Facts of the installation, such as the watchdog's last pass. */
export const systemState = pgTable('system_state', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: instant('updated_at').notNull(),
});
