import type { Pool, QueryConfig, QueryResultRow } from 'pg';

/** What a query needs of a pool or a client. */
export type Queryable = Pick<Pool, 'query'>;

/** Every row of the result. */
export async function allRows<Row extends QueryResultRow>(db: Queryable, query: QueryConfig): Promise<Row[]> {
  return (await db.query<Row>(query)).rows;
}

/** The first row of the result; null when there is none. */
export async function firstRow<Row extends QueryResultRow>(
  db: Queryable,
  query: QueryConfig,
): Promise<Row | null> {
  const { rows } = await db.query<Row>(query);
  return rows[0] ?? null;
}
