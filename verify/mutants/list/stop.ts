import { type Check, database, type Mutant, unit } from '../mutant';

const RUNNER = 'src/server/services/taskRunner';
const STOP: Check[] = [database('tests/room/stop.db.test.ts')];
const HICCUPS: Check[] = [database('tests/loop/databaseHiccups.db.test.ts')];
const DECISION: Check[] = [unit('packages/domain/src/rollback.test.ts'), ...STOP];

/** The guards of a stop (PROTOCOL §3.2): file, name, text to find, replacement, checks. */
const GUARDS: [string, string, string, string, Check[]][] = [
  [
    `${RUNNER}/TaskRunnerService.ts`,
    'a run that has not called its agent is stopped at once',
    'if (!hasCalledAgent) this.leases.abort(operationId);',
    'if (operationId === hasCalledAgent.toString()) this.leases.abort(operationId);',
    STOP,
  ],
  [
    `${RUNNER}/TaskRunnerService.ts`,
    'nobody waits for room in a server that stops',
    'this.deps.room.close();',
    '',
    STOP,
  ],
  [
    `${RUNNER}/TaskRunnerService.ts`,
    'a run that has not begun is rolled back',
    'return this.deps.settlement.rollback(notBegun(run, this.stopping), run.state);',
    'return Promise.resolve();',
    STOP,
  ],
  [
    `${RUNNER}/TaskRunnerService.ts`,
    'an agent that does not stop is not waited for',
    'for (const active of this.active.values()) active.giveUp();',
    '',
    STOP,
  ],
  [
    `${RUNNER}/TaskRunnerService.ts`,
    'a person is refused while the server stops',
    "if (this.stopping) throw new AppError('unavailable'",
    "if (this.stopping && this.active.size > 9) throw new AppError('unavailable'",
    STOP,
  ],
  [
    `${RUNNER}/execution.ts`,
    'a run whose agent was not called does not count',
    "if (isCanceled && !context.active.hasCalledAgent) return { kind: 'not-begun' };",
    '',
    STOP,
  ],
  [
    `${RUNNER}/execution.ts`,
    'a run whose agent the database kept from being called is given back',
    "return { kind: 'not-begun', isOpen: true };",
    '{}',
    HICCUPS,
  ],
  [
    `${RUNNER}/execution.ts`,
    'an outage of the database is no strike',
    "...(isAway && { failureClass: 'transient' }),",
    '',
    HICCUPS,
  ],
  [
    `${RUNNER}/handOver.ts`,
    'the lease of an agent that works elsewhere is extended in the end',
    'if (!mayPass || isLast || isOver) return;',
    'return;',
    HICCUPS,
  ],
  [
    'packages/database/src/commit/operation.ts',
    'a topic that was opened for a run which is undone is removed',
    'delete from everbeat.topics p using written w where p.id = w.topic_id and ${IS_UNDONE}',
    'delete from everbeat.topics p using written w where p.id = w.topic_id and false',
    STOP,
  ],
  [
    'packages/database/src/commit/task.ts',
    'a topic that is removed does not count',
    't.total_topics - (select count(*)::int from undone_topics u where u.task_id = t.id)',
    't.total_topics',
    STOP,
  ],
  [
    'packages/domain/src/rollbackDecision.ts',
    'an overdue tick that is rolled back keeps its due time',
    'Date.parse(dueAt) < now.getTime() ? new Date(dueAt) : next',
    'Date.parse(dueAt) < 0 ? new Date(dueAt) : next',
    DECISION,
  ],
];

export const STOP_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `stop: ${name}`,
  file,
  find,
  replace,
  checks,
}));
