import { type Check, database, type Mutant } from '../mutant';

const LOOP = 'tests/loop';
const QUEUE = 'tests/queue';
const SERVICES = 'src/server/services';

/** Most guards are covered by the first group; queue mode covers the rest. */
const BOTH: Check[] = [
  database(
    'tests/guards/services.db.test.ts',
    'tests/guards/watchdog.db.test.ts',
    'tests/webhooks/routes.db.test.ts',
    `${LOOP}/settlement`,
  ),
  database(LOOP),
  database(QUEUE),
];

/** The guards of the services: file, name, text to find, replacement. */
const GUARDS: [string, string, string, string][] = [
  [
    'taskLifecycle/settle.ts',
    'a completion names the topic of its operation',
    '  operation.topicId === topicId &&\n',
    '',
  ],
  [
    'taskLifecycle/settle.ts',
    'a completion settles only its own operation',
    'operation?.id === operationId &&\n  operation.topicId',
    'operation?.topicId',
  ],
  [
    'taskLifecycle/settle.ts',
    'a late completion changes nothing',
    'if (!isRunning(state, completion)) return null;',
    '',
  ],
  [
    'taskLifecycle/settle.ts',
    'only the caller of a claim rolls it back',
    'if (!isRunning(state, claim)) return null;',
    '',
  ],
  [
    'taskLifecycle/resolveBrief.ts',
    'a resolved brief is not changed',
    'brief.isResolved ? null : saidTo(brief, given, now)',
    'saidTo(brief, given, now)',
  ],
  [
    'taskLifecycle/resolveBrief.ts',
    'only an offered action resolves a brief',
    'brief.actions.find(({ key }) => key === action)',
    'brief.actions.find(() => true)',
  ],
  [
    'taskLifecycle/resolveBrief.ts',
    'the brief being resolved counts as resolved',
    'assuming: { resolvedBriefId: id }',
    'assuming: {}',
  ],
  [
    'taskLifecycle/commitQueue.ts',
    'two decisions from one state exclude each other',
    'if (group.some((write) => takenTaskIds.has(write.task_id))) return false;',
    '',
  ],
  [
    'taskLifecycle/commitQueue.ts',
    'nothing is published that was not written',
    'if (!outcome.isWritten) return false;',
    '',
  ],
  [
    'taskLifecycle/decideAndCommit.ts',
    'a decision that was overtaken is made again',
    'return (await deps.commits.commit(group, wait))\n',
    'return (await deps.commits.commit(group, wait)) || group.length > 0\n',
  ],
  [
    'taskLifecycle/TaskLifecycleService.ts',
    'a skip uses up only its own arm',
    ' || state.scheduler.tickToken !== tick.tickToken',
    '',
  ],
  [
    'taskLifecycle/TaskLifecycleService.ts',
    'a skip uses up only the arm of a scheduled task',
    "state.status !== 'scheduled' || state.scheduler.tickToken",
    'state.scheduler.tickToken',
  ],
  [
    'taskLifecycle/TaskLifecycleService.ts',
    'an early tick is published for the rest of its wait',
    "if (reason === 'early') return this.deps.publisher.publishAgain(tick);",
    '',
  ],
  [
    'taskLifecycle/TaskLifecycleService.ts',
    'an interruption ends only the named run',
    'if (state.operation?.id !== operationId) return null;',
    '',
  ],
  [
    'taskLifecycle/stoppedRun.ts',
    'a person’s action interrupts the run in flight',
    'state.operation === null ? null : interruptedOperation(state.operation.id)',
    'null',
  ],
  [
    'taskLifecycle/TaskLifecycleService.ts',
    'a second pause changes nothing',
    "state.status === 'paused' ? null : decidePause(state)",
    'decidePause(state)',
  ],
  [
    'taskLifecycle/TaskLifecycleService.ts',
    'a message that became stale is deleted',
    'await this.deps.publisher.cancel(staleMessageId);',
    '',
  ],
  [
    'taskLifecycle/planWrite.ts',
    'every arm has a token of its own',
    'tickToken: arm?.token ?? null',
    'tickToken: arm === null ? null : (state.scheduler.tickToken ?? arm.token)',
  ],
  [
    'taskLifecycle/planWrite.ts',
    'a task without an arm has no token',
    'tickToken: arm?.token ?? null',
    'tickToken: arm?.token ?? state.scheduler.tickToken',
  ],
  [
    'taskLifecycle/planWrite.ts',
    'a new arm does not inherit the previous message id',
    'tickMessageId: arm?.message_id ?? null',
    'tickMessageId: state.scheduler.tickMessageId',
  ],
  [
    'taskLifecycle/planWrite.ts',
    'an arm that is replaced ends in the ledger',
    'end_tick: current === null ? null :',
    'end_tick: current !== null ? null :',
  ],
  [
    'taskLifecycle/planWrite.ts',
    'a failed task has a brief that says so',
    "if (plan.status === 'failed') {",
    'if (!plan) {',
  ],
  [
    'taskLifecycle/planWrite.ts',
    'a task that leaves its loop has a brief that says why',
    'if (purpose === null || briefs.some((brief) => brief.purpose === purpose)) return {};',
    'if (briefs !== null) return {};',
  ],
  [
    'taskLifecycle/planWrite.ts',
    'the stored hash of a report stays until the next one',
    'plan.reportHash ?? state.scheduler.reportHash',
    'plan.reportHash',
  ],
  [
    'taskLifecycle/TaskLifecycleService.ts',
    'a brief tells of the task as an edit leaves it',
    'planWrite(applyEdit(state, edit), plan',
    'planWrite(state, plan',
  ],
  ['taskLifecycle/TaskLifecycleService.ts', 'a tick after the end date ends the loop', "  'end-date',\n", ''],
  [
    'taskLifecycle/settleExtras.ts',
    'an error brief of the run blocks nothing',
    'some(isBlocking)',
    "some(({ priority }) => priority === 'urgent')",
  ],
  [
    'taskLifecycle/failureBriefs.ts',
    'consecutive failures share one brief',
    "purpose: 'failure',\n  };",
    'purpose: null,\n  };',
  ],
  [
    'taskRunner/dispatch.ts',
    'a run that was begun nevertheless is not rolled back',
    'if (!isTakenBack) return;',
    '',
  ],
  [
    'taskRunner/callbackReport.ts',
    'a callback needs its secret',
    ' || !isCallbackSecret(callback.secret, operation.callbackHash)',
    '',
  ],
  [
    'taskRunner/dispatch.ts',
    'a run that failed to start is rolled back',
    'await deps.settlement.rollback({',
    'await (async (_: object) => undefined)({',
  ],
  [
    'taskRunner/leaseKeeper.ts',
    'the agent of a run that ended elsewhere is stopped',
    '        else lease.controller?.abort();\n',
    '',
  ],
  [
    'taskRunner/settleWithRetries.ts',
    'an outage does not lose an outcome',
    'return completeByQueue(deps, completion);',
    'return;',
  ],
  [
    'taskWatchdog/TaskWatchdogService.ts',
    'a run that has ended meanwhile is not timed out',
    'if (state?.operation?.id !== operationId) return false;',
    'if (state === undefined || state.operation === null) return false;',
  ],
  [
    'taskWatchdog/TaskWatchdogService.ts',
    'a task that has changed is not repaired',
    'state.revision === revision ? decideRepair(state, now) : null',
    'revision >= 0 ? decideRepair(state, now) : null',
  ],
  [
    'taskWatchdog/TaskWatchdogService.ts',
    'a pass over far arms is continued by the next one',
    'this.farArmsAfter ?? after;',
    'after;',
  ],
  [
    'taskWatchdog/TaskWatchdogService.ts',
    'each pass looks at the furthest arms first',
    'let after: ArmPosition | null = null;',
    'let after: ArmPosition | null = this.farArmsAfter;',
  ],
  [
    'taskWatchdog/TaskWatchdogService.ts',
    'an impossible due time is repaired',
    'arms.filter((arm) => isDueTooFar(arm, now, toleranceMs))',
    'arms.filter((arm) => isDueTooFar(arm, now, 1e13))',
  ],
  [
    'taskWatchdog/TaskWatchdogService.ts',
    'a task that cannot be repaired does not stop the others',
    'if (isDatabaseUnavailable(error)) throw error;',
    'throw error;',
  ],
];

