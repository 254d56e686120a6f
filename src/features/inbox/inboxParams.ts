import { BRIEF_TYPES, INBOX_VIEWS } from '@everbeat/domain';
import { type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs/server';

/** The part of the inbox's state that is kept in the page's address. */
export const inboxParsers = {
  /** Null: whichever has something to show. */
  view: parseAsStringLiteral(INBOX_VIEWS),
  q: parseAsString.withDefault(''),
  task: parseAsString,
  agent: parseAsString,
  type: parseAsStringLiteral(BRIEF_TYPES),
  /** The id of the brief that is shown, which may be in no row of the list. */
  brief: parseAsString,
};

export type InboxParams = inferParserType<typeof inboxParsers>;

/** What narrows a view down. */
export type InboxFilter = Pick<InboxParams, 'q' | 'task' | 'agent' | 'type'>;

export const NO_FILTER: InboxFilter = { q: '', task: null, agent: null, type: null };

export const isFiltered = ({ q, task, agent, type }: InboxFilter): boolean =>
  q.trim() !== '' || task !== null || agent !== null || type !== null;

/** Element id of the search field, which a keyboard shortcut focuses. */
export const INBOX_SEARCH_ID = 'inbox-search';
