import type { AgentKind, BeforeAnswer, KindSettings } from '@everbeat/domain';
import { index, jsonb, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns';
import { everbeat } from './everbeat';
import { ownerId } from './people';

/** A brief as it was before an act of the person and as the act has left it. Instants are texts. */
export interface UndoneBrief {
  id: string;
  before: BriefMarks;
  after: BriefMarks;
}

/** What acts of the inbox change of a brief. */
export interface BriefMarks {
  read_at: string | null;
  snoozed_at: string | null;
  snoozed_until: string | null;
  resolved_at: string | null;
  resolved_action: string | null;
  updated_at: string;
}

/** What taking an answer back needs to know of its task. */
export interface UndoneAnswer {
  taskId: string;
  /** The revision that the answer has made. With another one, the task has gone on since. */
  revision: number;
  /** What the answer has changed of the task, as it was. Null: nothing. */
  before: BeforeAnswer | null;
  /** The settings for this kind of agent that it has changed, as they were: null for what was not set. */
  settings?: { kind: AgentKind; before: KindSettings } | undefined;
}

/** What takes an act of a person back, for a short time. It takes effect only over what the act has left. */
export const inboxUndos = everbeat.table(
  'inbox_undos',
  {
    token: uuid('token').primaryKey(),
    userId: ownerId(),
    briefs: jsonb('briefs').$type<UndoneBrief[]>().notNull(),
    /** The tasks that it has muted, or no longer mutes. */
    tasks: jsonb('tasks')
      .$type<{ id: string; before: string | null; after: string | null }[]>()
      .notNull()
      .default([]),
    /** What an answer to a brief has changed, where a decision depends on it. */
    answer: jsonb('answer').$type<UndoneAnswer>(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [index('inbox_undos_expires_idx').on(t.expiresAt)],
);
