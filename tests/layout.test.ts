import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

/**
 * The rules of the source tree that no linter rule states: which folder may import which, and what pure code
 * may not call. Tests beside the code they test may import anything.
 */

/**
 * Within each list a folder imports only folders that stand before it, so there are no circles between them.
 */
const SERVER_FOLDERS = [
  'src/server/services/secrets',
  'src/server/services/models',
  'src/server/services/reads',
  'src/server/services/answers',
  'src/server/services/deliveries',
  'src/server/services/receiving',
  'src/server/services/channels',
  'src/server/services/readiness',
  'src/server/services/spend',
  'src/server/services/feed',
  'src/server/services/feeds',
  'src/server/services/documents',
  'src/server/services/system',
  'src/server/services/agents',
  'src/server/services/mcpServers',
  'src/server/services/taskPrompt',
  'src/server/services/ticks',
  'src/server/services/taskLifecycle',
  'src/server/services/taskReview',
  'src/server/services/taskRunner',
  'src/server/services/taskWatchdog',
  'src/server/services/inbox',
  'src/server/services/tasks',
  'src/server/services/watches',
  'src/server/workflows',
  'src/server/container',
  'src/server/api',
  'src/server/runtime',
  'src/server/http',
];

const WEB_FOLDERS = [
  'src/lib',
  'src/components/ui',
  'src/features/spend',
  'src/features/system',
  'src/features/live',
  'src/features/briefs',
  'src/features/agents',
  'src/features/settings',
  'src/features/tasks/shared',
  'src/features/tasks/form',
  'src/features/watch',
  'src/features/tasks/documents',
  'src/features/tasks/detail',
  'src/features/tasks/list',
  'src/features/inbox',
  'src/features/shell',
  'src/app',
];

/** The packages of this repository that each package may import. */
const PACKAGE_IMPORTS: Record<string, string[]> = {
  domain: [],
  batching: [],
  prompts: ['domain'],
  database: ['domain'],
  'embedded-database': ['domain'],
  scheduler: ['domain', 'batching'],
  vault: [],
  outgoing: ['domain'],
  agents: ['domain', 'outgoing'],
  channels: ['domain', 'outgoing', 'vault'],
  testkit: ['domain', 'database', 'embedded-database', 'scheduler', 'agents'],
};

/** The verification programs, each with the other ones whose code it may import. */
const VERIFY_IMPORTS: Record<string, string[]> = {
  support: [],
  simulation: ['support'],
  chaos: ['support'],
  bench: ['support'],
  mutants: ['support', 'simulation'],
  mutation: ['support', 'mutants'],
};

/** What the web interface may use of the server as types, and never as code. */
const SERVER_CODE = [
  'src/server',
  'src/env',
  '@everbeat/database',
  '@everbeat/agents',
  '@everbeat/channels',
  '@everbeat/outgoing',
  '@everbeat/scheduler',
];

