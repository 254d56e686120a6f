import type { AgentView, KindSettings, SystemStatusView } from '@everbeat/domain';
import type { ComponentType, ReactNode } from 'react';
import type { UseFormRegisterReturn } from 'react-hook-form';
import { z } from 'zod';

/** One field of a form, which edits one value of an agent's configuration or of a task's settings. */
export interface KindField {
  label: string;
  hint?: string;
  placeholder?: string;
  inputMode?: 'url';
  /** Shown in a monospaced font. */
  isCode?: boolean;
  /** Folded away with the others that few people need. */
  isRare?: boolean;
  /** Default: one line of text. */
  control?: 'line' | 'lines' | { options: (status: SystemStatusView | undefined) => readonly Option[] };
  /** Edits the text in another way than by typing. */
  Control?: ComponentType<TextControlProps>;
  /** Its text is not kept in the browser. */
  isSecret?: boolean;
  /** The error when the field is empty. Without it, the field is optional. */
  required?: string;
  /** Validates the trimmed text and returns the value to store. Default: the trimmed text. */
  schema?: z.ZodType<unknown, string>;
  /** Formats a stored value as text. Default: strings and numbers unchanged. */
  format?: (stored: unknown) => string;
}
/** Of a control that keeps what it edits as a text. */
export interface TextControlProps {
  text: string;
  onText: (text: string) => void;
}
export type Option = readonly [value: string, label: string];
/** Keyed by the name of the value. */
export type KindFieldSet = Readonly<Record<string, KindField>>;

/** Shown above the fields, or instead of them: then such an agent cannot be made. */
export interface KindNotice {
  text: ReactNode;
  replacesFields: boolean;
}

/** How agents of one kind are made and edited. What pages show of them is in `kindLooks.ts`. */
export interface KindForm {
  lead: string;
  /** The agent's configuration, except `timeoutSeconds`, which every kind has. */
  fields: KindFieldSet;
  timeoutSecondsDefault: number;
  notice?: (status: SystemStatusView) => KindNotice | null;
  /** The settings that a task has for agents of this kind. */
  taskSettings?: TaskSettingsForm;
}

export interface TaskSettingsForm {
  /** What the settings are about: "Watched page". */
  label: string;
  fields: KindFieldSet;
  /** The name of the one field that a test of the agent asks for. */
  mainField: string;
  /** The error when neither the task nor the agent has the main setting. */
  mainMissing?: string;
  /** The label in a test of the agent. Left out: a test asks for an instruction instead. */
  trialLabel?: string;
  /** Shows the fields, and more than fields. Left out: the fields alone. */
  Fields?: ComponentType<TaskSettingsProps>;
  /** Tells of a task that has the main setting already. */
  isToldOfDoubles?: boolean;
  /** The instruction of a task whose agent reads none, from the texts of the fields. */
  instructionOf?: (texts: Readonly<Record<string, string>>) => string;
  /** What such a task is called that a person gave no name. */
  nameHint?: string;
}

export interface TaskSettingsProps {
  fields: KindFieldSet;
  agent: Pick<AgentView, 'id' | 'config'>;
  /** As typed so far, by the name of the field. */
  texts: Readonly<Record<string, string>>;
  register: (name: string) => UseFormRegisterReturn;
  errorOf: (name: string) => string | undefined;
  /** Writes a text into a field. */
  fill: (name: string, text: string) => void;
}

export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** The texts of a form's fields for stored values. */
export const textsOf = (fields: KindFieldSet, stored: KindSettings = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { format = textOf }]) => [name, format(stored[name])]),
  );

/** Reads a form's texts: the values, '' for an empty field, and the problems found. */
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
    else problems.push({ name, message: parsed.error.issues[0]?.message ?? 'This value is not valid' });
  }
  return { values, problems };
}

/** The values without those that are empty, so that the server's defaults apply. */
export const withoutEmpty = (values: KindSettings): KindSettings =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));

/** The settings of a task, or undefined while all fields are empty. */
export function readTaskSettings(
  { fields }: TaskSettingsForm,
  texts: Readonly<Record<string, string>>,
): KindSettings | undefined {
  const settings = withoutEmpty(readFields(fields, texts).values);
  return Object.keys(settings).length === 0 ? undefined : settings;
}
