import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

/** The house rules that no linter rule states: who may import whom, and what pure code may not touch. */

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
        from: resolve(file, match[2] ?? ''),
        isTypeOnly: match[1] !== undefined,
      }));
      return { file, text, imports };
    });
}

/** Relative and aliased imports by their path in the project; packages by their name. */
function resolve(file: string, from: string): string {
  if (from.startsWith('.')) return path.posix.join(path.posix.dirname(file), from);
  return from.startsWith('@/') ? `src/${from.slice(2)}` : from;
}

const isTest = (file: string): boolean => /\.test\.tsx?$|^packages\/[^/]+\/test\//.test(file);

const files = ['packages', 'src'].flatMap(sourceFiles);
const product = files.filter(({ file }) => !isTest(file));

/** Every import of `within` that is not allowed, as `file → import`. */
function offences(
  within: string,
  isForbidden: (from: string) => boolean,
  options: { typesToo: boolean } = { typesToo: true },
): string[] {
  return product
    .filter(({ file }) => file.startsWith(within))
    .flatMap(({ file, imports }) =>
      imports
        .filter(({ from, isTypeOnly }) => isForbidden(from) && (options.typesToo || !isTypeOnly))
        .map(({ from }) => `${file} → ${from}`),
    );
}

const isExternal = (from: string): boolean => !from.startsWith('packages/') && !from.startsWith('src/');
const isOneOf = (from: string, folders: string[]): boolean =>
  folders.some((folder) => from.startsWith(folder));

describe('imports point downwards', () => {
  test('the domain imports zod and croner alone', () => {
    expect(
      offences('packages/domain', (from) => isExternal(from) && !['zod', 'croner'].includes(from)),
    ).toEqual([]);
  });

  test.each(['prompts', 'database', 'embedded-database', 'scheduler', 'agents'])(
    '%s imports no other package than the domain and batching',
    (name) => {
      const isOther = (from: string): boolean =>
        from.startsWith('@everbeat/') && !['@everbeat/domain', '@everbeat/batching'].includes(from);
      expect(offences(`packages/${name}`, isOther)).toEqual([]);
    },
  );

  test('nothing of the product imports the tests or the verification programs', () => {
    expect(offences('', (from) => /^(tests|verify)\//.test(from))).toEqual([]);
  });

  test('the tests do not import the verification programs', () => {
    const fromVerify = sourceFiles('tests').flatMap(({ file, imports }) =>
      imports.filter(({ from }) => from.startsWith('verify/')).map(({ from }) => `${file} → ${from}`),
    );
    expect(fromVerify).toEqual([]);
  });

  test('a verification program imports another one only if that is listed here', () => {
    const allowed: Record<string, string[]> = {
      simulation: [],
      chaos: [],
      bench: [],
      mutants: ['simulation'],
    };
    const across = Object.entries(allowed).flatMap(([program, others]) =>
      sourceFiles(`verify/${program}`).flatMap(({ file, imports }) =>
        imports
          .filter(({ from }) => from.startsWith('verify/'))
          .filter(
            ({ from }) =>
              !isOneOf(
                from,
                [program, 'support', ...others].map((name) => `verify/${name}/`),
              ),
          )
          .map(({ from }) => `${file} → ${from}`),
      ),
    );
    expect(across).toEqual([]);
  });

  test('no package imports the application', () => {
    expect(offences('packages/', (from) => from.startsWith('src/'))).toEqual([]);
  });

  test('services import no door and no container', () => {
    const above = [
      'src/server/workflows',
      'src/server/container',
      'src/server/api',
      'src/app',
      'src/features',
    ];
    expect(offences('src/server/services', (from) => isOneOf(from, above))).toEqual([]);
  });

  test('the lifecycle imports nothing of the runner, and the runner of the lifecycle only types', () => {
    const runner = (from: string): boolean =>
      from.startsWith('src/server/services/taskRunner/TaskRunnerService');
    const lifecycle = (from: string): boolean => from.startsWith('src/server/services/taskLifecycle');
    expect(offences('src/server/services/taskLifecycle', runner)).toEqual([]);
    expect(offences('src/server/services/taskRunner', lifecycle, { typesToo: false })).toEqual([]);
  });

  test.each(['src/features', 'src/components', 'src/lib'])(
    '%s sees types of the server and none of its code',
    (folder) => {
      const isServer = (from: string): boolean =>
        isOneOf(from, [
          'src/server',
          'src/env',
          '@everbeat/database',
          '@everbeat/embedded-database',
          '@everbeat/agents',
          '@everbeat/scheduler',
        ]);
      expect(offences(folder, isServer, { typesToo: false })).toEqual([]);
    },
  );
});

describe('the world outside is handed in', () => {
  test.each(['packages/domain', 'packages/prompts'])(
    '%s reads no clock, makes no ids and starts no timers',
    (folder) => {
      const impure =
        /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\brandom(UUID|Bytes|Int)\b|\bprocess\.|\bset(Timeout|Interval|Immediate)\(|\bperformance\./;
      const found = product.filter(({ file, text }) => file.startsWith(folder) && impure.test(text));
      expect(found.map(({ file }) => file)).toEqual([]);
    },
  );

  test('services ask the clock they were handed', () => {
    const found = product.filter(
      ({ file, text }) =>
        file.startsWith('src/server/services') &&
        /\bDate\.now\(|\bnew Date\(\)|\bset(Timeout|Interval|Immediate)\(/.test(text),
    );
    expect(found.map(({ file }) => file)).toEqual([]);
  });
});

test('the parser of imports sees them (or these rules would hold of anything)', () => {
  const container = files.find(({ file }) => file === 'src/server/container/container.ts');
  expect(container?.imports.map(({ from }) => from)).toContain(
    'src/server/services/taskRunner/TaskRunnerService',
  );
});
