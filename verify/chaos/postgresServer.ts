import { findServerCommand, startEmbeddedPostgres } from '@everbeat/embedded-database';
import { problemLogger } from '@everbeat/testkit';
import { PROJECT_DIR } from '../../tests/support/app/appProcess';
import { eventually } from '../../tests/support/app/eventually';
import { canConnect } from './connections';
import { type ActiveFault, READY_WITHIN_MS } from './installation';
import type { Sandbox } from './sandbox';
import { SupervisedProcess } from './supervisedProcess';

const MAX_CONNECTIONS = 60;
const SIGNAL_NAMES: Partial<Record<NodeJS.Signals, string>> = {
  SIGINT: 'fast stop',
  SIGQUIT: 'immediate stop',
};

/** A durable Postgres server under our own supervision, so that nothing else starts it again. */
export class PostgresServer {
  private constructor(
    private readonly process: SupervisedProcess,
    readonly url: string,
  ) {}

  static async start(sandbox: Sandbox): Promise<PostgresServer> {
    const options = {
      dataDir: sandbox.dataFolder,
      logger: problemLogger,
      projectDir: PROJECT_DIR,
      listen: 'port' as const,
    };
    // Started and stopped once to create the cluster.
    const embedded = await startEmbeddedPostgres(options);
    await embedded.stop();
    const command = await findServerCommand(options);
    const settings = {
      port: new URL(embedded.url).port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: MAX_CONNECTIONS,
      timezone: 'UTC',
      log_min_messages: 'warning',
      fsync: 'on',
      synchronous_commit: 'on',
    };
    const overrides = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const process = new SupervisedProcess(sandbox, {
      ...command,
      name: 'postgres',
      args: [...command.args, ...overrides],
    });
    const server = new PostgresServer(process, embedded.url);
    await server.startAndWait();
    return server;
  }

  get state(): string {
    return this.process.state;
  }

  async injectStop(signal: NodeJS.Signals): Promise<ActiveFault> {
    await this.process.stop(signal);
    return { description: `postgres: ${SIGNAL_NAMES[signal] ?? signal}`, repair: () => this.startAndWait() };
  }

  stop(): Promise<void> {
    return this.process.stop('SIGINT');
  }

  private async startAndWait(): Promise<void> {
    this.process.start();
    await eventually(() => canConnect(this.url), { what: 'Postgres to be ready', withinMs: READY_WITHIN_MS });
  }
}
