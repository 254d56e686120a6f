import type { Mutant } from '../mutant';
import { of } from './decisionMutants';

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
    ['an arm names the end date', 'endAt !== undefined && { endAt: new Date(endAt) }', 'false'],
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

/** Whether a run may start, and where its task rests until the next one. */
export const START_DECISIONS: readonly Mutant[] = [...TICK, ...MANUAL_RUN, ...PLAN_REST];
