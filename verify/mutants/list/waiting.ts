import { database, type Mutant, unit } from '../mutant';
import { of } from './decisionMutants';

const DEPENDENCIES = of(
  'dependencies.ts',
  ['dependencies', 'commandDecisions'],
  [
    [
      'an unlock waits for all dependencies',
      'const isHeld = unmet(state).length > 0 || endedDependencies',
      'const isHeld = endedDependencies',
    ],
    [
      'an unlock starts only what waits in the backlog',
      "  if (state.status !== 'backlog') return null;\n  const isHeld",
      '  const isHeld',
    ],
    [
      'what waits for a task that ended otherwise asks',
      'if (isHeld) return decideQuestion(state);',
      'if (isHeld) return null;',
    ],
    [
      'a deleted dependency is asked about when its rows are gone',
      "dependency.ended !== 'deleted' && !state.waitsFor",
      '!state.waitsFor',
    ],
    [
      'a question is closed once its dependency has completed',
      'if (!isOver && !ignoredDependencies',
      'if (!ignoredDependencies',
    ],
    [
      'only a task in the backlog asks',
      "if (plan.status !== 'backlog') return [];\n  return endedDependencies(after",
      'return endedDependencies(after',
    ],
    [
      'the same end is asked about once',
      "if (state.status !== 'backlog' || isSameQuestion(state, endedDependencies(state))) return null;",
      "if (state.status !== 'backlog') return null;",
    ],
    [
      'an answer lets the task wait for what else it depends on',
      'unmet(after).length > 0\n',
      'unmet(after).length > 99\n',
    ],
    [
      'what a person said to ignore holds nothing back',
      'scheduler.ignoredDependencies?.includes(id) !== true',
      "id !== ''",
    ],
  ],
);

const SERVICES = 'src/server/services';
const WAITING = 'tests/loop/dependencies.db.test.ts';
const guard = (file: string, name: string, find: string, replace: string): Mutant => ({
  name: `waiting: ${name}`,
  file,
  find,
  replace,
  checks: [
    database(
      WAITING,
      'tests/loop/resumeWithDependencies.db.test.ts',
      'tests/loop/settlement/oneOff.db.test.ts',
      'tests/api/taskGraph.db.test.ts',
    ),
  ],
});

const WRITES: Mutant[] = [
  guard(
    `${SERVICES}/taskLifecycle/decideAndCommit.ts`,
    'an end is written with what waits for it',
    '[...writes, ...(await dependentWrites(context, writes))]',
    '[...writes]',
  ),
  guard(
    `${SERVICES}/taskLifecycle/dependents.ts`,
    'dependents that continue to wait get a new revision',
    'dependents = [...states.values()].filter(mayStart).map((state) => writeTo(deps, state, outcomes));',
    'dependents = [...states.values()].filter(mayStart).map((state) => writeTo(deps, state, outcomes)).filter((write) => write.scheduler !== null);',
  ),
  guard(
    `${SERVICES}/taskLifecycle/dependents.ts`,
    'dependents that a person may resume get a new revision',
    "status !== 'completed' && status !== 'canceled'",
    "status === 'backlog'",
  ),
  guard(
    `${SERVICES}/taskLifecycle/dependents.ts`,
    'what fails when it is unlocked is an end as well',
    'for (let known = 0; outcomes.size > known; ) {',
    'for (let known = 0; known === 0 && outcomes.size > 0; ) {',
  ),
  guard(
    `${SERVICES}/taskLifecycle/dependents.ts`,
    'the completing task counts as completed',
    'const after = withOutcomes(state, outcomes);',
    'const after = withOutcomes(state, new Map(outcomes.size > 99 ? outcomes : []));',
  ),
  guard(
    `${SERVICES}/taskLifecycle/dependents.ts`,
    'a deletion is an end',
    "if (to_status !== 'completed' && fields !== null && 'deleted_at' in fields) return [[task_id, 'deleted']];",
    '',
  ),
  guard(
    `${SERVICES}/taskLifecycle/planWrite.ts`,
    'a question that is over is closed',
    "{ ...extras, recover: [...recover, 'dependency'] }",
    'extras',
  ),
  guard(
    `${SERVICES}/taskLifecycle/planWrite.ts`,
    'what is ignored holds until the task ends',
    'if (isTerminal(plan.status)) return undefined;',
    '',
  ),
  guard(
    `${SERVICES}/taskWatchdog/TaskWatchdogService.ts`,
    'what has waited since before it was asked about is asked about',
    '(await all(() => this.askForStranded()))',
    '0',
  ),
  {
    ...guard(
      'packages/database/src/sweeps/strandedTasks.ts',
      'only a task in the backlog is asked about by the watchdog',
      "where t.status = 'backlog' and t.deleted_at is null",
      'where t.deleted_at is null',
    ),
    heldBy: 'decideQuestion, which asks for no other task; the condition saves reading those',
  },
  guard(
    `${SERVICES}/taskRunner/runClaims.ts`,
    'a run by a person answers the question',
    'if (startsAnyway) {',
    'if (state === null) {',
  ),
  guard(
    'packages/database/src/writes/dependencies.ts',
    'a new dependency on what has ended is asked about',
    'if (rowCount !== 0) await followUp(client);',
    '',
  ),
  guard(
    'packages/database/src/writes/dependencies.ts',
    'a new dependency is seen by the end of the other task',
    "${reason === 'added' ? ' or t.id = c.depends_on_id' : ''}",
    '',
  ),
  guard(
    'packages/database/src/commit/task.ts',
    'only the dropped dependencies are removed',
    'd.task_id = w.task_id and d.depends_on_id = any(w.dropped)',
    'd.task_id = w.task_id and cardinality(w.dropped) > 0',
  ),
];

