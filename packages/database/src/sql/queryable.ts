import type { Pool } from 'pg';

/** What a query needs of a pool or a client. */
export type Queryable = Pick<Pool, 'query'>;
