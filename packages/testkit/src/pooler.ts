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
  /** How many connections to the server it opens for a database. */
  serverConnections?: number;
}

/** Fewer than the processes of a test have, so that they share sessions. */
const SERVER_CONNECTIONS = 5;

/**
 * Writes the settings of a PgBouncer that listens on `port`, for all databases of the server. Returns its
 * command line.
 */
export async function configurePooler(
  file: string,
  options: Omit<PoolerOptions, 'program'> & { port: number },
): Promise<string[]> {
  const { serverUrl, port, preparedStatementsMax = 100, mode = 'transaction' } = options;
  const { serverConnections = SERVER_CONNECTIONS } = options;
  const { hostname, port: serverPort, username, password } = new URL(serverUrl);
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
default_pool_size = ${serverConnections}
max_client_conn = 1000
server_login_retry = 1
log_connections = 0
log_disconnections = 0
${process.getuid?.() === 0 ? 'user = nobody' : ''}
`,
  );
  await chmod(file, 0o644);
  return ['-q', file];
}

/** The address of a database of the server, through the pooler that listens on `port`. */
export function throughPooler(url: string, port: number): string {
  const pooled = new URL(url);
  pooled.hostname = '127.0.0.1';
  pooled.port = String(port);
  return pooled.href;
}

/** Starts PgBouncer in front of a server, in transaction mode, for all of its databases. */
export async function startPooler({ program, ...options }: PoolerOptions): Promise<Pooler> {
  const folder = await createTempFolder('pooler');
  const port = await freePort();
  const args = await configurePooler(path.join(folder, 'pgbouncer.ini'), { ...options, port });
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (text: Buffer) => {
    log = `${log}${text}`.slice(-4_000);
  });
  const through = (url: string): string => throughPooler(url, port);
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      child.kill('SIGTERM');
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  await answers(child, through(options.serverUrl), () => log);
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
