import path from 'node:path';
import { parseArgs } from 'node:util';
import { backUpToFile } from '@everbeat/database';
import { keysOf } from '@/server/container/secrets';
import { withDatabase } from './lib/database';
import { fail, PROJECT, readSettings } from './lib/project';

/** `npm run backup -- [file]`: writes the database of the settings to a file, while Everbeat runs. */
async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const at = new Date();
  const env = readSettings();
  const file = path.resolve(positionals[0] ?? `everbeat-${at.toISOString().replaceAll(/[:.]/g, '-')}.backup`);
  const rows = await withDatabase(env, ({ url, directUrl }) =>
    backUpToFile(directUrl ?? url, file, { everbeat: PROJECT.version, at }),
  );
  console.log(`Wrote ${rows.tasks} tasks with ${rows.operations} runs to ${file}`);
  console.log(
    `Store it where nobody else can read it. Secrets in it are encrypted: keep the key with it (${keysOf(env).place}), or they have to be entered anew after a restore.`,
  );
}

main().catch(fail);
