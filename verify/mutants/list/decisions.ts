import { type Mutant, unit } from '../mutant';

const DOMAIN = 'packages/domain/src';
const EXPLORER = 'packages/domain/test/explorer/explorer.test.ts';

/** Mutants of one file of the domain: name, what is found, what replaces it. Its own tests see them first, then the walk. */
const of = (file: string, tests: string[], guards: [string, string, string][]): Mutant[] =>
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
    ["another user's tick is none", ' || state.userId !== claim.userId', ''],
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
    ['a recorded blocker is heeded', "if (scheduler.blockedBy !== null) return 'human-waiting';", ''],
    ['the token is compared', "!isCurrent || state.status !== 'scheduled'", "state.status !== 'scheduled'"],
    ['an open urgent brief is heeded', "if (state.humanWaiting) return 'human-waiting';", ''],
    ['a tick before its time is early', "isEarly(scheduler.dueAt, now) ? 'early' : null", 'null'],
    [
      'an arm without a time is early for ever',
      'dueAt === null || Date.parse',
      'dueAt !== null && Date.parse',
    ],
  ],
);

const COMPLETION = of(
  'completionDecision.ts',
  ['completionDecision', 'manualRun'],
  [
    ['only automation runs count for the fuse', '(counts ? 1 : 0)', '1'],
    ['a failure of the automation counts', '(counts ? 1 : 0)', '0'],
    [
      'a success empties the count',
      "consecutiveFailures: 0, failureBrief: 'recover' } as const;\n  if (completion.goalMet)",
      "failureBrief: 'recover' } as const;\n  if (completion.goalMet)",
    ],
    ['the fuse pauses the task', 'if (isFuseBlown(consecutiveFailures)) {', 'if (!consecutiveFailures) {'],
    ['a goal that is met ends the loop', 'if (completion.goalMet) return', 'if (!completion) return'],
    [
      'a brief that is open blocks the next arm',
      'state.humanWaiting || completion.bringsUrgentBrief',
      'completion.bringsUrgentBrief',
    ],
    [
      'a brief that the run brings blocks the next arm',
      'state.humanWaiting || completion.bringsUrgentBrief',
      'state.humanWaiting',
    ],
    [
      'a manual failure leaves the slot',
      'counts ? nextDue(state, now) : previousDueAt(state, now)',
      'nextDue(state, now)',
    ],
    [
      'an interruption leaves the fuse blown',
      "blockedBy: blockerWhilePaused(state),\n    reason: 'interrupted'",
      "reason: 'interrupted'",
    ],
    [
      "the agent's wish has a lower bound",
      'Math.max(nextRunInSeconds, pacing.minSeconds)',
      'nextRunInSeconds',
    ],
    ["the agent's wish has an upper bound", 'pacing.minSeconds), pacing.maxSeconds)', 'pacing.minSeconds))'],
    [
      "the agent's wish counts only where it is allowed",
      'nextRunInSeconds === null || pacing === undefined) return nextDue(state, now);',
      'nextRunInSeconds === null) return nextDue(state, now);\n  if (pacing === undefined) return { dueAt: new Date(now.getTime() + nextRunInSeconds * 1_000) };',
    ],
    [
      'a one-off run asks for approval',
      "status: 'paused', asksApproval: true",
      "status: 'completed', asksApproval: true",
    ],
    [
      'a roll-back returns to where the claim came from',
      "if (claimedFrom !== 'scheduled') return { ...plan, status: claimedFrom, blockedBy };",
      '',
    ],
    [
      'a roll-back into an open question blocks',
      "if (state.humanWaiting) return { ...plan, status: 'scheduled', blockedBy: 'urgent-brief' };",
      '',
    ],
    [
      'a roll-back minds that the automation was removed',
      "if (state.automationMode === null && modeOf(trigger) !== null) return { ...plan, status: 'paused' };",
      '',
    ],
  ],
);

const REST = of(
  'planRest.ts',
  ['completionDecision', 'manualRun', 'commandDecisions'],
  [
    [
      'topics that are used up end the loop',
      'state.totalTopics >= state.maxTopics',
      'state.totalTopics > state.maxTopics + 9',
    ],
    [
      'the end date ends the loop',
      "next.dueAt.getTime() > Date.parse(endAt) ? 'end-date' : null",
      "next.dueAt.getTime() > Date.parse(endAt) + 1e15 ? 'end-date' : null",
    ],
    ['a rule without a time fails the task', "status: 'failed', arm: null", "status: 'paused', arm: null"],
    [
      'a question blocks at rest',
      "if (humanWaiting) return { status: 'scheduled', arm: null, blockedBy: 'urgent-brief' };",
      '',
    ],
    [
      'a slot is kept only while the rule gives it',
      'if (!couldBeOfRule(state, previous, now)) return nextDue(state, now);',
      '',
    ],
    [
      'a slot that has passed is due now',
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
      'a task that rests is resumed to go on',
      "if (!state.dependenciesMet && state.status !== 'scheduled') {",
      'if (!state.dependenciesMet) {',
    ],
    ['a start empties the count', 'failures = NO_FAILURES,', 'failures = pastFailures(state),'],
    ['the last error stays until something ends it', '  error,\n});', '  error: null,\n});'],
    [
      'a start with an open question blocks',
      "return state.humanWaiting ? { ...plan, blockedBy: 'urgent-brief' } : { ...plan, arm };",
      'return { ...plan, arm };',
    ],
    [
      'a changed rule re-arms',
      'isSameRule(before, edited) && sameEnd)) return null',
      'isSameRule(before, before))) return null',
    ],
    [
      'an edit that changes no rule leaves the arm',
      ' || (isSameRule(before, edited) && sameEnd)) return null',
      ') return null',
    ],
    [
      'another open brief goes on blocking',
      "state.scheduler.blockedBy !== 'urgent-brief' || state.humanWaiting)",
      "state.scheduler.blockedBy !== 'urgent-brief')",
    ],
    [
      'a brief that blocks nothing leaves the arm',
      "state.status !== 'scheduled' || state.scheduler.blockedBy !== 'urgent-brief' || state",
      "state.status !== 'scheduled' || state",
    ],
    ['a brief answered late moves no task that runs or has ended', 'if (!isAtRest) return null;', ''],
    [
      'only the approval completes',
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
    ['a repair heeds the fuse', 'if (isFuseBlown(plan.consecutiveFailures)) {', 'if (!plan) {'],
    [
      'a repair is for what rests',
      "if (state.status !== 'scheduled') return null;\n  const plan",
      'const plan',
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

const THREE: Mutant = {
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
      'the table refuses what it does not list',
      'if (mayTransition(name, from)) return;',
      'if (name) return;',
    ],
  ],
);

export const DECISIONS: Mutant[] = [
  ...TICK,
  ...COMPLETION,
  ...REST,
  ...COMMANDS,
  ...MANUAL_RUN,
  THREE,
  ...TABLE,
];
