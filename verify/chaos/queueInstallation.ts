import { freePort, QSTASH_DEVELOPMENT } from '@everbeat/testkit';
import { AppServer } from './appServer';
import { startBalancer } from './balancer';
import { injectConnectionExhaustion } from './connections';
import type { FaultKind, PlannedFault } from './faultPlan';
import type { ActiveFault, Installation } from './installation';
import { PoolerServer } from './poolerServer';
import { PostgresServer } from './postgresServer';
import { publishWatchdogMessages, startQStash } from './qstashServer';
import { RowHolder } from './rowHolder';
import type { Sandbox } from './sandbox';

const KINDS: readonly FaultKind[] = [
  'server-kill',
  'server-restart',
  'rolling-restart',
  'server-freeze',
  'postgres-kill',
  'postgres-stop',
  'connections',
  'locked-rows',
  'locked-rows-alone',
  'qstash-kill',
  'qstash-freeze',
];

const NO_POOLER =
  'there is no PgBouncer 1.21 or newer here, so all servers connect to Postgres (run with PGBOUNCER=$(.ci/pgbouncer))';

/**
 * Several servers behind a load balancer, one Postgres, and the fake QStash, each in its own process. The
 * first server connects to Postgres itself, the others through PgBouncer, where it is installed.
 */
export async function startQueueInstallation(
  sandbox: Sandbox,
  { servers }: { servers: number },
): Promise<Installation> {
  const postgres = await PostgresServer.start(sandbox);
  const pooler = await PoolerServer.start(sandbox, postgres.url);
  const rows = new RowHolder(async () => postgres.url);
  const qstash = await startQStash(sandbox);
  const ports = await Promise.all(Array.from({ length: servers }, freePort));
  const balancer = await startBalancer(await freePort(), ports);
  const settings = {
    AGENT_RUNTIME_MODE: 'queue',
    ALLOW_PRIVATE_AGENT_URLS: '1',
    DATABASE_DIRECT_URL: postgres.url,
    APP_URL: balancer.url,
    QSTASH_URL: qstash.url,
    QSTASH_TOKEN: QSTASH_DEVELOPMENT.token,
    QSTASH_CURRENT_SIGNING_KEY: QSTASH_DEVELOPMENT.currentSigningKey,
    QSTASH_NEXT_SIGNING_KEY: QSTASH_DEVELOPMENT.nextSigningKey,
  };
  const apps = ports.map((port, index) => {
    const url = index === 0 || pooler === null ? postgres.url : pooler.url;
    return new AppServer(sandbox, `server-${index + 1}`, port, { ...settings, DATABASE_URL: url });
  });
  for (const app of apps) app.start();
  await Promise.all(apps.map((app) => app.untilReady()));
  const stopWatchdog = publishWatchdogMessages(qstash.url, balancer.url);

  const injectors: Partial<
    Record<FaultKind, (app: AppServer, fault: PlannedFault) => Promise<ActiveFault> | ActiveFault>
  > = {
    'server-kill': (app) => app.injectKill(),
    'server-restart': (app) => app.injectRestart(),
    'rolling-restart': async () => {
      for (const each of apps) await each.restart();
      return { description: 'all servers: restarted one after another', repair: async () => undefined };
    },
    'server-freeze': (app) => app.injectFreeze(),
    'postgres-kill': (_, { atMs }) => postgres.injectStop(atMs % 2 === 0 ? 'SIGKILL' : 'SIGQUIT'),
    'postgres-stop': () => postgres.injectStop('SIGINT'),
    connections: () => injectConnectionExhaustion(postgres.url),
    ...rows.injectors,
    ...(pooler !== null && { 'pooler-kill': () => pooler.injectKill() }),
    'qstash-kill': async () => {
      await qstash.process.stop('SIGKILL');
      return { description: 'qstash: SIGKILL, its messages are lost', repair: qstash.startAndWait };
    },
    'qstash-freeze': () => {
      qstash.process.freeze();
      return { description: 'qstash: SIGSTOP', repair: async () => qstash.process.thaw() };
    },
  };

  return {
    appUrl: balancer.url,
    servers,
    kinds: pooler === null ? KINDS : [...KINDS, 'pooler-kill'],
    missing: pooler === null ? [{ kind: 'pooler-kill', reason: NO_POOLER }] : [],
    databaseUrl: async () => postgres.url,
    async inject(fault) {
      const [app, inject] = [apps[fault.server], injectors[fault.kind]];
      if (app === undefined || inject === undefined)
        throw new Error(`A queue installation does not support ${fault.kind}`);
      return inject(app, fault);
    },
    state: () =>
      [
        `servers ${apps.map(({ state }) => state).join(' ')}`,
        `postgres ${postgres.state}`,
        ...(pooler === null ? [] : [`pgbouncer ${pooler.state}`]),
        `qstash ${qstash.process.state}`,
      ].join(', '),
    longWaits: () => rows.longWaits(),
    unexpectedExits: () => apps.flatMap((app) => app.unexpectedExits()),
    async close() {
      stopWatchdog();
      await Promise.all(apps.map((app) => app.stop('SIGKILL')));
      await Promise.all([balancer.close(), qstash.process.stop('SIGKILL')]);
      await pooler?.stop();
      await postgres.stop();
    },
  };
}
