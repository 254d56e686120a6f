import {
  ACTIVITY_KINDS,
  type ActivityKind,
  type FieldChange,
  OPERATION_STATUSES,
  type OperationStatus,
  type TaskStatus,
} from '@everbeat/domain';
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  customType,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { instant, oneOf } from './columns';
import { everbeat } from './everbeat';
import { ownerId, taskOwnerId } from './people';

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
    /** What each setting was before and after an edit, without secrets. Null for other changes. */
    changes: jsonb('changes').$type<FieldChange[]>(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    index('task_activities_task_idx').on(t.taskId, t.id),
    primaryKey({ name: 'task_activities_feed', columns: [t.tx, t.id] }),
    check('task_activities_kind_check', oneOf(t.kind, ACTIVITY_KINDS)),
  ],
);

/** How many runs of a day are no longer kept, by how they ended: they are counted when they are removed. */
export const runDays = everbeat.table(
  'run_days',
  {
    userId: ownerId(),
    /** `2026-11-28`, in UTC: the day on which they began. */
    day: text('day').notNull(),
    status: text('status').$type<OperationStatus>().notNull(),
    /** Empty: they did not fail, or nobody knows why. */
    failureClass: text('failure_class').notNull(),
    errorCode: text('error_code').notNull(),
    runs: integer('runs').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.day, t.status, t.failureClass, t.errorCode] }),
    /** For the removal of old days. */
    index('run_days_day_idx').on(t.day),
    check('run_days_status_check', oneOf(t.status, OPERATION_STATUSES)),
  ],
);

/** State of the installation, such as the watchdog's last pass. */
export const systemState = everbeat.table('system_state', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: instant('updated_at').notNull(),
});
