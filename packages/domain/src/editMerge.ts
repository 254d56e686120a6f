import { AppError } from './errors';
import { parseTaskConfig, type TaskConfig, taskConfigSchema } from './taskConfig';
import { EDIT_FIELDS, type EditBase, type TaskFields } from './taskInputs';

/**
 * The fields of an edit. A move to another parent is not among them: it is checked against the whole tree.
 */
export type TaskEdit = Partial<Omit<TaskFields, 'parentTaskId'>>;

/** What an edit was made from, as far as its caller says so. */
export interface EditOrigin {
  revision?: number | undefined;
  base?: EditBase | undefined;
}

/**
 * The edit as it applies to the task as it is now, which others may have changed since it was read. A value
 * that equals its base is no edit; one whose field has been changed to something else meanwhile is refused.
 * `config` is merged key by key. A field without a base is written as given, unless `revision` says that the
 * task has changed since.
 * @throws AppError `edit-conflict`
 */
export function mergeEdit(
  current: Omit<TaskFields, 'parentTaskId'> & { revision: number },
  edit: TaskEdit,
  { revision = current.revision, base = {} }: EditOrigin,
): TaskEdit {
  const merged = { ...edit };
  const conflicts: string[] = [];
  for (const field of EDIT_FIELDS) {
    if (edit[field] === undefined) continue;
    if (!Object.hasOwn(base, field)) {
      if (revision !== current.revision) conflicts.push(field);
    } else if (field === 'config') {
      const config = mergeConfig(current.config, edit.config ?? {}, parseTaskConfig(base.config));
      merged.config = config.merged;
      conflicts.push(...config.conflicts.map((key) => `config.${key}`));
    } else if (isSameJson(edit[field], base[field])) {
      merged[field] = undefined;
    } else if (!mayReplace(current[field], edit[field], base[field])) {
      conflicts.push(field);
    }
  }
  if (conflicts.length > 0) throw conflict(conflicts);
  return merged;
}

function mergeConfig(current: TaskConfig, edit: TaskConfig, base: TaskConfig) {
  const merged: TaskConfig = { ...current };
  const conflicts: string[] = [];
  for (const key of taskConfigSchema.keyof().options) {
    if (isSameJson(edit[key], base[key])) continue;
    if (mayReplace(current[key], edit[key], base[key])) Object.assign(merged, { [key]: edit[key] });
    else conflicts.push(key);
  }
  return { merged, conflicts };
}

const mayReplace = (current: unknown, edited: unknown, base: unknown): boolean =>
  isSameJson(current, base) || isSameJson(current, edited);

function conflict(fields: readonly string[]): AppError {
  const names = fields.join(', ');
  return new AppError(
    'edit-conflict',
    `The task has been changed since it was read, so the edit of ${names} was not saved. Read the task again and repeat the edit`,
  );
}

/** In whatever order the keys of an object are: the database orders those of JSON anew. */
const isSameJson = (a: unknown, b: unknown): boolean => ordered(a) === ordered(b);

const ordered = (value: unknown): string | undefined =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
