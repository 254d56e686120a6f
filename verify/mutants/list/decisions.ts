import { type Mutant, unit } from '../mutant';

const DOMAIN = 'packages/domain/src';
const EXPLORER = 'packages/domain/test/explorer/explorer.test.ts';

/**
 * Mutants of one file of the domain: name, what is found, what replaces it. Its own tests see them first,
 * then the walk.
 */
export const of = (file: string, tests: string[], guards: [string, string, string][]): Mutant[] =>
  guards.map(([name, find, replace]) => ({
    name: `decision: ${name}`,
    file: `${DOMAIN}/${file}`,
    find,
    replace,
    checks: [unit(...tests.map((test) => `${DOMAIN}/${test}.test.ts`)), unit(EXPLORER)],
  }));

const TICK = of(
  'tickDecision.ts',
  ['tickDecision'],
  [
    ['a tick of another user is refused', ' || state.userId !== claim.userId', ''],
    [
      'a tick of a changed mode is skipped',
      "armedMode !== state.automationMode) return 'mode-changed'",
      "false) return 'mode-changed'",
    ],
    ['a heartbeat without an interval is skipped', '!hasInterval(state)) return', 'false) return'],
    ['a terminal task is skipped', "if (isTerminal(state.status)) return 'terminal';", ''],
    ['a paused task is skipped', "if (state.status === 'paused') return 'paused';", ''],
    [
      'a run in flight is skipped',
      "if (state.operation !== null || state.status === 'running') return 'in-flight';",
      '',
    ],
    ['a recorded blocker stops a tick', "if (scheduler.blockedBy !== null) return 'human-waiting';", ''],
    ['the token is compared', "!isCurrent || state.status !== 'scheduled'", "state.status !== 'scheduled'"],
    ['an open urgent brief stops a tick', "if (state.humanWaiting) return 'human-waiting';", ''],
    [
      'no run starts after the end date',
      "if (scheduler.endAt !== undefined && scheduler.endAt < toInstant(now)) return 'end-date';",
      '',
    ],
    ['a tick before its time is early', "isEarly(scheduler.dueAt, now) ? 'early' : null", 'null'],
    ['an arm without a due time never runs', 'dueAt === null || Date.parse', 'dueAt !== null && Date.parse'],
  ],
);

const COMPLETION = of(
  'completionDecision.ts',
  ['completionDecision', 'manualRun'],
  [
    [
      'an interruption leaves the fuse blown',
      "...stoppedStill(state),\n    reason: 'interrupted'",
      "reason: 'interrupted'",
    ],
    [
      'only runs that the automation started use up the maximum',
      ' || !isAutomationTrigger(operation.trigger)) return state;',
      ') return state;',
    ],
    [
      'a run that the automation started uses up the maximum',
      'automationRuns: scheduler.automationRuns + 1',
      'automationRuns: scheduler.automationRuns',
    ],
  ],
);

const COMPLETION_PLAN = of(
  'completionPlan.ts',
  ['completionDecision', 'manualRun'],
  [
    [
      'a brief that is open blocks the next arm',
      'state.humanWaiting || completion.bringsUrgentBrief',
      'completion.bringsUrgentBrief',
    ],
    [
      'a brief of the run itself blocks the next arm',
      'state.humanWaiting || completion.bringsUrgentBrief',
      'state.humanWaiting',
    ],
    [
      'a run that ends before its cron time does not run for it again',
      'isEarly ? new Date(now.getTime() + earlyMs) : now',
      'now',
    ],
    ['a due time far ahead delays no next one', ' && earlyMs <= LIMITS.earlyToleranceMs;', ';'],
  ],
);

