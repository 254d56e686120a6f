import type { TaskStatus } from '@everbeat/domain';
import { parseAsString, parseAsStringLiteral } from 'nuqs';

export const FILTER_NAMES = ['all', 'active', 'paused', 'backlog', 'ended'] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

export const FILTERS: Record<FilterName, { label: string; statuses: TaskStatus[] | undefined }> = {
  all: { label: 'All', statuses: undefined },
  active: { label: 'Active', statuses: ['scheduled', 'running'] },
  paused: { label: 'Paused', statuses: ['paused'] },
  backlog: { label: 'Not started', statuses: ['backlog'] },
  ended: { label: 'Ended', statuses: ['completed', 'failed', 'canceled'] },
};

export const filterOptions = FILTER_NAMES.map((value) => ({ value, label: FILTERS[value].label }));

/** Element id of the search field, which a keyboard shortcut focuses. */
export const SEARCH_FIELD_ID = 'task-search';

/** The part of the list's state that is kept in the page's URL. */
export const listParsers = {
  show: parseAsStringLiteral(FILTER_NAMES).withDefault('all'),
  q: parseAsString.withDefault(''),
  agent: parseAsString.withDefault(''),
};
