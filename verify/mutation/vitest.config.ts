import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { z } from 'zod';
import { AREA_NAMES, AREAS } from './areas';

/** The copy of the project in which Stryker mutates. */
const ROOT = path.resolve(import.meta.dirname, '../..');

const area = AREAS[z.enum(AREA_NAMES).parse(process.env.MUTATION_AREA)];

/** Quick files first: the first test that fails ends the run of a mutant. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification): boolean => area.slowTests.test(moduleId);
    return [...files.filter((file) => !isSlow(file)), ...files.filter(isSlow)];
  }
}

export default defineConfig({
  root: ROOT,
  resolve: { alias: { '@': path.join(ROOT, 'src') } },
  test: {
    name: 'mutation',
    include: [...area.tests],
    globalSetup: area.needsDatabase ? [path.join(ROOT, 'packages/testkit/src/globalSetup.ts')] : [],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // One module graph for all files of a run, because loading it again costs more than most tests.
    isolate: area.needsDatabase,
    sequence: { sequencer: QuickFirst },
  },
});
