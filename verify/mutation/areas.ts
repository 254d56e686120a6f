import { z } from 'zod';

/** What is mutated together, and the tests that have to notice it. */
export interface Area {
  /** Globs of the sources, beside `!` globs of those left out: they declare, and decide nothing. */
  sources: readonly string[];
  tests: readonly string[];
  /** Of these tests, those that would cost more than they find: each takes many seconds. */
  slowTests: readonly string[];
  /**
   * How many files of tests are tried for one change, the quickest of those that reach it. With fewer than
   * all, more changes count as not noticed.
   */
  filesPerChangeMax: number;
  /** Whether the tests need the shared Postgres of `packages/testkit`. */
  needsDatabase: boolean;
  /** The least share of the mutants, in percent, that the tests must notice. */
  scoreMin: number;
}

const DECLARATIONS = ['index', 'limits', 'plan', 'ports', 'task', 'taskState', 'views', 'modelProviders'];

export const AREAS = {
  domain: {
    sources: [
      'packages/domain/src/**/*.ts',
      '!**/*.test.ts',
      ...DECLARATIONS.map((name) => `!packages/domain/src/${name}.ts`),
    ],
    tests: ['packages/domain/src/**/*.test.ts'],
    slowTests: [],
    filesPerChangeMax: Number.POSITIVE_INFINITY,
    needsDatabase: false,
    scoreMin: 90,
  },
  scheduler: {
    sources: ['packages/scheduler/src/**/*.ts', '!**/*.test.ts', '!**/{index,port}.ts'],
    tests: ['packages/scheduler/**/*.test.ts'],
    slowTests: [],
    filesPerChangeMax: Number.POSITIVE_INFINITY,
    needsDatabase: false,
    scoreMin: 80,
  },
  http: {
    sources: ['src/server/{http,workflows/middlewares}/**/*.ts', '!**/*.test.ts'],
    tests: ['src/server/{http,workflows}/**/*.test.ts'],
    slowTests: [],
    filesPerChangeMax: Number.POSITIVE_INFINITY,
    needsDatabase: false,
    scoreMin: 80,
  },
  services: {
    sources: ['src/server/services/**/*.ts', '!**/*.test.ts'],
    tests: [
      'src/server/services/**/*.test.ts',
      'tests/{api,backup,deliveries,feed,guards,loop,queue,review,room,steps,webhooks}/**/*.db.test.ts',
    ],
    slowTests: [
      'api/{deletedTask,otherUsersIds}',
      'backup/otherMajor',
      'guards/sweeps',
      'loop/{clockAhead,handEdits,heldRows,races}',
      'room/{boundedMemory,signals}',
    ].map((name) => `tests/${name}.db.test.ts`),
    filesPerChangeMax: 12,
    needsDatabase: true,
    scoreMin: 80,
  },
} as const satisfies Record<string, Area>;

export type AreaName = keyof typeof AREAS;

export const AREA_NAMES = Object.keys(AREAS).filter((name): name is AreaName => name in AREAS);

/** The area of this run, as the program tells its runners. */
export const currentArea = (): Area => AREAS[z.enum(AREA_NAMES).parse(process.env.MUTATION_AREA)];
