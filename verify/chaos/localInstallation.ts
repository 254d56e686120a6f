import { readFile } from 'node:fs/promises';
import { findServerUrl } from '@everbeat/embedded-database';
import { freePort } from '@everbeat/testkit';
import { databasePid } from '../../tests/support/app/dataFolder';
import { eventually } from '../../tests/support/app/eventually';
import { AppServer } from './appServer';
import { canConnect, injectConnectionExhaustion } from './connections';
import type { FaultKind } from './faultPlan';
import { type ActiveFault, type Installation, READY_WITHIN_MS } from './installation';
import { RowHolder } from './rowHolder';
import type { Sandbox } from './sandbox';

const KINDS: readonly FaultKind[] = [
  'server-kill',
  'server-restart',
  'server-freeze',
  'postgres-kill',
  'postgres-stop',
  'both-kill',
  'connections',
  'locked-rows',
  'locked-rows-alone',
];

/** One application as on a laptop: with its embedded database, its own timers, and programs of this host. */
export async function startLocalInstallation(
  sandbox: Sandbox,
  programs: Readonly<Record<string, string>>,
): Promise<Installation> {
  const dataDir = sandbox.dataFolder;
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${port}`;
  const app = new AppServer(sandbox, 'app', port, { ...programs, DATA_DIR: dataDir, APP_URL: appUrl });
  app.start();
  await app.untilReady();

  const databaseUrl = (): Promise<string> => findServerUrl(dataDir);
  const rows = new RowHolder(databaseUrl);

  /** The repair only waits: the application has to start its database again by itself. */
  async function injectDatabaseStop(signal: NodeJS.Signals): Promise<ActiveFault> {
    const pid = await livingDatabasePid(dataDir);
    if (pid !== undefined) process.kill(pid, signal);
    return {
      description: pid === undefined ? 'postgres: already down' : `postgres: ${signal}`,
      hadNoEffect: pid === undefined,
      async repair() {
        const isBack = async () => canConnect(await databaseUrl());
        await eventually(isBack, { what: 'the database to be back', withinMs: READY_WITHIN_MS });
      },
    };
  }

  const injectors: Partial<Record<FaultKind, () => Promise<ActiveFault> | ActiveFault>> = {
    'server-kill': () => app.injectKill(),
    'server-restart': () => app.injectRestart(),
    'server-freeze': () => app.injectFreeze(),
    'postgres-kill': () => injectDatabaseStop('SIGKILL'),
    'postgres-stop': () => injectDatabaseStop('SIGINT'),
    'both-kill': async () => {
      const [killed] = await Promise.all([app.injectKill(), injectDatabaseStop('SIGKILL')]);
      return { ...killed, description: 'app and postgres: SIGKILL' };
    },
    connections: async () => injectConnectionExhaustion(await databaseUrl()),
    ...rows.injectors,
  };

  return {
    appUrl,
    servers: 1,
    kinds: KINDS,
    missing: [],
    databaseUrl,
    async inject({ kind }) {
      const inject = injectors[kind];
      if (inject === undefined) throw new Error(`A local installation does not support ${kind}`);
      return inject();
    },
    state: () => `app ${app.state}`,
    unexpectedExits: () => app.unexpectedExits(),
    longWaits: () => rows.longWaits(),
    close: () => app.stop('SIGTERM'),
  };
}

/** The lock file may be stale, and its pid may belong to another program by now. */
async function livingDatabasePid(dataDir: string): Promise<number | undefined> {
  const pid = await databasePid(dataDir);
  if (pid === undefined || process.platform !== 'linux') return pid;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes(dataDir) ? pid : undefined;
}
