import { z } from 'zod';
import type { TaskEdit } from './editMerge';
import { LIMITS } from './limits';
import type { Task } from './task';
import type { TaskConfig } from './taskConfig';
import { EDIT_FIELDS } from './taskInputs';
import { storableText } from './text';

/** A value before or after an edit. Null: nothing was set. Of a list or pairs: one line for each. */
const changedValueSchema = z.union([z.string(), z.number(), z.boolean()]).nullable();
type ChangedValue = z.infer<typeof changedValueSchema>;

/**
 * What an edit changed in one setting of a task, as the history keeps it. `field` is a column of the task or
 * a path in its configuration, such as `config.budget.perDayUsd`. Of a long text, `from` and `to` are the
 * parts that differ. Of a secret both are its mask, so that they are the same.
 */
const fieldChangeSchema = z.object({
  field: z.string(),
  from: changedValueSchema,
  to: changedValueSchema,
});
export type FieldChange = z.infer<typeof fieldChangeSchema>;

/** As they are stored. Null: the row is of another kind or of an older version, or cannot be read. */
export const fieldChangesSchema = z.array(fieldChangeSchema).nullable().catch(null);

/** A task before an edit, as it is stored. */
type Edited = Pick<Task, Exclude<(typeof EDIT_FIELDS)[number], 'config'>> & { storedConfig: TaskConfig };

/**
 * What an edit changes in a task, bounded in number and length.
 * @param edit as it is going to be stored
 * @param shown the configuration as clients may see it: without its secrets
 */
export function changesOf(
  task: Edited,
  edit: TaskEdit,
  shown: (config: TaskConfig) => TaskConfig,
): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const field of EDIT_FIELDS) {
    if (field === 'config' || edit[field] === undefined) continue;
    const [from, to] = [toldValue(task[field]), toldValue(edit[field])];
    if (from !== to) changes.push(change(field, from, to));
  }
  if (edit.config !== undefined) changes.push(...configChanges(task.storedConfig, edit.config, shown));
  return changes.slice(0, LIMITS.changedFieldsMax);
}

/** What differs between two configurations as they are stored, told in values that may be shown. */
export function configChanges(
  before: TaskConfig,
  after: TaskConfig,
  shown: (config: TaskConfig) => TaskConfig,
): FieldChange[] {
  const [stored, edited] = [leavesOf(before), leavesOf(after)];
  const [from, to] = [leavesOf(shown(before)), leavesOf(shown(after))];
  return [...new Set([...stored.keys(), ...edited.keys()])]
    .filter((path) => (stored.get(path) ?? null) !== (edited.get(path) ?? null))
    .map((path) => change(`config.${path}`, from.get(path) ?? null, to.get(path) ?? null))
    .slice(0, LIMITS.changedFieldsMax);
}

/** Each setting, and each value of a group of settings, by its path. */
function leavesOf(config: TaskConfig): Map<string, ChangedValue> {
  const leaves = new Map<string, ChangedValue>();
  for (const [name, value] of Object.entries(config)) {
    if (!isGroup(value)) leaves.set(name, toldValue(value));
    else for (const [part, own] of Object.entries(value)) leaves.set(`${name}.${part}`, toldValue(own));
  }
  return leaves;
}

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function toldValue(value: unknown): ChangedValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(lineOf).join('\n');
  return Object.entries(value)
    .map(([name, part]) => `${name}: ${lineOf(part)}`)
    .join('\n');
}

const lineOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const change = (field: string, from: ChangedValue, to: ChangedValue): FieldChange => ({
  field,
  ...(typeof from === 'string' && typeof to === 'string'
    ? aroundDifference(from, to)
    : { from: shortened(from), to: shortened(to) }),
});

const shortened = (value: ChangedValue): ChangedValue =>
  typeof value === 'string' ? storableText(value, LIMITS.changeCharsMax) : value;

/** So much of what two long texts have in common is kept on both sides of where they differ. */
const CONTEXT_CHARS = 40;

/** Two texts, or of long ones what lies between their common beginning and their common end. */
function aroundDifference(from: string, to: string): { from: string; to: string } {
  const longest = Math.max(from.length, to.length);
  if (longest <= LIMITS.changeCharsMax) return { from, to };
  const shortest = Math.min(from.length, to.length);
  let start = 0;
  while (start < shortest && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < shortest - start && from.at(-1 - end) === to.at(-1 - end)) end += 1;
  const first = Math.max(0, start - CONTEXT_CHARS);
  const part = (text: string): string => {
    const last = Math.min(text.length, text.length - end + CONTEXT_CHARS);
    const cut = `${first > 0 ? '…' : ''}${text.slice(first, last)}${last < text.length ? '…' : ''}`;
    return storableText(cut, LIMITS.changeCharsMax);
  };
  return { from: part(from), to: part(to) };
}
