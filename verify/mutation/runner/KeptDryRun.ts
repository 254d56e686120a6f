import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { fileOfTest, type RunReply } from './messages';

type DryRun = Pick<RunReply, 'outcomes' | 'coverage'>;

const hits = z.record(z.string(), z.number());
const keptSchema = z.object({
  sources: z.string(),
  tests: z.record(z.string(), z.string()),
  outcomes: z.array(z.object({ id: z.string(), durationMs: z.number(), failure: z.null() })),
  coverage: z.object({ static: hits, perTest: z.record(z.string(), hits) }),
});

/** What a run depends on: the digest of all sources, and of each file of tests by its relative path. */
export interface Digests {
  sources: string;
  tests: Readonly<Record<string, string>>;
}

/**
 * In the copy of the project, with all changes in the sources: the ids of the changes depend on each of them.
 */
const SOURCES = ['packages', 'src/server', 'tests/support'];

/** @param tests absolute paths */
export async function readDigests(tests: readonly string[]): Promise<Digests> {
  const listed = await Promise.all(
    SOURCES.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })),
  );
  const sources = listed
    .flat()
    .filter(
      (entry) => entry.isFile() && /\.(ts|mjs|sql)$/.test(entry.name) && !entry.name.endsWith('.test.ts'),
    )
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('node_modules'));
  const all = await Promise.all(sources.toSorted().map(digestOf));
  const named = tests.map(async (test) => [path.relative('', test), await digestOf(test)] as const);
  return { sources: sha256(all.join()), tests: Object.fromEntries(await Promise.all(named)) };
}

/**
 * What the run of all tests without a change has found, kept for the next one. As long as no source has
 * changed, a file of tests runs again only if it has changed itself, or if one of its tests had failed.
 */
export class KeptDryRun {
  private constructor(
    private readonly file: string,
    private readonly now: Digests,
    private readonly kept: z.output<typeof keptSchema>,
  ) {}

  /** @param file where it is kept */
  static async read(file: string, now: Digests): Promise<KeptDryRun> {
    const text = await readFile(file, 'utf8').catch(() => null);
    const kept = text === null ? null : keptSchema.parse(JSON.parse(text));
    const none = { ...now, tests: {}, outcomes: [], coverage: { static: {}, perTest: {} } };
    return new KeptDryRun(file, now, kept?.sources === now.sources ? kept : none);
  }

  /** The relative paths of the files of tests that have to run. */
  get stale(): string[] {
    return Object.keys(this.now.tests).filter((test) => !this.isKept(test));
  }

  /** All that is known with what those have found. It is kept, but for the files with a test that failed. */
  async completeWith({ outcomes, coverage }: DryRun): Promise<DryRun> {
    const kept = partOf(this.kept, (test) => this.isKept(test));
    const whole = {
      outcomes: [...kept.outcomes, ...outcomes],
      coverage: {
        static: { ...kept.coverage.static, ...coverage.static },
        perTest: { ...kept.coverage.perTest, ...coverage.perTest },
      },
    };
    const failed = outcomes.filter(({ failure }) => failure !== null).map(({ id }) => fileOfTest(id));
    const passed = (test: string): boolean => !failed.includes(test);
    const tests = Object.entries(this.now.tests).filter(([test]) => passed(test));
    const toKeep = { ...this.now, tests: Object.fromEntries(tests), ...partOf(whole, passed) };
    await writeFile(this.file, JSON.stringify(toKeep));
    return whole;
  }

  private isKept(test: string): boolean {
    const digest = this.kept.tests[test];
    return digest !== undefined && digest === this.now.tests[test];
  }
}

/** What some files of tests have found. */
function partOf({ outcomes, coverage }: DryRun, isIncluded: (test: string) => boolean): DryRun {
  const perTest = Object.entries(coverage.perTest).filter(([id]) => isIncluded(fileOfTest(id)));
  return {
    outcomes: outcomes.filter(({ id }) => isIncluded(fileOfTest(id))),
    coverage: { static: coverage.static, perTest: Object.fromEntries(perTest) },
  };
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

const digestOf = async (file: string): Promise<string> => sha256(await readFile(file));
