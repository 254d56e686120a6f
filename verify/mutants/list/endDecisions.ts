import { type Mutant, unit } from '../mutant';
import { of } from './decisionMutants';

const DOMAIN = 'packages/domain/src';

const COMPLETION = of(
  'completionDecision.ts',
  ['completionDecision', 'manualRun'],
  [
    ['an interruption leaves the fuse blown', '...stoppedStill(state),', ''],
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

const PACED = of(
  'pacedDue.ts',
  ['completionDecision', 'manualRun'],
  [
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
      'nextRunInSeconds === null || pacing === undefined) return byRule;',
      'nextRunInSeconds === null) return byRule;\n  if (pacing === undefined) return { dueAt: new Date(now.getTime() + nextRunInSeconds * 1_000) };',
    ],
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
    [
      'a rollback leaves a run with an answer due now',
      "if (trigger === 'brief' || trigger === 'review' || trigger === 'rework') {",
      'if (!plan) {',
    ],
    [
      'a rollback after the automation was removed pauses',
      "if (state.automationMode === null && modeOf(trigger) !== null) return { ...plan, status: 'paused' };",
      '',
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

const FUSE: Mutant = {
  name: 'decision: the fuse blows at the third failure',
  file: `${DOMAIN}/limits.ts`,
  find: 'fuseFailures: 3,',
  replace: 'fuseFailures: 4,',
  checks: [unit(`${DOMAIN}/completionDecision.test.ts`)],
};

/** What follows when a run ends, or is taken back. */
export const END_DECISIONS: readonly Mutant[] = [
  ...COMPLETION,
  ...COMPLETION_PLAN,
  ...PACED,
  ...SUCCESS,
  ...ROLLBACK,
  ...LOOP_END,
  FUSE,
];
