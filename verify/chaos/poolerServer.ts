import path from 'node:path';
import { configurePooler, findPoolerProgram, freePort, throughPooler } from '@everbeat/testkit';
import { environmentWith } from '../../tests/support/app/appProcess';
import { eventually } from '../../tests/support/app/eventually';
import { canConnect } from './connections';
import { type ActiveFault, READY_WITHIN_MS } from './installation';
import type { Sandbox } from './sandbox';
import { SupervisedProcess } from './supervisedProcess';

/** Fewer than the servers have together, so that they share sessions. */
const SERVER_CONNECTIONS = 15;

/** PgBouncer in transaction mode, in front of a Postgres server. */
export class PoolerServer {
  private constructor(
    private readonly process: SupervisedProcess,
    /** The address of the database through it. */
    readonly url: string,
  ) {}

  /** Null: PgBouncer is not installed here. */
  static async start(sandbox: Sandbox, serverUrl: string): Promise<PoolerServer | null> {
    const command = findPoolerProgram();
    if (command === null) return null;
    const port = await freePort();
    // Removed with the data of the server whose password it has.
    const file = path.join(sandbox.dataFolder, 'pgbouncer.ini');
    const args = await configurePooler(file, { serverUrl, port, serverConnections: SERVER_CONNECTIONS });
    const program = { name: 'pgbouncer', command, args, env: environmentWith({}) };
    const process = new SupervisedProcess(sandbox, program);
    const pooler = new PoolerServer(process, throughPooler(serverUrl, port));
    await pooler.startAndWait();
    return pooler;
  }

  get state(): string {
    return this.process.state;
  }

  async injectKill(): Promise<ActiveFault> {
    await this.process.stop('SIGKILL');
    return { description: 'pgbouncer: SIGKILL', repair: () => this.startAndWait() };
  }

  stop(): Promise<void> {
    return this.process.stop('SIGKILL');
  }

  private async startAndWait(): Promise<void> {
    this.process.start();
    await eventually(() => canConnect(this.url), {
      what: 'PgBouncer to be ready',
      withinMs: READY_WITHIN_MS,
    });
  }
}