const SUCCESS = of(
  'settleSuccess.ts',
  ['completionDecision', 'manualRun'],
  [
    [
      'a success resets the failure count',
      'const NO_FAILURES = { consecutiveFailures: 0, lostRuns',
      'const NO_FAILURES = { lostRuns',
    ],
    [
      'a goal that is met completes a task that may complete',
      'if (completion.goalMet && !isWaiting(state, completion)) {',
      'if (!completion) {',
    ],
    [
      'an open question keeps a task whose goal is met from completing',
      'if (completion.goalMet && !isWaiting(state, completion)) {',
      'if (completion.goalMet) {',
    ],
    [
      'that the goal is met is a proposal',
      'if (completion.goalMet && state.config.mayComplete !== true) {',
      'if (!completion) {',
    ],
    [
      'a task may complete without being asked',
      'if (completion.goalMet && state.config.mayComplete !== true) {',
      'if (completion.goalMet) {',
    ],
    [
      'a task without automation waits for an answer',
      "if (isWaiting(state, completion)) return { ...plan, ...WAITS, reason: 'human-waiting' };",
      '',
    ],
    ['a run that brings a brief is not reported as well', 'if (bringsBrief) return false;', ''],
    [
      'a report that has not changed is not shown',
      'return reportHash !== scheduler.reportHash;',
      'return reportHash !== null;',
    ],
    [
      'the end of a loop shows its last report once',
      "rest.status === 'scheduled' && isReported",
      'isReported',
    ],
    [
      'the time that an agent asks for has a lower bound',
      'Math.max(nextRunInSeconds, pacing.minSeconds)',
      'nextRunInSeconds',
    ],
    [
      'the time that an agent asks for has an upper bound',
      'pacing.minSeconds), pacing.maxSeconds)',
      'pacing.minSeconds))',
    ],
    [
      'an agent may choose the time only with pacing',
      'nextRunInSeconds === null || pacing === undefined) return dueAfterRun(state, now);',
      'nextRunInSeconds === null) return dueAfterRun(state, now);\n  if (pacing === undefined) return { dueAt: new Date(now.getTime() + nextRunInSeconds * 1_000) };',
    ],
    [
      'a one-off run asks for approval',
      "status: 'paused', asksApproval: true",
      "status: 'completed', asksApproval: true",
    ],
  ],
);

const ROLLBACK = of(
  'rollbackDecision.ts',
  ['completionDecision', 'manualRun', 'rollback'],
  [
    [
      'a rollback keeps why the task is paused',
      'status: claimedFrom, blockedBy, needsPerson };',
      'status: claimedFrom, blockedBy };',
    ],
    [
      'a rollback keeps the topic of a one-off',
      'state.automationMode === null ? continueTopicId : undefined',
      'undefined',
    ],
    [
      'a rollback returns to the status before the claim',
      "if (claimedFrom !== 'scheduled') return { ...plan, status: claimedFrom, blockedBy, needsPerson };",
      '',
    ],
    [
      'a rollback while a brief is open blocks',
      "if (state.humanWaiting) return { ...plan, status: 'scheduled', blockedBy: 'urgent-brief' };",
      '',
    ],
    ['a rollback leaves a run with an answer due now', "if (trigger === 'brief') {", 'if (!plan) {'],
    [
      'a rollback after the automation was removed pauses',
      "if (state.automationMode === null && modeOf(trigger) !== null) return { ...plan, status: 'paused' };",
      '',
    ],
  ],
);

const PLAN_REST = of(
  'planRest.ts',
  ['completionDecision', 'manualRun', 'commandDecisions', 'briefResolution'],
  [
    [
      'used-up runs complete the task',
      'state.scheduler.automationRuns >= state.maxTopics',
      'state.scheduler.automationRuns > state.maxTopics + 9',
    ],
    [
      'the end date completes the task',
      "return isPastEnd(state, next.dueAt) ? 'end-date' : null;",
      'return null;',
    ],
    ['a rule without a time fails the task', "status: 'failed', arm: null", "status: 'paused', arm: null"],
    ['an open brief blocks a scheduled task', 'if (humanWaiting) return WAITS;', ''],
    [
      'an arm names the end date',
      '...(automationMode !== null && endAt !== undefined && { endAt: new Date(endAt) }),',
      '',
    ],
    ['an arm names the topic that it continues', '    ...more,\n', ''],
    [
      'a due time is restored only if the rule could give it',
      'if (!couldBeOfRule(state, previous, now)) return nextDue(state, now);',
      '',
    ],
    [
      'a restored due time that has passed is due now',
      'new Date(Math.max(previous, now.getTime()))',
      'new Date(previous)',
    ],
  ],
);

const COMMANDS = of(
  'commandDecisions.ts',
  ['commandDecisions', 'briefResolution', 'lastError'],
  [
    [
      'a start waits for dependencies',
      "if (act === 'start' && !areDependenciesMet(state)) throw dependenciesUnmet(state);",
      '',
    ],
    [
      'a resumed task waits for its dependencies',
      "if (!areDependenciesMet(state) && state.status !== 'scheduled') {",
      'if (!act) {',
    ],
    [
      'a scheduled task is resumed without waiting',
      "if (!areDependenciesMet(state) && state.status !== 'scheduled') {",
      'if (!areDependenciesMet(state)) {',
    ],
    ['a start counts the runs anew', "act === 'start' ? { ...plan, automationRuns: 0 } : plan", 'plan'],
    [
      'a resume goes on counting the runs',
      "act === 'start' ? { ...plan, automationRuns: 0 } : plan",
      '{ ...plan, automationRuns: 0 }',
    ],
    [
      'an edit leaves a run with an answer due now',
      "if (trigger === 'brief' && current !== null) {",
      'if (!changed) {',
    ],
    [
      'a changed rule re-arms',
      'const keepsDue = isSameRule(before, edited)',
      'const keepsDue = isSameRule(before, before)',
    ],
    [
      'an edit that changes no rule leaves the arm',
      ' || (keepsDue && sameEnd)) return null',
      ') return null',
    ],
    ['a repair respects the fuse', 'if (isFuseBlown(plan.consecutiveFailures)) {', 'if (!plan) {'],
    [
      'only a scheduled task is repaired',
      "if (state.status !== 'scheduled') return null;\n  return repaired",
      'return repaired',
    ],
    ['a pause leaves the fuse blown', "...stoppedStill(state),\n    reason: 'paused'", "reason: 'paused'"],
  ],
);

