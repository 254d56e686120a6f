import { setTimeout as delay } from 'node:timers/promises';
import { findServerCommand, startEmbeddedPostgres } from '@everbeat/embedded-database';
import { WEBHOOK_PATHS, webhookUrl } from '@everbeat/scheduler';
import { freePort, problemLogger, QSTASH_DEVELOPMENT } from '@everbeat/testkit';
import { environmentWith, PROJECT_DIR } from '../../tests/support/app/appProcess';
import { eventually } from '../../tests/support/app/eventually';
import { AppServer } from './appServer';
import { startBalancer } from './balancer';
import { canConnect, takeAllConnections } from './connections';
import type { Household } from './household';
import type { FaultKind, PlannedFault } from './plan';
import { Service } from './service';
import { type Damage, READY_WITHIN_MS, type Stage, type StageOptions } from './stage';

const MAX_CONNECTIONS = 60;
const WATCHDOG_EVERY_MS = 2_000;
const KINDS: readonly FaultKind[] = [
  'server-kill',
  'server-restart',
  'server-freeze',
  'postgres-kill',
  'postgres-stop',
  'connections',
  'qstash-kill',
  'qstash-freeze',
];

/** Several servers behind a balancer, one Postgres, and the fake QStash: each a process of its own. */
export async function openQueueStage(household: Household, { servers }: StageOptions): Promise<Stage> {
  const postgres = await openPostgres(household);
  const qstash = await openQStash(household);
  const ports = await Promise.all(Array.from({ length: servers }, freePort));
  const balancer = await startBalancer(await freePort(), ports);
  const settings = {
    AGENT_RUNTIME_MODE: 'queue',
    DATABASE_URL: postgres.url,
    APP_URL: balancer.url,
    QSTASH_URL: qstash.url,
    QSTASH_TOKEN: QSTASH_DEVELOPMENT.token,
    QSTASH_CURRENT_SIGNING_KEY: QSTASH_DEVELOPMENT.currentSigningKey,
    QSTASH_NEXT_SIGNING_KEY: QSTASH_DEVELOPMENT.nextSigningKey,
  };
  const apps = ports.map((port, index) => new AppServer(household, `server-${index + 1}`, port, settings));
  for (const app of apps) app.up();
  await Promise.all(apps.map((app) => app.ready()));
  const stopWatchdog = keepWatchdogGoing(qstash.url, balancer.url);

  const strikes: Partial<
    Record<FaultKind, (app: AppServer, fault: PlannedFault) => Promise<Damage> | Damage>
  > = {
    'server-kill': (app) => app.kill(),
    'server-restart': (app) => app.restart(),
    'server-freeze': (app) => app.freeze(),
    'postgres-kill': (_, { atMs }) => strikePostgres(postgres, atMs % 2 === 0 ? 'SIGKILL' : 'SIGQUIT'),
    'postgres-stop': () => strikePostgres(postgres, 'SIGINT'),
    connections: async () => {
      const taken = await takeAllConnections(postgres.url);
      return { what: `postgres: all connections taken (${taken.held()})`, mend: () => taken.release() };
    },
    'qstash-kill': async () => {
      await qstash.service.down('SIGKILL');
      return { what: 'qstash: SIGKILL, its messages are lost', mend: async () => qstash.service.up() };
    },
    'qstash-freeze': () => {
      qstash.service.freeze();
      return { what: 'qstash: SIGSTOP', mend: async () => qstash.service.thaw() };
    },
  };

  return {
    appUrl: balancer.url,
    servers,
    kinds: KINDS,
    databaseUrl: async () => postgres.url,
    async strike(fault) {
      const [app, strike] = [apps[fault.server], strikes[fault.kind]];
      if (app === undefined || strike === undefined) throw new Error(`There is no ${fault.kind} here`);
      return strike(app, fault);
    },
    state: () =>
      `servers ${apps.map(({ state }) => state).join(' ')}, postgres ${postgres.service.state}, qstash ${qstash.service.state}`,
    misdeeds: () => apps.flatMap((app) => app.misdeeds()),
    async close() {
      stopWatchdog();
      await Promise.all(apps.map((app) => app.down('SIGKILL')));
      await Promise.all([balancer.close(), qstash.service.down('SIGKILL')]);
      await postgres.service.down('SIGINT');
    },
  };
}

interface PostgresService {
  service: Service;
  url: string;
}

/** A durable server: made by the application's own means, then run by us, so that nobody else brings it back. */
async function openPostgres(household: Household): Promise<PostgresService> {
  const dataDir = household.dataFolder;
  const options = { dataDir, logger: problemLogger, projectDir: PROJECT_DIR };
  const maker = await startEmbeddedPostgres(options);
  await maker.stop();
  const server = await findServerCommand(options);
  const settings = {
    port: new URL(maker.url).port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    timezone: 'UTC',
    log_min_messages: 'warning',
    fsync: 'on',
    synchronous_commit: 'on',
  };
  const overrides = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const service = new Service(household, {
    ...server,
    name: 'postgres',
    args: [...server.args, ...overrides],
  });
  service.up();
  await eventually(() => canConnect(maker.url), { what: 'Postgres', withinMs: READY_WITHIN_MS });
  return { service, url: maker.url };
}

async function strikePostgres({ service, url }: PostgresService, signal: NodeJS.Signals): Promise<Damage> {
  const words = { SIGINT: 'fast stop', SIGQUIT: 'immediate stop' };
  await service.down(signal);
  return {
    what: `postgres: ${signal === 'SIGINT' || signal === 'SIGQUIT' ? words[signal] : signal}`,
    async mend() {
      service.up();
      await eventually(() => canConnect(url), { what: 'Postgres to be back', withinMs: READY_WITHIN_MS });
    },
  };
}

async function openQStash(household: Household): Promise<{ service: Service; url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = new Service(household, {
    name: 'qstash',
    command: process.execPath,
    args: ['--import', 'tsx', 'packages/testkit/src/qstash/main.ts', '--port', String(port)],
    env: environmentWith({}),
  });
  service.up();
  const answers = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  await eventually(answers, { what: 'the fake QStash', withinMs: READY_WITHIN_MS });
  return { service, url };
}

/** QStash's finest schedule is one minute; here a message for the watchdog is published every few seconds instead. */
function keepWatchdogGoing(qstashUrl: string, appUrl: string): () => void {
  const stopping = new AbortController();
  const publish = () =>
    fetch(`${qstashUrl}/v2/publish/${webhookUrl(appUrl, WEBHOOK_PATHS.watchdog)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${QSTASH_DEVELOPMENT.token}`, 'upstash-retries': '0' },
      body: '{}',
      signal: AbortSignal.timeout(WATCHDOG_EVERY_MS),
    });
  const publishing = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await publish().catch(() => undefined);
      await delay(WATCHDOG_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  void publishing();
  return () => stopping.abort();
}
