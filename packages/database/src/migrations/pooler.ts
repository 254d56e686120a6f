import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { faultCode } from '../faults';

/** A pooler has more connections to the server than one, and may choose another at each look. */
const LOOKS = 5;

const SECOND_CLIENT_TIMEOUT_MS = 5_000;

const NO_SUCH_STATEMENT = '26000';

const REFUSAL =
  'The connection pooler in front of the database does not keep prepared statements apart. In transaction mode it ' +
  'has to be PgBouncer 1.21 or newer with max_prepared_statements set (100, for example), or another pooler with ' +
  'support for prepared statements. Else connect to the server directly (DATABASE_URL), or in session mode';

/**
 * Checks the pooler that `client` connects through. One that supports prepared statements in transaction mode
 * gives them names of its own. If ours is found on the server, the pooler passes names on: that is right in
 * session mode, where the session is ours alone, and wrong where another client is given the same session. So
 * a second client looks for the statement of the first.
 * @throws Error with the remedy
 */
export async function assertPreparedStatementsWork(client: pg.ClientBase, url: string): Promise<void> {
  const name = `everbeat_probe_${randomUUID()}`;
  try {
    if ((await looksFor(name, client, client)) && (await anotherSees(name, client, url)))
      throw new Error(REFUSAL);
  } catch (error) {
    throw faultCode(error) === NO_SUCH_STATEMENT ? new Error(REFUSAL, { cause: error }) : error;
  }
}

/**
 * Whether the session of `observer` has a statement of this name, which `client` prepares before each look.
 */
async function looksFor(name: string, client: pg.ClientBase, observer: pg.ClientBase): Promise<boolean> {
  for (let look = 0; look < LOOKS; look += 1) {
    await client.query({ name, text: 'select 1' });
    const { rows } = await observer.query<{ count: number }>(
      `select count(*)::int from pg_prepared_statements where name = '${name}'`,
    );
    if (rows[0]?.count === 1) return true;
  }
  return false;
}

/** A pooler that has no second connection to give, in session mode, is no reason to refuse it. */
async function anotherSees(name: string, client: pg.ClientBase, url: string): Promise<boolean> {
  const other = new pg.Client({
    connectionString: url,
    application_name: 'everbeat-probe',
    connectionTimeoutMillis: SECOND_CLIENT_TIMEOUT_MS,
    query_timeout: SECOND_CLIENT_TIMEOUT_MS,
  });
  other.on('error', () => undefined);
  try {
    await other.connect();
    return await looksFor(name, client, other);
  } catch (error) {
    if (faultCode(error) === NO_SUCH_STATEMENT) throw error;
    return false;
  } finally {
    await other.end();
  }
}
