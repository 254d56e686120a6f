import path from 'node:path';
import type { Env } from '../../src/env/parseEnv';
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

function databaseText({ DATABASE_URL, DATA_DIR }: Env): string {
  if (!DATABASE_URL) return `embedded Postgres in ${path.resolve(PROJECT_DIR, DATA_DIR)}`;
  const { host, pathname } = new URL(DATABASE_URL);
  return `Postgres at ${host}${pathname}`;
}
