import { freePort, QSTASH_DEVELOPMENT } from '@everbeat/testkit';
import { AppServer } from './appServer';
import { startBalancer } from './balancer';
import { injectConnectionExhaustion } from './connections';
import type { FaultKind, PlannedFault } from './faultPlan';
import type { ActiveFault, Installation } from './installation';
import { injectLockedRows } from './lockedRow';
import { PostgresServer } from './postgresServer';
import { publishWatchdogMessages, startQStash } from './qstashServer';
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
  'qstash-kill',
  'qstash-freeze',
];

/** Several servers behind a load balancer, one Postgres, and the fake QStash, each in its own process. */
export async function startQueueInstallation(
  sandbox: Sandbox,
  { servers }: { servers: number },
): Promise<Installation> {
  const postgres = await PostgresServer.start(sandbox);
  const qstash = await startQStash(sandbox);
  const ports = await Promise.all(Array.from({ length: servers }, freePort));
  const balancer = await startBalancer(await freePort(), ports);
  const settings = {
    AGENT_RUNTIME_MODE: 'queue',
    ALLOW_PRIVATE_AGENT_URLS: '1',
    DATABASE_URL: postgres.url,
    APP_URL: balancer.url,
    QSTASH_URL: qstash.url,
    QSTASH_TOKEN: QSTASH_DEVELOPMENT.token,
    QSTASH_CURRENT_SIGNING_KEY: QSTASH_DEVELOPMENT.currentSigningKey,
    QSTASH_NEXT_SIGNING_KEY: QSTASH_DEVELOPMENT.nextSigningKey,
  };
  const apps = ports.map((port, index) => new AppServer(sandbox, `server-${index + 1}`, port, settings));
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
    'locked-rows': () => injectLockedRows(postgres.url),
    'qstash-kill': async () => {
      await qstash.process.stop('SIGKILL');
      const repair = async () => qstash.process.start();
      return { description: 'qstash: SIGKILL, its messages are lost', repair };
    },
    'qstash-freeze': () => {
      qstash.process.freeze();
      return { description: 'qstash: SIGSTOP', repair: async () => qstash.process.thaw() };
    },
  };

  return {
    appUrl: balancer.url,
    servers,
    kinds: KINDS,
    databaseUrl: async () => postgres.url,
    async inject(fault) {
      const [app, inject] = [apps[fault.server], injectors[fault.kind]];
      if (app === undefined || inject === undefined)
        throw new Error(`A queue installation does not support ${fault.kind}`);
      return inject(app, fault);
    },
    state: () =>
      `servers ${apps.map(({ state }) => state).join(' ')}, postgres ${postgres.state}, qstash ${qstash.process.state}`,
    unexpectedExits: () => apps.flatMap((app) => app.unexpectedExits()),
    async close() {
      stopWatchdog();
      await Promise.all(apps.map((app) => app.stop('SIGKILL')));
      await Promise.all([balancer.close(), qstash.process.stop('SIGKILL')]);
      await postgres.stop();
    },
  };
}
