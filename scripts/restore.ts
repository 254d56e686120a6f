import path from 'node:path';
import { parseArgs } from 'node:util';
import { restoreFromFile } from '@everbeat/database';
import { keysOf } from '@/server/container/secrets';
import { systemIds } from '@/server/runtime/adapters';
import { pauseRestored } from '@/server/services/taskLifecycle/pauseRestored';
import { withDatabase } from './lib/database';
import { fail, PROJECT_DIR, readSettings } from './lib/project';

const USAGE = `npm run restore -- <file> [--replace] [--resume]

  --replace  delete what the database has
  --resume   let tasks go on as they were; only if the installation that the backup was made of is gone`;

/** Restores a backup into the database of the settings. Tasks come back paused unless `--resume` is given. */
async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { replace: { type: 'boolean', default: false }, resume: { type: 'boolean', default: false } },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) fail(USAGE);
  const env = readSettings();
  let paused = 0;
  const { made, rows } = await withDatabase(env, ({ url, directUrl }) =>
    restoreFromFile(directUrl ?? url, path.resolve(file), {
      migrationsFolder: path.join(PROJECT_DIR, 'drizzle'),
      replace: values.replace,
      async beforeCommit(db, { createdAt }) {
        if (values.resume) return;
        const pausedReason = `Restored from a backup of ${createdAt}; resume it when the installation that the backup was made of no longer runs`;
        paused = await pauseRestored(db, { ids: systemIds, now: new Date(), pausedReason });
      },
    }),
  );
  console.log(`Restored ${rows.tasks} tasks with ${rows.operations} runs, as of ${made.createdAt}`);
  console.log(
    `Secrets in it stay encrypted: this server needs the key of the one that the backup was made of (${keysOf(env).place}).`,
  );
  console.log(
    values.resume
      ? 'They go on as they were. Make sure that the installation that the backup was made of does not run.'
      : paused === 0
        ? 'None of them wakes by itself.'
        : `${paused} of them would have gone on by themselves and are paused, because the installation that the backup was made of may still run them. Resume them on the page Tasks (Paused, then Select several), or restore again with --replace --resume.`,
  );
}

main().catch(fail);
