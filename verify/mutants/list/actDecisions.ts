import type { Mutant } from '../mutant';
import { of } from './decisionMutants';

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
    ['a start counts the runs anew', ', automationRuns: 0, review: undefined }', ', review: undefined }'],
    [
      'a resume goes on counting the runs',
      'return scheduled(state, pendingArm(state, now) ?? byRule, reason, reason);',
      'return { ...scheduled(state, pendingArm(state, now) ?? byRule, reason, reason), automationRuns: 0 };',
    ],
    ['an edit leaves a run with an answer due now', 'if (keepsArm && current !== null) {', 'if (!changed) {'],
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
      "if (state.status !== 'scheduled') return null;\n  const next",
      'const next',
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
      " && (brief.purpose !== null || brief.type === 'error'))",
      ')',
    ],
    [
      'a one-off is tried again in the topic whose run failed',
      " && brief.purpose === 'failure'\n      ? answered(",
      ' && brief.purpose === null\n      ? answered(',
    ],
    [
      'an answer runs the task at its regular time if the person says so',
      "(when === 'now' && !isPastEnd(state, soon))",
      '!isPastEnd(state, soon)',
    ],
    [
      'an answer after the end date ends the task',
      "(when === 'now' && !isPastEnd(state, soon))",
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

/** What a person's act does to a task. */
export const ACT_DECISIONS: readonly Mutant[] = [...COMMANDS, ...COMMAND_PLAN, ...ANSWERS, ...TABLE];
