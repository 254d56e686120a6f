import { spawn } from 'node:child_process';
import { assertPortIsFree } from '@/server/http/node/listen';
import { serve } from '@/server/http/node/serve';
import { declareForNext } from '../src/env';
import type { Env } from '../src/env/parseEnv';
import { banner } from './lib/banner';
import { buildIfStale } from './lib/build';
import { passSignalsTo } from './lib/child';
import { fail, NEXT_COMMAND, PROJECT_DIR, readSettings } from './lib/project';

/**
 * `npm start` builds the application if necessary and serves it; `npm run dev` serves the sources with hot
 * reload.
 */
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
  const notReady = await serve(env, PROJECT_DIR);
  console.log(
    notReady === undefined
      ? `Everbeat is ready at ${env.APP_URL}`
      : `Everbeat runs at ${env.APP_URL}, but not everything is ready: ${notReady}`,
  );
}

async function serveSources(env: Env): Promise<void> {
  declareForNext({ production: false });
  const args = [NEXT_COMMAND, 'dev', '--hostname', env.HOST, '--port', String(env.PORT)];
  process.exitCode = await passSignalsTo(
    spawn(process.execPath, args, { cwd: PROJECT_DIR, stdio: 'inherit' }),
  );
}

main().catch(fail);
