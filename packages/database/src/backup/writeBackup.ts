import { createHash } from 'node:crypto';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { readApplied } from '../migrations/applied';
import { type BackedUpTable, type BackupHeader, END_OF_ROWS, type RowCounts, type TableEnd } from './format';
import { copyTarget, readTables } from './tables';

const NEWLINE = 10;

/**
 * All rows of Everbeat in the database of `client`, as one snapshot, while others go on writing. The text is
 * yielded as it is read, so that memory is bounded however many rows there are. Begins and ends a
 * transaction. Returns how many rows each table had.
 * @throws Error when the database has no tables of Everbeat
 */
export async function* writeBackup(
  client: pg.ClientBase,
  made: { everbeat: string; at: Date },
): AsyncGenerator<string | Buffer, RowCounts> {
  await client.query(`begin isolation level repeatable read read only; set local statement_timeout = 0;
    set local idle_in_transaction_session_timeout = 0; set local timezone = 'UTC'; set local datestyle = 'ISO'`);
  const migrations = [...(await readApplied(client))].sort((a, b) => a - b);
  if (migrations.length === 0) {
    throw new Error(
      'The database has no tables of Everbeat in the schema everbeat. Those of version 0.1.0 are moved there when ' +
        'this version is started once; before that, use pg_dump, or stop Everbeat and copy its data folder',
    );
  }
  yield line({
    format: 'everbeat-backup',
    formatVersion: 1,
    everbeat: made.everbeat,
    createdAt: made.at.toISOString(),
    migrations,
  } satisfies BackupHeader);
  const counts: RowCounts = {};
  for (const { name, columns } of await readTables(client)) {
    yield line({ table: name, columns } satisfies BackedUpTable);
    const hash = createHash('sha256');
    let rows = 0;
    for await (const chunk of client.query(copyTo(`copy ${copyTarget(name, columns)} to stdout`))) {
      const bytes = Buffer.from(chunk);
      hash.update(bytes);
      for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) rows += 1;
      yield bytes;
    }
    yield `${END_OF_ROWS}\n`;
    yield line({ rows, sha256: hash.digest('hex') } satisfies TableEnd);
    counts[name] = rows;
  }
  yield line({ end: true });
  await client.query('commit');
  return counts;
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;
