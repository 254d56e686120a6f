import { LIMITS, type Page } from '@everbeat/domain';
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';

/**
 * A list with optional filters is written with drizzle's `sql` and its typed conditions, which number the
 * values. It is only compiled by drizzle, not run: its builder of whole queries takes twice the time of the
 * rest of a list's code here.
 */
export function compiled(statement: SQL): { text: string; values: unknown[] } {
  const { sql, params } = DIALECT.sqlToQuery(statement);
  return { text: sql, values: params };
}
const DIALECT = new PgDialect();

/** The condition on a value that a filter may leave out; `and` passes over what is undefined. */
export const when = <Value>(
  value: Value | undefined,
  condition: (value: Value) => SQL | undefined,
): SQL | undefined => (value === undefined ? undefined : condition(value));

export interface PageRequest {
  /** The `nextCursor` of the previous page. */
  cursor?: string | undefined;
  limit?: number | undefined;
}

export const pageSize = (limit: number | undefined): number =>
  Math.min(Math.max(limit ?? LIMITS.pageSizeDefault, 1), LIMITS.pageSizeMax);

/**
 * A page from up to `size + 1` rows. The extra row says that there is a next page; it begins after `cursorOf`
 * the last row shown.
 */
export function toPage<Row>(rows: readonly Row[], size: number, cursorOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, size);
  const last = rows.length > size ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : cursorOf(last) };
}

/** A LIKE pattern that finds the text anywhere; its wildcards are escaped. */
export const likeAnywhere = (text: string): string => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