const COMMAND_PLAN = of(
  'commandPlan.ts',
  ['commandDecisions', 'briefResolution', 'lastError'],
  [
    ['a start resets the failure count', 'failures = noFailures(state),', 'failures = pastFailures(state),'],
    [
      'the last error remains until a run succeeds or a person continues',
      '  error: state.error,\n});',
      '  error: null,\n});',
    ],
    [
      'a start while a brief is open blocks',
      "return state.humanWaiting ? { ...plan, blockedBy: 'urgent-brief' } : { ...plan, arm };",
      'return { ...plan, arm };',
    ],
  ],
);

const ANSWERS = of(
  'briefResolution.ts',
  ['briefResolution', 'lastError'],
  [
    ['another open brief still blocks', 'return isBlocked && !state.humanWaiting ?', 'return isBlocked ?'],
    [
      'a brief that blocks nothing leaves the arm',
      "const isBlocked = state.status === 'scheduled' && state.scheduler.blockedBy === 'urgent-brief';",
      "const isBlocked = state.status === 'scheduled';",
    ],
    [
      'resolving a brief does not change a running or ended task',
      "if (state.status !== 'scheduled' && state.status !== 'paused') return null;",
      '',
    ],
    ['only an approval brief completes', "brief.purpose === 'approval' && (", '('],
    [
      'only the question whether the goal is met completes',
      " && brief.purpose === 'goal') return",
      ') return',
    ],
    [
      'an option that an agent calls retry is no retry',
      " && (brief.purpose !== null || brief.type === 'error')) return",
      ') return',
    ],
    [
      'an answer runs the task at its regular time if the person says so',
      "(when === 'now' && !isPastEnd(state, now))",
      '!isPastEnd(state, now)',
    ],
    [
      'an answer after the end date ends the task',
      "(when === 'now' && !isPastEnd(state, now))",
      "when === 'now'",
    ],
    [
      'an answered one-off goes on in its topic',
      'state.automationMode === null ? brief.topicId : null',
      'null',
    ],
    [
      'an answered task with automation opens a new topic',
      'state.automationMode === null ? brief.topicId : null',
      'brief.topicId',
    ],
  ],
);

const LOOP_END = of(
  'loopEnd.ts',
  ['loopEnd'],
  (['goal-met', 'max-topics', 'end-date', 'no-next-run'] as const).map((reason) => [
    `the end by ${reason} is explained`,
    `'${reason}': 'end',`,
    `'${reason}': null,`,
  ]),
);

const MANUAL_RUN = of(
  'manualRunDecision.ts',
  ['manualRunDecision'],
  [
    ["a manual run is of the person's own task", ' || state.userId !== request.userId', ''],
    ['a running operation refuses a manual run', 'state.operation !== null || ', ''],
    ['a running task refuses a manual run', " || !mayTransition('claim-manual', state.status)", ''],
    ['a manual run continues only a topic of its task', 'if (!request.isTopicFound) {', 'if (!request) {'],
  ],
);

const FUSE: Mutant = {
  name: 'decision: the fuse blows at the third failure',
  file: `${DOMAIN}/limits.ts`,
  find: 'fuseFailures: 3,',
  replace: 'fuseFailures: 4,',
  checks: [unit(`${DOMAIN}/completionDecision.test.ts`)],
};

const TABLE = of(
  'transitions.ts',
  ['transitions', 'commandDecisions'],
  [
    [
      'a transition that is not in the table is refused',
      'if (mayTransition(name, from)) return;',
      'if (name) return;',
    ],
  ],
);

export const DECISIONS: Mutant[] = [
  ...TICK,
  ...COMPLETION,
  ...COMPLETION_PLAN,
  ...SUCCESS,
  ...ROLLBACK,
  ...PLAN_REST,
  ...COMMANDS,
  ...COMMAND_PLAN,
  ...ANSWERS,
  ...LOOP_END,
  ...MANUAL_RUN,
  FUSE,
  ...TABLE,
];
