import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PROJECT_DIR } from '../support/app/appProcess';

const BUILD = `import('./scripts/lib/build.ts').then(({ buildIfStale }) => buildIfStale())`;

/** Builds the application before the first test, unless there is already a build of the current sources. */
export default async function buildOnce(): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--eval', BUILD], {
    cwd: PROJECT_DIR,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error('The application could not be built');
}
