import { TASK_FIELDS, type Task } from '@everbeat/domain';
import { tasks } from '../schema';
import { columnNames } from './columns';

const NAMES = columnNames(tasks);

/** The columns that a person may edit. */
export const EDITED_COLUMNS: readonly string[] = TASK_FIELDS.map((field) => tasks[field].name);

/**
 * Values of a task by the names of their columns, without those that are undefined: they change nothing.
 */
export function editedColumns(fields: Partial<Task>): Record<string, unknown> {
  const values = new Map<string, unknown>(Object.entries(fields));
  const isEdited = ([field]: [string, string]): boolean => values.get(field) !== undefined;
  return Object.fromEntries([...NAMES].filter(isEdited).map(([field, name]) => [name, values.get(field)]));
}
