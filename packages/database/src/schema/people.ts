import { AGENT_KINDS, type AgentKind } from '@everbeat/domain';
import { boolean, check, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant, oneOf } from './columns';

/** Shaped so that Better Auth's sessions and accounts can join: text ids and its column names. */
export const users = pgTable('users', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  image: text('image'),
  /** The last task number given out; one row lock serialises the numbering of one user. */
  taskCounter: integer('task_counter').notNull().default(0),
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

/** Whose row it is: every query is scoped by it. */
export const ownerId = () =>
  text('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' });

/**
 * The owner of a row that hangs on a task: the task's own, by every statement that writes one. The foreign key to the
 * task says the rest, so another to the user would cost a look-up per row and tell nothing.
 */
export const taskOwnerId = () => text('user_id').notNull();

export const agents = pgTable(
  'agents',
  {
    id: uuid('id').primaryKey(),
    userId: ownerId(),
    name: text('name').notNull(),
    kind: text('kind').$type<AgentKind>().notNull(),
    config: jsonb('config').$type<Record<string, unknown>>().notNull().default({}),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    index('agents_user_idx').on(t.userId, t.id),
    check('agents_kind_check', oneOf(t.kind, AGENT_KINDS)),
  ],
);
