import { database, type Mutant, unit } from '../mutant';
import { of } from './decisionMutants';

const MERGE = of(
  'editMerge.ts',
  ['editMerge'],
  [
    [
      'an edit of a field that has changed meanwhile is refused',
      'isSameJson(current, base) || isSameJson(current, edited)',
      'true',
    ],
    ['a stale revision is refused where there is no base', 'revision !== current.revision', 'false'],
    ['a value that equals its base is no edit', 'isSameJson(edit[field], base[field])', 'false'],
    [
      'a key of the configuration that was not edited stays',
      'if (isSameJson(edit[key], base[key])) continue;',
      '',
    ],
  ],
).map((mutant): Mutant => ({ ...mutant, checks: [unit('packages/domain/src/editMerge.test.ts')] }));

const CONFLICTS = database('tests/api/editConflicts.db.test.ts');

/** Edits of several people at the same time. */
export const EDIT_GUARDS: Mutant[] = [
  ...MERGE,
  {
    name: 'an edit is carried over to the task as it is at its commit',
    file: 'src/server/services/taskLifecycle/TaskLifecycleService.ts',
    find: `await this.act(userId, taskId, async (state, now) => {
      const edit = await readEdit();`,
    replace: `const edit = await readEdit();
    await this.act(userId, taskId, async (state, now) => {`,
    checks: [CONFLICTS],
  },
  {
    name: 'what an edit was made from reaches its check',
    file: 'src/server/services/tasks/TaskService.ts',
    find: 'mergeEdit(shownTask(task), given, origin)',
    replace: 'mergeEdit(shownTask(task), given, {})',
    checks: [CONFLICTS],
  },
];
