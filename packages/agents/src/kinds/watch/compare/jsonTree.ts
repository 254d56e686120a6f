import { truncated } from '@everbeat/domain';
import { diffArrays } from 'diff';
import { isLosslessNumber, parse, stringify } from 'lossless-json';
import type { Change } from './lines';

const CHANGES_MAX = 1_200;
const VALUE_CHARS_MAX = 2_000;
/** By which of its fields an entry of a list is known again. */
const IDENTITIES = [
  'id',
  '_id',
  'guid',
  'uuid',
  'key',
  'slug',
  'sku',
  'url',
  'link',
  'href',
  'name',
] as const;

/**
 * JSON in one form, whatever it was written in: sorted keys, because their order means nothing, and numbers
 * as they were written, because a float would round ids and sums. Null for what is no JSON.
 */
export function canonicalJson(source: string): string | null {
  try {
    const value = parse(source, null, { onDuplicateKey: ({ newValue }) => newValue });
    return stringify(sorted(value), null, 2) ?? null;
  } catch {
    return null;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}

/** What is different in two JSON texts, with its path; null when one is no JSON. */
export function jsonChanges(before: string, after: string, ignored: readonly string[]): Change[] | null {
  try {
    const found: Change[] = [];
    compare(parse(before), parse(after), '$', found);
    return found.filter(({ path = '' }) => !ignored.some((rule) => isUnder(path, rule)));
  } catch {
    return null;
  }
}

/** `[*]` in a rule stands for any entry of a list. */
function isUnder(path: string, rule: string): boolean {
  const start = rule.startsWith('$') ? rule : `$.${rule}`;
  const [steps, ruleSteps] = [stepsOf(path), stepsOf(start)];
  return ruleSteps.every((step, index) =>
    step === '[*]' ? steps[index]?.startsWith('[') : step === steps[index],
  );
}

const stepsOf = (path: string): string[] => path.match(/\[(?:"(?:[^"\\]|\\.)*"|[^\]]*)\]|[^.[]+/g) ?? [];

type Tree = Record<string, unknown>;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

function compare(before: unknown, after: unknown, path: string, found: Change[]): void {
  if (found.length >= CHANGES_MAX) return;
  if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, path, found);
  else if (isTree(before) && isTree(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compareParts(partOf(before, key), partOf(after, key), `${path}${stepTo(key)}`, found);
  } else if (textOf(before) !== textOf(after)) {
    found.push({ path, before: shownValue(before), after: shownValue(after) });
  }
}

/** Undefined: there is no such part. */
function compareParts(before: unknown, after: unknown, path: string, found: Change[]): void {
  if (before === undefined) found.push({ path, before: null, after: shownValue(after) });
  else if (after === undefined) found.push({ path, before: shownValue(before), after: null });
  else compare(before, after, path, found);
}

function compareLists(before: unknown[], after: unknown[], path: string, found: Change[]): void {
  const field = IDENTITIES.find((name) => identifies(before, name) && identifies(after, name));
  if (field === undefined) {
    compareByPlace(before, after, path, found);
    return;
  }
  const [old, now] = [byIdentity(before, field), byIdentity(after, field)];
  for (const id of new Set([...old.keys(), ...now.keys()]))
    compareParts(old.get(id), now.get(id), `${path}[${field}=${id}]`, found);
  const stayed = (ids: Iterable<string>) => [...ids].filter((id) => old.has(id) && now.has(id)).join(', ');
  if (stayed(old.keys()) !== stayed(now.keys()))
    found.push({ path, before: cut(stayed(old.keys())), after: cut(stayed(now.keys())) });
}

const identifies = (entries: readonly unknown[], field: string): boolean =>
  new Set(entries.map((entry) => identityOf(entry, field)).filter((id) => id !== null)).size ===
  entries.length;

const byIdentity = (entries: readonly unknown[], field: string): Map<string, unknown> =>
  new Map(entries.map((entry) => [identityOf(entry, field) ?? '', entry]));

function identityOf(entry: unknown, field: string): string | null {
  const value = isTree(entry) ? partOf(entry, field) : undefined;
  return typeof value === 'string' || isLosslessNumber(value) ? textOf(value) : null;
}

function compareByPlace(before: unknown[], after: unknown[], path: string, found: Change[]): void {
  const parts = diffArrays(before.map(textOf), after.map(textOf), { maxEditLength: CHANGES_MAX });
  if (parts === undefined) {
    found.push({ path, before: shownValue(before), after: shownValue(after) });
    return;
  }
  let [old, now] = [0, 0];
  let removed: number[] = [];
  for (const { added, removed: isGone, value } of [...parts, { added: false, removed: false, value: [] }]) {
    if (isGone) removed = value.map((_, index) => old + index);
    if (isGone) old += value.length;
    else if (added) {
      value.forEach((_, index) => {
        const from = removed.shift();
        const place = `${path}[${now + index}]`;
        compareParts(from === undefined ? undefined : before[from], after[now + index], place, found);
      });
      now += value.length;
    }
    if (!isGone) {
      for (const index of removed) compareParts(before[index], undefined, `${path}[${index}]`, found);
      removed = [];
    }
    if (!isGone && !added) [old, now] = [old + value.length, now + value.length];
  }
}

const partOf = (tree: Tree, key: string): unknown => (Object.hasOwn(tree, key) ? tree[key] : undefined);

const stepTo = (key: string): string =>
  /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;

const textOf = (value: unknown): string => stringify(sorted(value)) ?? '';

/** A text without its quotes, anything else as JSON. */
const shownValue = (value: unknown): string => cut(typeof value === 'string' ? value : textOf(value));

const cut = (text: string): string => truncated(text, VALUE_CHARS_MAX);
