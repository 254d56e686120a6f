import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './loopback';
import { createTempFolder } from './tempFolder';

export interface Pooler {
  /** The address of a database of the server, through the pooler. */
  through(url: string): string;
  stop(): Promise<void>;
}

export interface PoolerOptions {
  /** The PgBouncer program. */
  program: string;
  /** Any database of the server. */
  serverUrl: string;
  /** 0: prepared statements of different clients are not kept apart, as in PgBouncer before 1.21. */
  preparedStatementsMax?: number;
  mode?: 'transaction' | 'session';
}

/** Fewer than the processes of a test have, so that they share sessions. */
const SERVER_CONNECTIONS = 5;

/** Starts PgBouncer in front of a server, in transaction mode, for all of its databases. */
export async function startPooler(options: PoolerOptions): Promise<Pooler> {
  const { program, serverUrl, preparedStatementsMax = 100, mode = 'transaction' } = options;
  const folder = await createTempFolder('pooler');
  const port = await freePort();
  const { hostname, port: serverPort, username, password } = new URL(serverUrl);
  const file = path.join(folder, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
* = host=${hostname} port=${serverPort || 5432} user=${decodeURIComponent(username)} password=${decodeURIComponent(password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
max_prepared_statements = ${preparedStatementsMax}
default_pool_size = ${SERVER_CONNECTIONS}
max_client_conn = 1000
log_connections = 0
log_disconnections = 0
${process.getuid?.() === 0 ? 'user = nobody' : ''}
`,
  );
  await chmod(file, 0o644);
  const child = spawn(program, ['-q', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (text: Buffer) => {
    log = `${log}${text}`.slice(-4_000);
  });
  const through = (url: string): string => {
    const pooled = new URL(url);
    pooled.hostname = '127.0.0.1';
    pooled.port = String(port);
    return pooled.href;
  };
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      child.kill('SIGTERM');
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  await answers(child, through(serverUrl), () => log);
  return { through, stop };
}

const START_TRIES = 200;

async function answers(child: ChildProcess, url: string, log: () => string): Promise<void> {
  for (let tries = 0; tries < START_TRIES; tries += 1) {
    if (child.exitCode !== null) break;
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    const isUp = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => undefined);
    if (isUp) return;
    await delay(50);
  }
  throw new Error(`PgBouncer did not start: ${log()}`);
}
