/** Sorts before every id. */
export const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000';
/** Sorts after every id. */
export const AFTER_ALL_IDS = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The rows of `table` (named `row`) whose `column` is `value`, newest first, read from the index over
 * (column, id). With `column = value` the planner may walk the primary key instead, past all rows of other
 * tasks; a comparison of row values leaves it only this index.
 * @param condition SQL: `value`; `before`, the id that the rows come before (default: all rows); `also`, a
 *   further condition; `join`, what is joined to each row
 * @returns the text after `from`, and that after `order by`
 */
export const newestRows = (
  table: string,
  row: string,
  {
    column,
    value,
    before = `'${AFTER_ALL_IDS}'::uuid`,
    also = 'true',
    join = '',
  }: { column: string; value: string; before?: string; also?: string; join?: string },
): { from: string; newestFirst: string } => ({
  from: `${table} ${row} ${join} where ${row}.${column} >= ${value}
    and (${row}.${column}, ${row}.id) < (${value}, ${before}) and ${also}`,
  newestFirst: `${row}.${column} desc, ${row}.id desc`,
});
