import { spawnSync } from 'node:child_process';

/**
 * The PgBouncer program. Null: there is none, or an older one than 1.21, behind which no statement is
 * prepared.
 */
export function findPoolerProgram(): string | null {
  const program = process.env.PGBOUNCER || 'pgbouncer';
  const version = /PgBouncer (\d+)\.(\d+)/.exec(
    spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout,
  );
  return version !== null && Number(version[1]) * 1_000 + Number(version[2]) >= 1_021 ? program : null;
}
