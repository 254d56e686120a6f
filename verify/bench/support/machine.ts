import { open, rm } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import type { Queryable } from '@everbeat/database';
import { createTempFolder } from '@everbeat/testkit';
import { median } from './statistics';

export interface MachineFacts {
  processor: string;
  cores: number;
  memoryGb: number;
  platform: string;
  /** The time of fdatasync for 8 kB in the temporary folder: the lower bound of a commit. */
  datasyncMs: number | null;
  node: string;
  postgres: string;
  /** The settings that differ from Postgres' defaults, and those that matter most for speed. */
  postgresSettings: Record<string, string>;
}

const IMPORTANT_SETTINGS = [
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'shared_buffers',
  'wal_buffers',
  'max_wal_size',
  'checkpoint_timeout',
  'commit_delay',
  'autovacuum',
  'work_mem',
];

/** Set by initdb or on the command line, without influence on speed. */
const IRRELEVANT =
  /^(lc_|log_|port|listen_|unix_|config_file|data_directory|hba_file|ident_file|DateStyle|TimeZone|default_text|application_name|client_|transaction_|statement_timeout|idle_in|external_pid)/i;

export async function machineFacts(db: Queryable): Promise<MachineFacts> {
  const { rows } = await db.query<{ name: string; value: string }>(
    `select name, current_setting(name) as value from pg_settings
     where name = any($1) or source in ('configuration file', 'command line') order by name`,
    [IMPORTANT_SETTINGS],
  );
  const { rows: versions } = await db.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  );
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    datasyncMs: await datasyncMs(),
    node: process.version,
    postgres: versions[0]?.version ?? 'unknown',
    postgresSettings: Object.fromEntries(
      rows.filter(({ name }) => !IRRELEVANT.test(name)).map(({ name, value }) => [name, value]),
    ),
  };
}

const DATASYNCS = 200;

async function datasyncMs(): Promise<number | null> {
  const folder = await createTempFolder('datasync');
  const file = await open(path.join(folder, 'probe'), 'w');
  try {
    const block = Buffer.alloc(8_192, 1);
    await file.write(Buffer.alloc(DATASYNCS * block.length, 2));
    await file.sync();
    const tookMs: number[] = [];
    for (let index = 0; index < DATASYNCS; index += 1) {
      await file.write(block, 0, block.length, index * block.length);
      const beganAt = performance.now();
      await file.datasync();
      tookMs.push(performance.now() - beganAt);
    }
    return median(tookMs);
  } finally {
    await file.close();
    await rm(folder, { recursive: true });
  }
}

export function printMachine(facts: MachineFacts): void {
  const { postgresSettings, ...rest } = facts;
  console.log(
    `${rest.processor}, ${rest.cores} cores, ${rest.memoryGb} GB, ${rest.platform}, fdatasync ${rest.datasyncMs?.toFixed(2)} ms, Node ${rest.node}, Postgres ${rest.postgres}`,
  );
  console.log(
    Object.entries(postgresSettings)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  );
}
