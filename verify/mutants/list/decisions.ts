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
      "blockedBy: blockerWhilePaused(state),\n    reason: 'interrupted'",
      "reason: 'interrupted'",
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
    ['a goal that is met completes the task', 'if (completion.goalMet) return', 'if (!completion) return'],
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
  ['completionDecision', 'manualRun'],
  [
    [
      'a rollback returns to the status before the claim',
      "if (claimedFrom !== 'scheduled') return { ...plan, status: claimedFrom, blockedBy };",
      '',
    ],
    [
      'a rollback while a brief is open blocks',
      "if (state.humanWaiting) return { ...plan, status: 'scheduled', blockedBy: 'urgent-brief' };",
      '',
    ],
    [
      'a rollback after the automation was removed pauses',
      "if (state.automationMode === null && modeOf(trigger) !== null) return { ...plan, status: 'paused' };",
      '',
    ],
  ],
);

const PLAN_REST = of(
  'planRest.ts',
  ['completionDecision', 'manualRun', 'commandDecisions'],
  [
    [
      'used-up topics complete the task',
      'state.totalTopics >= state.maxTopics',
      'state.totalTopics > state.maxTopics + 9',
    ],
    [
      'the end date completes the task',
      "next.dueAt.getTime() > Date.parse(endAt) ? 'end-date' : null",
      "next.dueAt.getTime() > Date.parse(endAt) + 1e15 ? 'end-date' : null",
    ],
    ['a rule without a time fails the task', "status: 'failed', arm: null", "status: 'paused', arm: null"],
    [
      'an open brief blocks a scheduled task',
      "if (humanWaiting) return { status: 'scheduled', arm: null, blockedBy: 'urgent-brief' };",
      '',
    ],
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
      "if (act === 'start' && !state.dependenciesMet) throw dependenciesUnmet(state);",
      '',
    ],
    [
      'a resumed task waits for its dependencies',
      "if (!state.dependenciesMet && state.status !== 'scheduled') {",
      'if (!act) {',
    ],
    [
      'a scheduled task is resumed without waiting',
      "if (!state.dependenciesMet && state.status !== 'scheduled') {",
      'if (!state.dependenciesMet) {',
    ],
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
    [
      'another open brief still blocks',
      "state.scheduler.blockedBy !== 'urgent-brief' || state.humanWaiting)",
      "state.scheduler.blockedBy !== 'urgent-brief')",
    ],
    [
      'a brief that blocks nothing leaves the arm',
      "state.status !== 'scheduled' || state.scheduler.blockedBy !== 'urgent-brief' || state",
      "state.status !== 'scheduled' || state",
    ],
    ['resolving a brief does not change a running or ended task', 'if (!isAtRest) return null;', ''],
    [
      'only an approval brief completes',
      "brief.purpose === 'approval' && state.status === 'paused'",
      "state.status === 'paused'",
    ],
    [
      'an unlock waits for all dependencies',
      ' || !state.dependenciesMet) return null;\n  const next: NextDue',
      ') return null;\n  const next: NextDue',
    ],
    [
      'an unlock starts only what waits in the backlog',
      "state.status !== 'backlog' || !state.dependenciesMet",
      '!state.dependenciesMet',
    ],
    ['a repair respects the fuse', 'if (isFuseBlown(plan.consecutiveFailures)) {', 'if (!plan) {'],
    [
      'only a scheduled task is repaired',
      "if (state.status !== 'scheduled') return null;\n  return repaired",
      'return repaired',
    ],
    [
      'a pause leaves the fuse blown',
      "blockedBy: blockerWhilePaused(state),\n    reason: 'paused'",
      "reason: 'paused'",
    ],
  ],
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
  ...MANUAL_RUN,
  FUSE,
  ...TABLE,
];
