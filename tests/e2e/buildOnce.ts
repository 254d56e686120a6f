import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PROJECT_DIR } from '../support/app/appProcess';

const BUILD = `import('./scripts/lib/build.ts').then(({ buildIfStale }) => buildIfStale())`;

/** Builds the application once, before any test starts it, unless the build that is there is of these very sources. */
export default async function buildOnce(): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--eval', BUILD], {
    cwd: PROJECT_DIR,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error('The application could not be built');
}
