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
  /** The id of the last item of the page before. */
  cursor?: string | undefined;
  limit?: number | undefined;
}

export const pageSize = (limit: number | undefined): number =>
  Math.min(Math.max(limit ?? LIMITS.pageSizeDefault, 1), LIMITS.pageSizeMax);

/** A page from up to `size + 1` rows: the one too many says that there is a next page. */
export function toPage<Row extends { id: string }, View>(
  rows: readonly Row[],
  size: number,
  toView: (row: Row) => View,
): Page<View> {
  const shown = rows.slice(0, size);
  return { items: shown.map(toView), nextCursor: rows.length > size ? (shown.at(-1)?.id ?? null) : null };
}

/** The text as a pattern of LIKE that finds it anywhere, whatever signs it holds. */
export const likeAnywhere = (text: string): string => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
