import { truncated } from '@everbeat/domain';
import { isLosslessNumber, parse } from 'lossless-json';
import type { JsonBranch, PricePart } from '../../../pagePreview';
import { firstAmount } from '../compare/amounts';

const BRANCHES_MAX = 200;
const DEPTH_MAX = 6;
const LIST_ENTRIES_MAX = 5;
const OBJECT_ENTRIES_MAX = 40;
const VALUE_CHARS_MAX = 120;
const PATH_CHARS_MAX = 300;
/** By which of its fields an entry of a list is selected, wherever it stands tomorrow. */
const IDENTITIES = ['id', '_id', 'uuid', 'guid', 'key', 'slug', 'sku', 'name'];
const PRICE_KEY = /price|preis|prix|precio|amount|cost|rate$/i;
const PRICES_MAX = 3;

/**
 * The branches of JSON, each before those within it; of long lists the beginning. Empty for what is no JSON.
 */
export function branchesOf(source: string): JsonBranch[] {
  const branches: JsonBranch[] = [];
  const waiting: Step[] = [{ value: rootOf(source), path: '$', key: '$', depth: 0 }];
  for (let step = waiting.pop(); step !== undefined && branches.length < BRANCHES_MAX; step = waiting.pop()) {
    const { value, path, key, depth } = step;
    if (value === undefined || path.length > PATH_CHARS_MAX) continue;
    const inside = insideOf(value);
    branches.push({
      path,
      key,
      depth,
      value: inside === null ? shown(value) : null,
      entries: inside?.length ?? null,
    });
    if (inside === null || depth === DEPTH_MAX) continue;
    const limit = Array.isArray(value) ? LIST_ENTRIES_MAX : OBJECT_ENTRIES_MAX;
    for (const entry of inside.slice(0, limit).toReversed()) {
      waiting.push({ value: entry.value, path: `${path}${entry.step}`, key: entry.key, depth: depth + 1 });
    }
  }
  return branches;
}

/** The values that are called a price. */
export const pricesAmong = (branches: readonly JsonBranch[]): PricePart[] =>
  branches
    .flatMap(({ path, key, value }) => {
      const amount = value === null || !PRICE_KEY.test(key) ? undefined : firstAmount(value)?.value;
      return amount === undefined ? [] : [{ selector: path, text: `${key}: ${value ?? ''}`, amount }];
    })
    .slice(0, PRICES_MAX);

interface Step {
  value: unknown;
  path: string;
  key: string;
  depth: number;
}

function rootOf(source: string): unknown {
  try {
    return parse(source, null, { onDuplicateKey: ({ newValue }) => newValue });
  } catch {
    return undefined;
  }
}

interface Entry {
  key: string;
  /** What leads there in a JSONPath. */
  step: string;
  value: unknown;
}

/** Null: it is a value. */
function insideOf(value: unknown): Entry[] | null {
  if (Array.isArray(value)) {
    const field = IDENTITIES.find((name) => identifies(value, name));
    return value.map((entry: unknown, index) => ({
      key: field === undefined ? String(index) : (literalOf(partOf(entry, field)) ?? String(index)),
      step: field === undefined ? `[${index}]` : `[?@.${field}==${literalOf(partOf(entry, field))}]`,
      value: entry,
    }));
  }
  if (typeof value !== 'object' || value === null || isLosslessNumber(value)) return null;
  return Object.entries(value).map(([key, part]: [string, unknown]) => ({
    key,
    step: stepTo(key),
    value: part,
  }));
}

/** Whether each entry has a value of its own in this field. */
function identifies(entries: readonly unknown[], field: string): boolean {
  const ids = new Set(entries.map((entry) => literalOf(partOf(entry, field))));
  return entries.length > 0 && !ids.has(null) && ids.size === entries.length;
}

const partOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;

const LITERAL_CHARS_MAX = 60;

/** A text or a whole number as a filter writes it. Null for what filters cannot compare to the letter. */
function literalOf(value: unknown): string | null {
  if (isLosslessNumber(value)) return Number.isSafeInteger(Number(value.value)) ? value.value : null;
  if (typeof value !== 'string' || value.length > LITERAL_CHARS_MAX || value === '') return null;
  return quoted(value);
}

const stepTo = (key: string): string => (/^[A-Za-z_][\w]*$/.test(key) ? `.${key}` : `[${quoted(key)}]`);

/** As RFC 9535 writes texts between single quotes. */
const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

function shown(value: unknown): string {
  const text = isLosslessNumber(value)
    ? value.value
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
  return truncated(text, VALUE_CHARS_MAX);
}
