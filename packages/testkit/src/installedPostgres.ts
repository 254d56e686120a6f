import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './loopback';
import { createTempFolder } from './tempFolder';
import type { TemporaryPostgres } from './temporaryPostgres';

/** Where Debian and its relatives have the programs of each major version. */
const VERSIONS = '/usr/lib/postgresql';

/**
 * The programs of the oldest Postgres that is installed here, beside the embedded one. Null: there is none.
 */
export function findInstalledPostgres(): { programs: string; major: number } | null {
  if (!existsSync(VERSIONS)) return null;
  const majors = readdirSync(VERSIONS)
    .map(Number)
    .filter((major) => major >= 15);
  const [major] = majors.sort((a, b) => a - b);
  return major === undefined ? null : { programs: path.join(VERSIONS, String(major), 'bin'), major };
}

/** Starts a server of that version in a temporary folder. It forces nothing to disk. */
export async function startInstalledPostgres(programs: string): Promise<TemporaryPostgres> {
  const folder = await createTempFolder('installed');
  // Postgres refuses to run as root.
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const cluster = path.join(folder, 'cluster');
  const options = { cwd: folder, ...user };
  execFileSync(path.join(programs, 'initdb'), ['-D', cluster, '-U', 'postgres', '-A', 'trust', '--no-sync'], {
    ...options,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
  const server = spawn(
    path.join(programs, 'postgres'),
    ['-D', cluster, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...options, stdio: 'ignore' },
  );
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await answers(server, url);
  return {
    url,
    async stop() {
      const exited = once(server, 'exit');
      server.kill('SIGINT');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const NOBODY = 65_534;
const START_TRIES = 400;

async function answers(server: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < START_TRIES && server.exitCode === null; tries += 1) {
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
  throw new Error('The installed Postgres did not start');
}
