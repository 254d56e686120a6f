import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The one file that takes minutes. */
const LONGEST = '/verify/simulation/simulation.db.test.ts';

/** Its project comes first, so that the others have what is left of the time. */
const PROJECTS = ['database', 'pooler', 'unit', 'e2e'];

/**
 * The files of a project follow one another: a worker keeps the modules that it has loaded only if its next
 * file is of the same project. The file that takes longest comes first. A fresh clone has no times of an
 * earlier run, so vitest goes by size alone: that file came last then, and ran for minutes beside an idle
 * worker.
 */
export class FileOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const placeOf = ({ moduleId, project }: TestSpecification): number =>
      moduleId.endsWith(LONGEST) ? -1 : PROJECTS.indexOf(project.name);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}