const CLOCKS_AND_TIMERS =
  /\bDate\.now\(|\bnew Date\(\)|\bset(Timeout|Interval|Immediate)\(|\bperformance\.|\bAbortSignal\.timeout\(/;
/** `z.custom` without a condition accepts any value, so that it is a cast. */
const CASTS_BY_SCHEMA = /\bz\.custom(<.*>)?\(\)/;
const RANDOMNESS = /\bMath\.random\(|\brandom(UUID|Bytes|Int)\b/;

interface SourceFile {
  file: string;
  text: string;
  imports: { from: string; isTypeOnly: boolean }[];
}

const ROOT = path.resolve(import.meta.dirname, '..');
const IMPORT = /^(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
    .map((name) => {
      const file = path.posix.join(folder, name.split(path.sep).join('/'));
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      const imports = [...text.matchAll(IMPORT)].map((match) => ({
        from: resolveImport(file, match[2] ?? ''),
        isTypeOnly: match[1] !== undefined,
      }));
      return { file, text, imports };
    });
}

/** The path in the project of a relative or aliased import; the name of an installed package. */
function resolveImport(file: string, from: string): string {
  if (from.startsWith('.')) return path.posix.join(path.posix.dirname(file), from);
  return from.startsWith('@/') ? `src/${from.slice(2)}` : from;
}

const isTest = (file: string): boolean => /\.test\.tsx?$|^packages\/[^/]+\/test\//.test(file);

const product = ['packages', 'src'].flatMap(sourceFiles).filter(({ file }) => !isTest(file));

const isIn = (place: string, folder: string): boolean => place === folder || place.startsWith(`${folder}/`);

/** Every import by the files of `folder` that is forbidden, as `file imports other`. */
function forbiddenImports(
  folder: string,
  isForbidden: (from: string) => boolean,
  { typesToo = true }: { typesToo?: boolean } = {},
): string[] {
  return product
    .filter(({ file }) => isIn(file, folder))
    .flatMap(({ file, imports }) =>
      imports
        .filter(({ from, isTypeOnly }) => isForbidden(from) && (typesToo || !isTypeOnly))
        .map(({ from }) => `${file} imports ${from}`),
    );
}

/** The files of `folder` whose text matches. */
const filesWith = (folder: string, pattern: RegExp): string[] =>
  product.filter(({ file, text }) => isIn(file, folder) && pattern.test(text)).map(({ file }) => file);

describe.each([
  ['src/server', SERVER_FOLDERS],
  ['the web interface', WEB_FOLDERS],
])('in %s imports point one way', (_name, folders) => {
  test.each(folders.map((folder, index) => [folder, folders.slice(index + 1)] as const))(
    '%s imports nothing that stands above it',
    (folder, above) => {
      expect(forbiddenImports(folder, (from) => above.some((other) => isIn(from, other)))).toEqual([]);
    },
  );
});

test('every folder has its place in the order of imports', () => {
  const ordered = [...SERVER_FOLDERS, ...WEB_FOLDERS];
  const unplaced = product.filter(
    ({ file }) =>
      /^src\/(server|features|components|lib|app)\//.test(file) &&
      !ordered.some((folder) => isIn(file, folder)),
  );
  expect(unplaced.map(({ file }) => file)).toEqual([]);
});

describe('packages', () => {
  test('each is listed with the packages that it may import', () => {
    expect(readdirSync(path.join(ROOT, 'packages')).sort()).toEqual(Object.keys(PACKAGE_IMPORTS).sort());
  });

  test.each(Object.entries(PACKAGE_IMPORTS))('%s imports no other package than %j', (name, allowed) => {
    const isForbidden = (from: string): boolean =>
      from.startsWith('@everbeat/') && !allowed.includes(from.slice('@everbeat/'.length));
    expect(forbiddenImports(`packages/${name}`, isForbidden)).toEqual([]);
  });

  test('import each other by name and nothing of the application', () => {
    const leaving = product.flatMap(({ file, imports }) => {
      const own = /^packages\/[^/]+/.exec(file)?.[0];
      const isOutside = (from: string): boolean =>
        /^(src|packages)\//.test(from) && own !== undefined && !isIn(from, own);
      return imports.filter(({ from }) => isOutside(from)).map(({ from }) => `${file} imports ${from}`);
    });
    expect(leaving).toEqual([]);
  });

  test('the domain depends on zod and croner alone', () => {
    const isForbidden = (from: string): boolean =>
      !isIn(from, 'packages/domain') && !['zod', 'croner'].includes(from);
    expect(forbiddenImports('packages/domain', isForbidden)).toEqual([]);
  });
});

test('ARCHITECTURE.md draws the same order', () => {
  const drawn = /Imports point one way[^>]*((?:^> .*\n)+)/m.exec(
    readFileSync(path.join(ROOT, 'ARCHITECTURE.md'), 'utf8'),
  )?.[1];
  const steps = (drawn ?? '')
    .replaceAll(/^> /gm, '')
    .split('→')
    .map((step) => step.split(',').map((name) => name.trim()));
  const stepOf = (name: string): number => steps.findIndex((names) => names.includes(name));

  const serverFolders = new Set(SERVER_FOLDERS.map((folder) => folder.split('/')[2]));
  expect(steps.slice(stepOf('services')).flat()).toEqual([...serverFolders, 'app']);
  const { testkit: _, ...packages } = PACKAGE_IMPORTS;
  const wrong = Object.entries(packages).filter(
    ([name, allowed]) => stepOf(name) < 0 || allowed.some((other) => stepOf(other) >= stepOf(name)),
  );
  expect(wrong).toEqual([]);
});

test('the product imports neither the tests nor the verification programs', () => {
  const isForbidden = (from: string): boolean =>
    /^(tests|verify)\/|^packages\/[^/]+\/test\//.test(from) || from.startsWith('@everbeat/testkit');
  expect(forbiddenImports('src', isForbidden)).toEqual([]);
  expect(
    Object.keys(PACKAGE_IMPORTS).flatMap((name) =>
      name === 'testkit' ? [] : forbiddenImports(`packages/${name}`, isForbidden),
    ),
  ).toEqual([]);
});

test('the tests do not import the verification programs', () => {
  const found = sourceFiles('tests').flatMap(({ file, imports }) =>
    imports.filter(({ from }) => isIn(from, 'verify')).map(({ from }) => `${file} imports ${from}`),
  );
  expect(found).toEqual([]);
});

test.each(Object.entries(VERIFY_IMPORTS))('verify/%s imports no other program than %j', (name, others) => {
  const allowed = [name, ...others].map((other) => `verify/${other}`);
  const found = sourceFiles(`verify/${name}`).flatMap(({ file, imports }) =>
    imports
      .filter(({ from }) => isIn(from, 'verify') && !allowed.some((folder) => isIn(from, folder)))
      .map(({ from }) => `${file} imports ${from}`),
  );
  expect(found).toEqual([]);
});

test('the runner takes only types of the lifecycle, which the container hands to it', () => {
  const isLifecycle = (from: string): boolean => isIn(from, 'src/server/services/taskLifecycle');
  expect(forbiddenImports('src/server/services/taskRunner', isLifecycle, { typesToo: false })).toEqual([]);
});

test.each(['src/features', 'src/components', 'src/lib'])(
  '%s uses types of the server and none of its code',
  (folder) => {
    const isServer = (from: string): boolean => SERVER_CODE.some((code) => isIn(from, code));
    expect(forbiddenImports(folder, isServer, { typesToo: false })).toEqual([]);
  },
);

test.each([
  'agentKinds',
  'briefActionTexts',
  'caps',
  'documents',
  'expiry',
  'limits',
  'markdownLimits',
  'priority',
  'status',
  'transitions',
])('pages show what domain/%s lists, so it loads no schemas', (name) => {
  const loaded = new Set([`packages/domain/src/${name}`]);
  for (const file of loaded) {
    const { imports = [] } = product.find((candidate) => candidate.file === `${file}.ts`) ?? {};
    for (const { from, isTypeOnly } of imports) if (!isTypeOnly) loaded.add(from);
  }
  expect([...loaded]).not.toContain('zod');
});

describe('clocks, ids and timers are handed in', () => {
  test.each(['packages/domain', 'packages/prompts'])('%s is pure', (folder) => {
    expect(filesWith(folder, CLOCKS_AND_TIMERS)).toEqual([]);
    expect(filesWith(folder, RANDOMNESS)).toEqual([]);
    expect(filesWith(folder, /\bprocess\./)).toEqual([]);
  });

  test.each(['src/server/services', 'src/server/workflows', 'src/server/http'])(
    '%s uses the clock that it was handed',
    (folder) => {
      expect(filesWith(folder, CLOCKS_AND_TIMERS)).toEqual([]);
    },
  );
});

test('only the embedded database knows a process by its pid and host, which containers share', () => {
  const named = ['packages', 'src'].flatMap((folder) => filesWith(folder, /\bprocess\.pid\b|\bhostname\(\)/));
  expect(named.filter((file) => !isIn(file, 'packages/embedded-database'))).toEqual([]);
});

test('no test mocks a module: the mock would stay for the other files of its worker', () => {
  const mocks = ['packages', 'src', 'tests', 'verify']
    .flatMap(sourceFiles)
    .filter(({ text }) => /\bvi\.(?:mock|doMock)\(/.test(text));
  expect(mocks.map(({ file }) => file)).toEqual([]);
});

test('a schema that checks nothing is no way to give a value its type', () => {
  const unchecked = ['packages', 'src', 'tests', 'verify', 'scripts']
    .flatMap(sourceFiles)
    .filter(({ text }) => CASTS_BY_SCHEMA.test(text));
  expect(unchecked.map(({ file }) => file)).toEqual([]);
});

test('imports are recognised (or the rules above would hold of anything)', () => {
  const engine = product.find(({ file }) => file === 'src/server/container/engine.ts');
  expect(engine?.imports.map(({ from }) => from)).toContain(
    'src/server/services/taskRunner/TaskRunnerService',
  );
});