const HELD_TWICE: Record<string, string> = {
  'a run that has ended meanwhile is not timed out':
    'the settlement, which is of the running operation alone',
};

/** Queue mode covers most of the runner, because its runs come back as requests. */
const checksOf = (file: string): Check[] =>
  file.startsWith('taskRunner/') ? [database(QUEUE), ...BOTH] : BOTH;

const SCHEDULER = 'packages/scheduler/src';
const PUBLICATIONS: Mutant[] = [
  {
    name: 'scheduler: each publication has a deduplication id of its own',
    file: `${SCHEDULER}/publicationId.ts`,
    find: '`${tick.tickToken}-${tick.publication}`',
    replace: 'tick.tickToken',
    checks: [{ kind: 'tests', project: 'unit', files: [SCHEDULER] }, database(QUEUE)],
  },
  {
    name: 'scheduler: no delay is longer than the plan allows',
    file: `${SCHEDULER}/qstash/qstashTaskScheduler.ts`,
    find: 'Math.min(this.options.maxDelaySeconds, Math.max(0, Math.ceil(remainingMs / 1_000)))',
    replace: 'Math.max(0, Math.ceil(remainingMs / 1_000))',
    checks: [{ kind: 'tests', project: 'unit', files: [SCHEDULER] }, database(QUEUE)],
  },
  {
    name: 'scheduler: a delay is rounded up, so that no tick is early',
    file: `${SCHEDULER}/qstash/qstashTaskScheduler.ts`,
    find: 'Math.ceil(remainingMs',
    replace: 'Math.floor(remainingMs',
    checks: [{ kind: 'tests', project: 'unit', files: [SCHEDULER] }, database(QUEUE)],
  },
  {
    name: 'scheduler: a clock that was set back is noticed',
    file: `${SCHEDULER}/local/localTaskScheduler.ts`,
    find: 'lane.readUntilMs > this.nowMs() + this.options.horizonMs',
    replace: 'lane.readUntilMs < 0',
    checks: [{ kind: 'tests', project: 'unit', files: [SCHEDULER] }],
  },
  {
    name: 'batch: a failing item does not fail the others',
    file: 'packages/batching/src/batcher.ts',
    find: 'batch.length > 1 && options.mayRetryAlone(error)',
    replace: 'batch.length < 1',
    checks: [{ kind: 'tests', project: 'unit', files: ['packages/batching/src/batcher.test.ts'] }],
  },
];

const FEED: Mutant[] = [
  {
    name: 'feed: what a stream has read before is not news',
    file: `${SERVICES}/feed/ActivityFeed.ts`,
    find: 'before === null || !includes(before, event)',
    replace: 'event !== before',
    checks: [database('tests/feed')],
  },
  {
    name: 'feed: a stream that is told nothing ends',
    file: `${SERVICES}/feed/feedTail.ts`,
    find: 'if (leftMs <= 0) return this.onLost();',
    replace: '',
    checks: [database('tests/feed/feedAway.db.test.ts')],
  },
  {
    name: 'feed: a reader that falls behind reads what it missed',
    file: `${SERVICES}/feed/mailbox.ts`,
    find: '      this.isBehind = true;\n',
    replace: '',
    checks: [database('tests/feed')],
  },
];

export const SERVICE_GUARDS: Mutant[] = [
  ...GUARDS.map(([file, name, find, replace]) => ({
    name: `service: ${name}`,
    file: `${SERVICES}/${file}`,
    find,
    replace,
    checks: checksOf(file),
    heldBy: HELD_TWICE[name],
  })),
  ...PUBLICATIONS,
  ...FEED,
];
