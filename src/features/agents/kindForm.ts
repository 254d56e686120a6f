import type { KindSettings, SystemStatusView } from '@everbeat/domain';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { z } from 'zod';

/** One field of a form, which edits one value of an agent's configuration or of a task's settings. */
export interface KindField {
  label: string;
  hint?: string;
  placeholder?: string;
  inputMode?: 'url';
  /** Shown in a monospaced font. */
  isCode?: boolean;
  /** Default: one line of text. */
  control?: 'line' | 'lines' | { options: (status: SystemStatusView | undefined) => readonly Option[] };
  /** What to say when nothing was typed. Left out: the field may stay empty, and then sets nothing. */
  required?: string;
  /** Checks the trimmed text, and gives the value to store. Default: the trimmed text. */
  schema?: z.ZodType<unknown, string>;
  /** Shows a stored value as text. Default: texts and numbers as they are. */
  format?: (stored: unknown) => string;
}
export type Option = readonly [value: string, label: string];
/** By the name of the value. */
export type KindFieldSet = Readonly<Record<string, KindField>>;

/** Everything that the web interface says about one kind of agent. */
export interface KindForm {
  label: string;
  icon: LucideIcon;
  lead: string;
  /** The agent's configuration, except `timeoutSeconds`, which every kind has. */
  fields: KindFieldSet;
  timeoutSecondsDefault: number;
  /** What the agent is set to, in one line. */
  summarize: (config: Readonly<Record<string, unknown>>) => string;
  /** What to know before the fields are filled in; with `replacesFields` there is nothing to fill in. */
  notice?: (status: SystemStatusView) => { text: ReactNode; replacesFields: boolean } | null;
  /** What each task may set. */
  taskSettings?: TaskSettingsForm;
}

export interface TaskSettingsForm {
  fields: KindFieldSet;
  /** The name of the field without which the others mean nothing. A trial of the agent asks for it alone. */
  mainField: string;
  trialLabel: string;
  /** Names the values where a task is shown. */
  factLabels: Readonly<Record<string, string>>;
}

export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** The texts of a form for stored values. */
export const textsOf = (fields: KindFieldSet, stored: KindSettings = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { format = textOf }]) => [name, format(stored[name])]),
  );

/** The values that were typed into a form, '' for none, and what is wrong with them. */
export function readFields(fields: KindFieldSet, texts: Readonly<Record<string, string>>) {
  const values: KindSettings = {};
  const problems: { name: string; message: string }[] = [];
  for (const [name, { required, schema = z.string() }] of Object.entries(fields)) {
    const text = texts[name]?.trim() ?? '';
    if (text === '') {
      values[name] = '';
      if (required !== undefined) problems.push({ name, message: required });
      continue;
    }
    const parsed = schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push({ name, message: parsed.error.issues[0]?.message ?? 'This does not fit' });
  }
  return { values, problems };
}

/** The values without those that are empty, so that the server's defaults apply. */
export const withoutEmpty = (values: KindSettings): KindSettings =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));

/** The settings of a task, or undefined while the main field is empty. */
export function readTaskSettings(
  { fields, mainField }: TaskSettingsForm,
  texts: Readonly<Record<string, string>>,
): KindSettings | undefined {
  const settings = withoutEmpty(readFields(fields, texts).values);
  return settings[mainField] === undefined ? undefined : settings;
}
