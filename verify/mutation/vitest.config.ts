import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { z } from 'zod';
import { currentArea } from './areas';

/** The copy of the project in which Stryker mutates. */
const ROOT = path.resolve(import.meta.dirname, '../..');

const area = currentArea();

/**
 * The packages of the copy. In `node_modules`, which is a link, they would be those of the project itself.
 */
function workspacePackages(): Record<string, string> {
  const folder = path.join(ROOT, 'packages');
  const manifest = z.object({ name: z.string(), exports: z.object({ '.': z.string() }) });
  const entries = readdirSync(folder).map((directory) => {
    const text = readFileSync(path.join(folder, directory, 'package.json'), 'utf8');
    const { name, exports } = manifest.parse(JSON.parse(text));
    return [name, path.join(folder, directory, exports['.'])];
  });
  return Object.fromEntries(entries);
}

/** One worker that stays, with one module graph (`runner/WarmTestRunner.ts`). */
export default defineConfig({
  root: ROOT,
  resolve: { alias: { '@': path.join(ROOT, 'src'), ...workspacePackages() } },
  test: {
    name: 'mutation',
    include: [...area.tests],
    exclude: [...area.slowTests],
    runner: path.join(ROOT, 'verify/mutation/runner/WarmTestRunner.ts'),
    pool: 'threads',
    maxWorkers: 1,
    isolate: false,
    globalSetup: area.needsDatabase ? [path.join(ROOT, 'packages/testkit/src/globalSetup.ts')] : [],
    // The first run has no other limit; a busy machine is slow.
    testTimeout: 180_000,
    hookTimeout: 60_000,
    onConsoleLog: () => false,
  },
});
