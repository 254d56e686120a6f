import path from 'node:path';
import type { Env } from '../../src/env/parseEnv';
import { isGitIgnored } from './gitIgnored';
import { PROJECT, PROJECT_DIR } from './project';

/** A summary of what is about to start, without secrets. */
export function banner(env: Env): string {
  const lines = [
    `Everbeat ${PROJECT.version}`,
    `  mode       ${modeText(env)}`,
    `  scheduler  ${schedulerText(env)}`,
    `  database   ${databaseText(env)}`,
  ];
  if (!env.ACCESS_PASSWORD && !/^https?:\/\/(localhost|127\.|\[::1\])/.test(env.APP_URL)) {
    lines.push(
      '  caution    no ACCESS_PASSWORD is set: whoever can reach this address can command your agents',
    );
  }
  if (!env.DATABASE_URL && isGitIgnored(dataFolder(env))) {
    lines.push(
      '  caution    git ignores this folder: "git clean -fdx" deletes your data. DATA_DIR can name a place outside',
    );
  }
  return lines.join('\n');
}

function modeText({ AGENT_RUNTIME_MODE }: Env): string {
  return AGENT_RUNTIME_MODE === 'local'
    ? 'local (agents run in this process)'
    : 'queue (agents run inside requests from QStash)';
}

function schedulerText({ TASK_SCHEDULER, QSTASH_URL }: Env): string {
  return TASK_SCHEDULER === 'local'
    ? 'local (timers in this process)'
    : `QStash at ${new URL(QSTASH_URL).host}`;
}

function databaseText(env: Env): string {
  if (!env.DATABASE_URL) return `embedded Postgres in ${dataFolder(env)}`;
  const { host, pathname } = new URL(env.DATABASE_URL);
  return `Postgres at ${host}${pathname}`;
}

/** The folder below DATA_DIR that holds the database. */
function dataFolder({ DATA_DIR }: Env): string {
  return path.resolve(PROJECT_DIR, DATA_DIR, 'postgres');
}
