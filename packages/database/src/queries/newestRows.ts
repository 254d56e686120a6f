/** What sorts behind every id. */
export const AFTER_ALL_IDS = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The rows of `table` (as `row`) whose `column` is `value`, newest first, read off an index over (column, id) and so written that no
 * other can serve: told that the column is one value, the planner may walk the primary key instead, past all that belongs to others.
 * @returns what follows `from`, up to the limit; `also` is a further condition
 */
export const newestRows = (
  table: string,
  row: string,
  { column, value, also }: { column: string; value: string; also?: string },
): { from: string; newestFirst: string } => ({
  from: `${table} ${row} where ${row}.${column} >= ${value}
    and (${row}.${column}, ${row}.id) <= (${value}, '${AFTER_ALL_IDS}'::uuid)${also === undefined ? '' : ` and ${also}`}`,
  newestFirst: `${row}.${column} desc, ${row}.id desc`,
});
