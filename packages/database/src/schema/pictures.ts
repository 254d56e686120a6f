import { sql } from 'drizzle-orm';
import { check, index, uuid } from 'drizzle-orm/pg-core';
import { bytes, instant } from './columns';
import { everbeat } from './everbeat';
import { taskOwnerId } from './people';
import { taskId } from './tasks';

/** Pictures (JPEG) of a watched page, as it was when it was reported. The newest of each task are kept. */
export const taskPictures = everbeat.table(
  'task_pictures',
  {
    id: uuid('id').primaryKey(),
    taskId: taskId(),
    userId: taskOwnerId(),
    picture: bytes('picture').notNull(),
    takenAt: instant('taken_at').notNull(),
  },
  (t) => [
    index('task_pictures_task_idx').on(t.taskId, t.takenAt),
    check('task_pictures_size_check', sql`octet_length(${t.picture}) <= 200000`),
  ],
);
