import {
  AGENT_KINDS,
  AGENT_VERDICTS,
  type AgentKind,
  type AgentVerdict,
  type Budget,
  type Cure,
  MODEL_PROVIDERS,
  type ModelProvider,
  type OwnPrices,
} from '@everbeat/domain';
import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, oneOf } from './columns';
import { everbeat } from './everbeat';

/** Has the text ids and column names of Better Auth, so that its sessions and accounts can be added. */
export const users = everbeat.table('users', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  image: text('image'),
  /** The last task number used. The lock on this row serializes the numbering of one user's tasks. */
  taskCounter: integer('task_counter').notNull().default(0),
  /** `provider/model`, for agents that name none. Null: the one in the environment. */
  defaultModel: text('default_model'),
  /** What the user says that models cost, by `provider/model`, in place of the listed prices. */
  modelPrices: jsonb('model_prices').$type<OwnPrices>().notNull().default({}),
  /** The caps of everything that is theirs (PROTOCOL §10). */
  budget: jsonb('budget').$type<Budget>().notNull().default({}),
  /** The caps that a new task with a model begins with. Null: `DEFAULT_TASK_BUDGET`. */
  taskBudget: jsonb('task_budget').$type<Budget>(),
  /** The IANA zone that their days and months are counted in. Null: UTC. */
  timezone: text('timezone'),
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

/** The owner of a row. Every query is scoped by it. */
export const ownerId = () =>
  text('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' });

/**
 * The owner of a row that belongs to a task: every statement copies it from the task. It has no foreign key
 * of its own: the one to the task already guarantees that the user exists, and a second would cost a lookup
 * per row.
 */
export const taskOwnerId = () => text('user_id').notNull();

export const agents = everbeat.table(
  'agents',
  {
    id: uuid('id').primaryKey(),
    userId: ownerId(),
    name: text('name').notNull(),
    kind: text('kind').$type<AgentKind>().notNull(),
    config: jsonb('config').$type<Record<string, unknown>>().notNull().default({}),
    /** Whether it can run, by the last check. */
    checkVerdict: text('check_verdict').$type<AgentVerdict>(),
    /** What is wrong, with the remedy. Null: nothing. */
    checkProblem: text('check_problem'),
    /** Where a person corrects it. */
    checkCure: text('check_cure').$type<Cure>(),
    /** When the verdict was given first, without another since. */
    checkSince: instant('check_since'),
    /** Null: it was never checked as it is now. */
    checkedAt: instant('checked_at'),
    checkDueAt: instant('check_due_at').notNull().defaultNow(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    index('agents_user_idx').on(t.userId, t.id),
    index('agents_check_due_idx').on(t.checkDueAt),
    index('agents_not_ready_idx').on(t.userId, t.id).where(sql`check_verdict <> 'ready'`),
    check('agents_kind_check', oneOf(t.kind, AGENT_KINDS)),
    check('agents_check_verdict_check', oneOf(t.checkVerdict, AGENT_VERDICTS)),
  ],
);

/** The model providers that a user has entered, each in place of the one in the environment. */
export const modelProviders = everbeat.table(
  'model_providers',
  {
    userId: ownerId(),
    provider: text('provider').$type<ModelProvider>().notNull(),
    /** Sealed. Null: it takes none. */
    apiKey: text('api_key'),
    /** Null: the provider's own. */
    baseUrl: text('base_url'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.userId, t.provider] }),
    check('model_providers_provider_check', oneOf(t.provider, MODEL_PROVIDERS)),
  ],
);
