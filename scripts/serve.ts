import { spawn } from 'node:child_process';
import { declareForNext } from '../src/env';
import type { Env } from '../src/env/parseEnv';
import { banner } from './lib/banner';
import { buildIfStale } from './lib/build';
import { passSignalsTo } from './lib/child';
import { fail, NEXT_COMMAND, PROJECT_DIR, readSettings } from './lib/project';
import { assertPortIsFree, serve, whatIsNotReady } from './lib/server';

/** `npm start` builds what is not built and serves it; `npm run dev` serves the sources and follows their changes. */
async function main(): Promise<void> {
  const env = readSettings();
  console.log(banner(env));
  await assertPortIsFree(env);
  if (process.argv.includes('--dev')) await serveSources(env);
  else await serveBuild(env);
}

async function serveBuild(env: Env): Promise<void> {
  declareForNext({ production: true });
  await buildIfStale();
  console.log('Starting ...');
  await serve(env);
  const problem = await whatIsNotReady(env);
  console.log(
    problem
      ? `Everbeat runs at ${env.APP_URL}, but not all of it is ready: ${problem}`
      : `Everbeat is ready at ${env.APP_URL}`,
  );
}

async function serveSources(env: Env): Promise<void> {
  declareForNext({ production: false });
  const args = [NEXT_COMMAND, 'dev', '--hostname', env.HOST, '--port', String(env.PORT)];
  process.exitCode = await passSignalsTo(
    spawn(process.execPath, args, { cwd: PROJECT_DIR, stdio: 'inherit' }),
  );
}

main().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
