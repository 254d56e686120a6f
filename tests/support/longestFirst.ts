import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The one file that takes minutes. */
const LONGEST = '/verify/simulation/simulation.db.test.ts';

/**
 * Begins with the file that takes longest. A fresh clone has no times of an earlier run, so vitest goes by size alone:
 * this file came last then, and ran for minutes beside an idle worker.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith(LONGEST);
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}
