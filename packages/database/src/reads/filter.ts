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

/** A page from up to `size + 1` rows. The extra row says that there is a next page; it begins after `cursorOf` the last row shown. */
export function toPage<Row>(rows: readonly Row[], size: number, cursorOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, size);
  const last = rows.length > size ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : cursorOf(last) };
}

/** The text as a pattern of LIKE that finds it anywhere, whatever signs it holds. */
export const likeAnywhere = (text: string): string => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
