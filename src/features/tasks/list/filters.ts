import {
  TASK_ATTENTION,
  TASK_GROUPS,
  TASK_SORTS,
  TASK_STATUSES,
  type TaskSort,
  type TaskStatus,
} from '@everbeat/domain';
import { createSerializer, type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs/server';

const FILTER_NAMES = ['all', 'active', 'paused', 'backlog', 'ended'] as const;
type FilterName = (typeof FILTER_NAMES)[number];

const FILTER_LABELS: Record<FilterName, string> = {
  all: 'All',
  active: 'Active',
  paused: 'Paused',
  backlog: 'Not started',
  ended: 'Ended',
};

const FILTER_OF_STATUS: Record<TaskStatus, FilterName> = {
  backlog: 'backlog',
  scheduled: 'active',
  running: 'active',
  paused: 'paused',
  completed: 'ended',
  failed: 'ended',
  canceled: 'ended',
};

export const filterOptions = FILTER_NAMES.map((value) => ({ value, label: FILTER_LABELS[value] }));

/** Undefined for all statuses. */
export const statusesOf = (filter: FilterName): TaskStatus[] | undefined =>
  filter === 'all' ? undefined : TASK_STATUSES.filter((status) => FILTER_OF_STATUS[status] === filter);

export const SORT_LABELS: Record<TaskSort, string> = {
  newest: 'Newest first',
  priority: 'By priority',
  next: 'By next run',
  name: 'By name',
};

/** The part of the list's state that is kept in the page's URL. */
export const listParsers = {
  show: parseAsStringLiteral(FILTER_NAMES).withDefault('all'),
  q: parseAsString.withDefault(''),
  agent: parseAsString.withDefault(''),
  sort: parseAsStringLiteral(TASK_SORTS).withDefault('newest'),
  group: parseAsStringLiteral(TASK_GROUPS),
  /** What the tasks need a person for. */
  need: parseAsStringLiteral(TASK_ATTENTION),
};

/** What the list is narrowed to, and its order. */
export type ListFilter = inferParserType<typeof listParsers>;

/** Whether any filter leaves tasks out. */
export const isNarrowed = ({ show, q, agent, need }: ListFilter): boolean =>
  show !== 'all' || q.trim() !== '' || agent !== '' || need !== null;

const serialize = createSerializer(listParsers);

/** What follows the question mark in the address of such a list; empty for all tasks, the newest first. */
export const toQuery = (filter: ListFilter): string => serialize(filter).replace(/^\?/, '');
