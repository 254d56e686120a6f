import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { loadEnv } from '../../src/env';
import { type Env, EnvError } from '../../src/env/parseEnv';

export const PROJECT_DIR = path.resolve(import.meta.dirname, '../..');

const packageSchema = z.object({ name: z.string(), version: z.string() });

export const PROJECT = packageSchema.parse(
  JSON.parse(readFileSync(path.join(PROJECT_DIR, 'package.json'), 'utf8')),
);

/** Next's own command, run with our Node. */
export const NEXT_COMMAND = createRequire(path.join(PROJECT_DIR, 'package.json')).resolve(
  'next/dist/bin/next',
);

/**
 * The settings from the environment, then from the `.env` files that Next reads too. Ends the process when
 * they are invalid.
 */
export function readSettings(): Env {
  process.chdir(PROJECT_DIR);
  for (const file of ['.env.local', '.env']) {
    try {
      process.loadEnvFile(path.join(PROJECT_DIR, file));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  try {
    return loadEnv();
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    fail(error);
  }
}

/** Prints the reason, of an error its message alone, and ends the process. */
export function fail(reason: unknown): never {
  console.error(`\n${reason instanceof Error ? reason.message : reason}\n`);
  process.exit(1);
}
