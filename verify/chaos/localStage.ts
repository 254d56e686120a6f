import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DATABASE_USER } from '@everbeat/embedded-database';
import { freePort } from '@everbeat/testkit';
import { databasePid } from '../../tests/support/app/dataFolder';
import { eventually } from '../../tests/support/app/eventually';
import { AppServer } from './appServer';
import { canConnect, takeAllConnections } from './connections';
import type { Household } from './household';
import type { FaultKind } from './plan';
import { type Damage, READY_WITHIN_MS, type Stage } from './stage';

const KINDS: readonly FaultKind[] = [
  'server-kill',
  'server-restart',
  'server-freeze',
  'postgres-kill',
  'postgres-stop',
  'both-kill',
  'connections',
];

/** One application as a person starts it on a laptop: its own database in a folder, its own timers. */
export async function openLocalStage(household: Household): Promise<Stage> {
  const dataDir = household.dataFolder;
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${port}`;
  const app = new AppServer(household, 'app', port, { DATA_DIR: dataDir, APP_URL: appUrl });
  app.up();
  await app.ready();

  async function databaseUrl(): Promise<string> {
    const read = (name: string) => readFile(path.join(dataDir, 'postgres', name), 'utf8');
    const [password, databasePort] = await Promise.all([read('password'), read('port')]);
    return `postgres://${DATABASE_USER}:${password.trim()}@127.0.0.1:${databasePort.trim()}/postgres`;
  }

  async function isDatabaseBack(): Promise<boolean> {
    return canConnect(await databaseUrl());
  }

  /** The application itself has to bring it back. */
  async function strikeDatabase(signal: NodeJS.Signals): Promise<Damage> {
    const pid = await livingDatabasePid(dataDir);
    if (pid !== undefined) process.kill(pid, signal);
    const mend = async () => {
      await eventually(isDatabaseBack, { what: 'the database to be back', withinMs: READY_WITHIN_MS });
    };
    return { what: pid === undefined ? 'postgres: down already' : `postgres: ${signal}`, mend };
  }

  const strikes: Partial<Record<FaultKind, () => Promise<Damage> | Damage>> = {
    'server-kill': () => app.kill(),
    'server-restart': () => app.restart(),
    'server-freeze': () => app.freeze(),
    'postgres-kill': () => strikeDatabase('SIGKILL'),
    'postgres-stop': () => strikeDatabase('SIGINT'),
    'both-kill': async () => {
      const [killed] = await Promise.all([app.kill(), strikeDatabase('SIGKILL')]);
      return { ...killed, what: 'app and postgres: SIGKILL' };
    },
    connections: async () => {
      const taken = await takeAllConnections(await databaseUrl());
      return { what: `postgres: all connections taken (${taken.held()})`, mend: () => taken.release() };
    },
  };

  return {
    appUrl,
    servers: 1,
    kinds: KINDS,
    databaseUrl,
    async strike({ kind }) {
      const strike = strikes[kind];
      if (strike === undefined) throw new Error(`There is no ${kind} here`);
      return strike();
    },
    state: () => `app ${app.state}`,
    misdeeds: () => app.misdeeds(),
    close: () => app.down('SIGTERM'),
  };
}

/** A lock file may outlive its server, and its pid then belong to another program. */
async function livingDatabasePid(dataDir: string): Promise<number | undefined> {
  const pid = await databasePid(dataDir);
  if (pid === undefined || process.platform !== 'linux') return pid;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes(dataDir) ? pid : undefined;
}
