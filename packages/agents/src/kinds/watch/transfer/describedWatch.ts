import { addressesMeant, LIMITS, storableText } from '@everbeat/domain';
import { addressSchema } from '@everbeat/outgoing';
import { z } from 'zod';
import { type WatchSettings, watchFieldsSchema, watchSettingsSchema } from '../config';

/** One watch as a file describes it, before anything of it is checked. */
export interface DescribedWatch {
  name?: string | null | undefined;
  url: string;
  /** By the names of `task.config.watch`. What does not fit is left out, with the reason. */
  settings: Readonly<Record<string, unknown>>;
  intervalSeconds?: number | undefined;
  schedule?: { pattern: string; timezone: string } | undefined;
  isPaused?: boolean;
  /** What the file asks for and a watch does not do: "Tags: …". */
  leftOut: string[];
  /** Why it cannot be watched at all. */
  problem?: string | undefined;
}

/** One watch of a file, as it would be made. */
export interface ImportedWatch {
  name: string | null;
  url: string;
  /** Null where there is a `problem`. Holds secrets: only its names may be shown. */
  settings: WatchSettings | null;
  intervalSeconds: number | null;
  schedule: { pattern: string; timezone: string } | null;
  isPaused: boolean;
  /** What is carried over beside the address, without values of headers and cookies. */
  carried: string[];
  leftOut: string[];
  problem: string | null;
}

const SHOWN_CHARS_MAX = 200;
const shown = (text: string): string => storableText(text, SHOWN_CHARS_MAX);

/** A watch of what a file says: all of it that fits, and in words what does not. */
export function importedWatch(described: DescribedWatch): ImportedWatch {
  const { name, schedule, intervalSeconds, isPaused = false } = described;
  const leftOut = [...described.leftOut];
  const address = addressOf(described.url);
  const problem = described.problem ?? address.problem;
  const settings: Record<string, unknown> = { url: address.url };
  const carried: string[] = [];
  for (const [field, value] of Object.entries(described.settings)) {
    const fitting = fittingValue(field, value, leftOut);
    if (fitting === undefined) continue;
    settings[field] = fitting;
    carried.push(shown(`${FIELD_LABELS[field] ?? field}: ${shownValue(field, fitting)}`));
  }
  const checked = problem === null ? watchSettingsSchema.safeParse(settings) : null;
  return {
    name: storableText((name ?? '').replace(/\s+/g, ' ').trim(), LIMITS.nameCharsMax) || null,
    url: shown(address.url),
    settings: checked?.data ?? null,
    intervalSeconds: intervalSecondsOf(intervalSeconds),
    schedule: schedule ?? null,
    isPaused,
    carried: problem === null ? carried : [],
    leftOut: leftOut.map(shown),
    problem: problem ?? (checked?.success ? null : (checked?.error.issues[0]?.message ?? 'does not fit')),
  };
}

const intervalSecondsOf = (seconds: number | undefined): number | null =>
  seconds === undefined || !(seconds > 0) ? null : Math.min(Math.round(seconds), LIMITS.heartbeatSecondsMax);

function addressOf(text: string): { url: string; problem: string | null } {
  const trimmed = text.trim();
  if (/\{\{|\{%/.test(trimmed)) {
    return { url: trimmed, problem: 'The address is a template, which is filled in anew for each look.' };
  }
  const url = addressesMeant(trimmed)[0] ?? trimmed;
  const checked = addressSchema.safeParse(url);
  const isHost = checked.success && /^(\[.*\]|localhost|.*[.:].*)$/.test(new URL(url).host);
  if (isHost) return { url, problem: null };
  const why = checked.success ? 'is no web address' : (checked.error.issues[0]?.message ?? '');
  return { url: trimmed, problem: trimmed === '' ? 'There is no address.' : `The address ${why}.` };
}

const stringsSchema = z.record(z.string(), z.string());

/** The value as far as it fits. Undefined: nothing of it does, or it is empty. */
function fittingValue(field: string, value: unknown, leftOut: string[]): unknown {
  const schema = field in watchFieldsSchema.shape ? fieldSchemas[field] : undefined;
  if (schema === undefined || value === undefined || value === null || value === '') return undefined;
  if (Array.isArray(value)) {
    const items = value.filter((item) =>
      fits(schema, [item], `${FIELD_LABELS[field]} “${String(item)}”`, leftOut),
    );
    return items.length === 0 || !fits(schema, items, FIELD_LABELS[field] ?? field, leftOut)
      ? undefined
      : items;
  }
  const pairs = stringsSchema.safeParse(value);
  if (pairs.success) {
    const entries = Object.entries(pairs.data).filter(([name, item]) =>
      fits(schema, { [name]: item }, `${FIELD_LABELS[field]} ${name}`, leftOut),
    );
    const kept = Object.fromEntries(entries);
    return entries.length === 0 || !fits(schema, kept, FIELD_LABELS[field] ?? field, leftOut)
      ? undefined
      : kept;
  }
  return fits(schema, value, `${FIELD_LABELS[field]} “${String(value)}”`, leftOut) ? value : undefined;
}

function fits(schema: z.ZodType, value: unknown, label: string, leftOut: string[]): boolean {
  const { success, error } = schema.safeParse(value);
  if (!success) leftOut.push(`${label}: ${error.issues[0]?.message ?? 'does not fit'}.`);
  return success;
}

const fieldSchemas: Readonly<Record<string, z.ZodType>> = watchFieldsSchema.shape;

const FIELD_LABELS: Readonly<Record<string, string>> = {
  selector: 'Part of the page',
  ignoreText: 'Ignores lines with',
  ignorePatterns: 'Ignores what matches',
  ignoreSelectors: 'Ignores elements',
  ignorePaths: 'Ignores parts of JSON',
  onlyIfContains: 'Only if the new text contains',
  below: 'Only below',
  above: 'Only above',
  byPercent: 'Only by more than (%)',
  includeNoise: 'Reports clocks and counters',
  headers: 'Headers',
  cookies: 'Cookies',
  userAgent: 'User agent',
};

/** A value as it is shown: of headers and cookies the names alone. */
function shownValue(field: string, value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  if (field === 'headers' || field === 'cookies') return Object.keys(stringsSchema.parse(value)).join(', ');
  return String(value);
}
