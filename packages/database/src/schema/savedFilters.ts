import { primaryKey, text } from 'drizzle-orm/pg-core';
import { instant } from './columns';
import { everbeat } from './everbeat';
import { ownerId } from './people';

/** Filters of the list of tasks that a person has given a name, to be found on every device. */
export const savedFilters = everbeat.table(
  'saved_filters',
  {
    userId: ownerId(),
    name: text('name').notNull(),
    /** What follows the question mark in the address of the list. */
    query: text('query').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.name] })],
);