const CREATED = 'tests/loop/createdSubtasks.db.test.ts';
const created = (file: string, name: string, find: string, replace: string): Mutant => ({
  name: `subtasks: ${name}`,
  file: `${SERVICES}/taskLifecycle/${file}`,
  find,
  replace,
  checks: [database(CREATED)],
});

const SUBTASKS: Mutant[] = [
  created(
    'createdSubtasks.ts',
    'an agent has at most so many open',
    'LIMITS.openSubtasksMax - situation.open',
    'LIMITS.openSubtasksMax',
  ),
  created(
    'createdSubtasks.ts',
    'an agent nests no deeper than people may',
    'situation.depth >= LIMITS.ancestorsDepthMax',
    'situation.depth > 99',
  ),
  created(
    'createdSubtasks.ts',
    'they start at once only where that is allowed',
    "rule === 'start' ? armedNow(context) : null",
    "rule !== 'backlog' ? armedNow(context) : null",
  ),
  {
    name: 'subtasks: those that start are published',
    find: '[...own, ...started]',
    replace: 'own',
    file: `${SERVICES}/taskLifecycle/commitQueue.ts`,
    checks: [database('tests/queue/httpAgent.db.test.ts')],
  },
  created('runSubtasks.ts', 'an answer leaves what has begun', " && state.status === 'backlog'", ''),
  {
    name: 'subtasks: what was asked before stays asked',
    file: 'packages/database/src/commit/briefs.ts',
    find: 'subject_ids = briefs.subject_ids || excluded.subject_ids',
    replace: 'subject_ids = excluded.subject_ids',
    checks: [database(CREATED)],
  },
];

const RUN_ALL = 'tests/api/runSubtasks.db.test.ts';
const runAll = (file: string, name: string, find: string, replace: string): Mutant => ({
  name: `subtasks: ${name}`,
  file,
  find,
  replace,
  checks: [database(RUN_ALL)],
});

const RUN_ALL_PARTS: Mutant[] = [
  runAll(
    `${SERVICES}/taskLifecycle/runSubtasks.ts`,
    'one that waits for another starts after it',
    "if (state.status === 'backlog' && !areDependenciesMet(state)) return null;",
    '',
  ),
  runAll(
    `${SERVICES}/taskLifecycle/TaskLifecycleService.ts`,
    'running all parts answers the question about them',
    'if (question !== null) {',
    'if (question !== null && false) {',
  ),
  runAll(
    `${SERVICES}/taskLifecycle/runSubtasks.ts`,
    'running all parts resumes paused ones',
    "status === 'backlog' || status === 'paused'",
    "status === 'backlog'",
  ),
  runAll(
    `${SERVICES}/taskLifecycle/runSubtasks.ts`,
    'running all parts looks at every page',
    'after = last.number;',
    'after = last.number + LIMITS.openSubtasksMax;',
  ),
  runAll(
    'packages/database/src/reads/subtasks.ts',
    'running all parts leaves those of other tasks',
    'n.parent_task_id = $1::uuid and n.user_id = $2 and n.number',
    '($1::uuid is not null) and n.user_id = $2 and n.number',
  ),
];

const PARENTS = 'tests/loop/parents.db.test.ts';
const parent = (file: string, name: string, find: string, replace: string): Mutant => ({
  name: `subtasks: ${name}`,
  file,
  find,
  replace,
  checks: [database(PARENTS)],
});
const inParents = (name: string, find: string, replace: string): Mutant =>
  parent(`${SERVICES}/taskLifecycle/parents.ts`, name, find, replace);

const MANY_PARTS: Mutant = {
  name: 'subtasks: parts that end at the same moment take turns',
  file: `${SERVICES}/taskLifecycle/taskTurns.ts`,
  find: 'Promise.all(earlier).then(work)',
  replace: 'work()',
  checks: [unit(`${SERVICES}/taskLifecycle/taskTurns.test.ts`), database('tests/loop/manyParts.db.test.ts')],
};

const PARENTS_TOLD: Mutant[] = [
  inParents(
    'each end raises the revision of the parent',
    'return extras === null ? writes',
    'return !extras?.briefs?.length && !extras?.recover?.length ? writes',
  ),
  inParents('only the last part tells', 'isTold && open === 0', 'isTold'),
  inParents(
    'the last part tells however it ends',
    '!isTerminal(from_status) && isTerminal(to_status)',
    "to_status === 'completed'",
  ),
  inParents('parts that a person has canceled tell nothing', ' && done + failed > 0', ''),
  inParents(
    'the question is closed only when all parts are decided',
    'isAsked && rest.undecided === 0',
    'isAsked',
  ),
  inParents(
    'the own write of a parent is extended',
    'if (!group.some(({ task_id }) => task_id === state.id)) {',
    'if (group.length > 0) {',
  ),
  parent(
    `${SERVICES}/taskLifecycle/planWrite.ts`,
    'a run from the backlog decides about a part',
    "status === 'backlog' || operation?.claimedFrom === 'backlog'",
    "status === 'backlog'",
  ),
  parent(
    'packages/domain/src/dependencies.ts',
    'a loop that goes on is not told',
    "(automationMode === null && status !== 'canceled')",
    "(automationMode !== 'schedule' && status !== 'canceled')",
  ),
  parent(
    'packages/domain/src/dependencies.ts',
    'a canceled task is not told',
    "automationMode === null && status !== 'canceled'",
    'automationMode === null',
  ),
];

/** What tasks that wait for others do when those end, and what becomes of subtasks that agents create. */
export const WAITING_GUARDS: readonly Mutant[] = [
  ...DEPENDENCIES,
  ...WRITES,
  ...SUBTASKS,
  ...RUN_ALL_PARTS,
  ...PARENTS_TOLD,
  MANY_PARTS,
];
