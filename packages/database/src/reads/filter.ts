import { LIMITS, type Page } from '@everbeat/domain';

/** The conditions of one list, with their values numbered. */
export interface Filter {
  /** `condition` gets the placeholder of `value`; without a value (undefined) nothing is asked. */
  add(condition: (placeholder: string) => string, value: unknown): void;
  /** A condition without a value. */
  require(condition: string): void;
  where(): string;
  values: unknown[];
}

export function createFilter(): Filter {
  const conditions: string[] = [];
  const values: unknown[] = [];
  return {
    values,
    add(condition, value) {
      if (value === undefined) return;
      values.push(value);
      conditions.push(condition(`$${values.length}`));
    },
    require(condition) {
      conditions.push(condition);
    },
    where: () => conditions.join(' and '),
  };
}

export interface PageRequest {
  /** What the page before answered as its `nextCursor`. */
  cursor?: string | undefined;
  limit?: number | undefined;
}

export const pageSize = (limit: number | undefined): number =>
  Math.min(Math.max(limit ?? LIMITS.pageSizeDefault, 1), LIMITS.pageSizeMax);

/** A page from up to `size + 1` rows: the one too many says that there is a next page, which begins after `cursorOf` the last one. */
export function toPage<Row, View>(
  rows: readonly Row[],
  size: number,
  toView: (row: Row) => View,
  cursorOf: (row: Row) => string,
): Page<View> {
  const shown = rows.slice(0, size);
  const last = rows.length > size ? shown.at(-1) : undefined;
  return { items: shown.map(toView), nextCursor: last === undefined ? null : cursorOf(last) };
}

/** The text as a pattern of LIKE that finds it anywhere, whatever signs it holds. */
export const likeAnywhere = (text: string): string => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
