import { availableParallelism } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { findPoolerProgram } from './packages/testkit/src/poolerProgram.ts';
import { FileOrder } from './tests/support/fileOrder.ts';

const alias = { '@': path.resolve(import.meta.dirname, 'src') };

/**
 * Vitest would use one worker on two cores, and a worker of the database tests waits for Postgres half of the
 * time.
 */
const maxWorkers = Math.max(2, availableParallelism() - 1);

/**
 * The files of a worker share the modules that they load, which takes longer than most tests. So a test may
 * mock no module: that would stay for the files after it.
 */
const isolate = false;

/**
 * A part of the database tests that has each kind of statement and transaction, run once more through
 * PgBouncer.
 */
const THROUGH_POOLER = [
  'packages/database/src/{migrations,ledger}/*.db.test.ts',
  'tests/guards/{claims,commits,schema}.db.test.ts',
  'tests/loop/{cycle,heldRows,races}.db.test.ts',
  'tests/loop/settlement/settle.db.test.ts',
  'tests/feed/*.db.test.ts',
  'tests/queue/cycle.db.test.ts',
  'tests/api/taskGraph.db.test.ts',
  'tests/pooler/*.pooler.test.ts',
];
const POOLER = {
  resolve: { alias },
  test: {
    name: 'pooler',
    maxWorkers,
    isolate,
    include: findPoolerProgram() === null ? [] : THROUGH_POOLER,
    globalSetup: ['packages/testkit/src/globalSetup.ts', 'packages/testkit/src/poolerSetup.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
};

/**
 * `unit` needs nothing but Node; `database` shares one real Postgres cluster, a database per file; `e2e`
 * starts the whole application, and a browser where one is installed. `pooler` runs where PgBouncer 1.21 or
 * newer is.
 */
export default defineConfig({
  resolve: { alias },
  test: {
    reporters: ['default', './tests/support/flakyReporter.ts'],
    sequence: { sequencer: FileOrder },
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          maxWorkers,
          isolate,
          include: ['{packages,src,tests,verify}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/*.db.test.ts', '**/*.e2e.test.ts', '**/*.pooler.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'database',
          maxWorkers,
          isolate,
          include: ['{packages,tests,verify}/**/*.db.test.ts'],
          globalSetup: ['packages/testkit/src/globalSetup.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      POOLER,
      {
        resolve: { alias },
        test: {
          name: 'e2e',
          include: ['tests/**/*.e2e.test.ts'],
          globalSetup: ['packages/testkit/src/globalSetup.ts', 'tests/e2e/buildOnce.ts'],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          // After all others, and one by one: browsers on a busy machine are slow.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
        },
      },
    ],
  },
});
