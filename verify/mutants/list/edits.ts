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

const CHANGES = unit('packages/domain/src/fieldChanges.test.ts');
const CONFLICTS = database('tests/api/editConflicts.db.test.ts');

/** Edits of several people at the same time. */
export const EDIT_GUARDS: Mutant[] = [
  ...MERGE,
  {
    name: 'an edit of an agent as it was before is refused',
    file: 'src/server/services/agents/AgentService.ts',
    find: 'edit.updatedAt.getTime() !== stored.updatedAt.getTime()',
    replace: 'edit.updatedAt.getTime() === 0',
    checks: [database('tests/api/agent.db.test.ts')],
  },
  {
    name: 'an edit is carried over to the task as it is at its commit',
    file: 'src/server/services/taskLifecycle/TaskLifecycleService.ts',
    find: `await this.act(userId, taskId, async (state, now) => {
      const { edit, changes } = await readEdit();`,
    replace: `const { edit, changes } = await readEdit();
    await this.act(userId, taskId, async (state, now) => {`,
    checks: [CONFLICTS],
  },
  {
    name: 'the history of an edit holds no secret',
    file: 'packages/domain/src/fieldChanges.ts',
    find: '[leavesOf(shown(before)), leavesOf(shown(after))]',
    replace: '[leavesOf(before), leavesOf(after)]',
    checks: [CHANGES],
  },
  {
    name: 'the history of an edit tells that a secret was changed',
    file: 'packages/domain/src/fieldChanges.ts',
    find: '[leavesOf(before), leavesOf(after)];',
    replace: '[leavesOf(shown(before)), leavesOf(shown(after))];',
    checks: [CHANGES],
  },
  {
    name: 'the history of an edit is bounded',
    file: 'packages/domain/src/fieldChanges.ts',
    find: 'if (longest <= LIMITS.changeCharsMax) return { from, to };',
    replace: 'if (longest > 0) return { from, to };',
    checks: [CHANGES],
  },
  {
    name: 'a page of a list in groups begins after the one before',
    file: 'packages/database/src/reads/tasks.ts',
    find: 'key === null ? undefined : afterKey(key))',
    replace: 'key === null ? undefined : undefined)',
    checks: [database('tests/api/taskOrder.db.test.ts')],
  },
  {
    name: 'a page of the list by the next run begins after the one before',
    file: 'packages/database/src/reads/tasks.ts',
    find: 'armed: sql`${DUE} >= ${due} and (${DUE} > ${due} or ${isOlder})`',
    replace: 'others: isOlder',
    checks: [database('tests/api/taskOrder.db.test.ts')],
  },
  {
    name: 'a person has so many saved filters at most',
    file: 'packages/database/src/writes/savedFilters.ts',
    find: 'from others where n < ${LIMITS.savedFiltersMax}',
    replace: 'from others where n < 1000',
    checks: [database('tests/api/savedFilters.db.test.ts')],
  },
  {
    name: 'the saved filters of a person are counted one save after another',
    file: 'packages/database/src/writes/savedFilters.ts',
    find: "hashtextextended('everbeat-saved-filters:' || $1, 0)",
    replace: 'hashtextextended($1 || random()::text, 0)',
    checks: [database('tests/api/savedFilters.db.test.ts')],
  },
  {
    name: 'what an edit was made from reaches its check',
    file: 'src/server/services/tasks/TaskService.ts',
    find: 'mergeEdit(shownTask(task), given, origin)',
    replace: 'mergeEdit(shownTask(task), given, {})',
    checks: [CONFLICTS],
  },
];
