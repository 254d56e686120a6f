/** What sorts behind every id. */
const AFTER_ALL_IDS = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The rows of `table` (as `row`) whose `column` is `value`, newest first, read off an index over (column, id) and so written that no
 * other can serve: told that the column is one value, the planner may walk the primary key instead, past all that belongs to others.
 * @param condition `value` and `before`, the id that the rows come before (none: all), are SQL; `also` is a further condition
 * @returns what follows `from`, and the order
 */
export const newestRows = (
  table: string,
  row: string,
  {
    column,
    value,
    before = `'${AFTER_ALL_IDS}'::uuid`,
    also = 'true',
  }: { column: string; value: string; before?: string; also?: string },
): { from: string; newestFirst: string } => ({
  from: `${table} ${row} where ${row}.${column} >= ${value}
    and (${row}.${column}, ${row}.id) < (${value}, ${before}) and ${also}`,
  newestFirst: `${row}.${column} desc, ${row}.id desc`,
});
