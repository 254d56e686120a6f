import { database, type Mutant, unit } from '../mutant';

const DOMAIN = [
  unit(
    'packages/domain/src/completionDecision.property.test.ts',
    'packages/domain/src/reviews.test.ts',
    'packages/domain/test/explorer/explorer.test.ts',
  ),
];
const LOOP = [database('tests/review')];
const ANSWERS = [unit('packages/agents/src/shared/finding.test.ts')];

/**
 * The guards of work that is checked before it counts (PROTOCOL §4.4): file, name, text to find, replacement,
 * checks.
 */
const GUARDS: [string, string, string, string, Mutant['checks']][] = [
  [
    'packages/domain/src/settleSuccess.ts',
    'work that is checked does not count before',
    'isHandedIn ? handIn(state, completion, now) : acceptWork(state, completion, now)',
    'acceptWork(state, completion, now)',
    [...DOMAIN, ...LOOP],
  ],
  [
    'packages/domain/src/settleSuccess.ts',
    'a run that asks the person is not checked',
    'isReviewed(state) && !isWaiting(state, completion)',
    'isReviewed(state)',
    [...DOMAIN, ...LOOP],
  ],
  [
    'packages/domain/src/settleReview.ts',
    'what a reviewer does wrong is not a strike',
    "failureClass === 'agent' ? 'transient' : failureClass",
    'failureClass',
    DOMAIN,
  ],
  [
    'packages/domain/src/settleReview.ts',
    'a reviewer without a verdict has broken',
    "if (completion.status === 'done' && completion.verdict === undefined) return 'transient';",
    '',
    DOMAIN,
  ],
  [
    'packages/domain/src/settleFailure.ts',
    'a reviewer that breaks loses no work',
    'review: goesOn(state) ? state.scheduler.review : undefined,',
    '',
    DOMAIN,
  ],
  [
    'packages/domain/src/settleReview.ts',
    'the person is asked after so many tries',
    'review.iteration < reviewIterationsMax(state.config)',
    'review.iteration <= reviewIterationsMax(state.config)',
    [...DOMAIN, ...LOOP],
  ],
  [
    'packages/domain/src/settleReview.ts',
    'work that did not pass blocks the next run until the person has answered',
    '...WAITS, asksAboutReview: true',
    '...WAITS, asksAboutReview: false',
    DOMAIN,
  ],
  [
    'packages/domain/src/planRest.ts',
    'work that was done before the end date is checked after it',
    "trigger !== 'review' &&",
    '',
    DOMAIN,
  ],
  [
    'packages/domain/src/commandDecisions.ts',
    'a task that is resumed goes on with the check',
    'scheduled(state, pendingArm(state, now) ?? byRule, reason, reason)',
    'scheduled(state, byRule, reason, reason)',
    [...DOMAIN, ...LOOP],
  ],
  [
    'packages/domain/src/reviewAnswer.ts',
    'another try is counted from the beginning',
    "phase: 'rework', iteration: 0",
    "phase: 'rework'",
    [...DOMAIN, ...LOOP],
  ],
  [
    'packages/agents/src/shared/finding.ts',
    'a verdict that did not pass needs a reason',
    "if (verdict !== 'passed' && reasons.length === 0) {",
    'if (false) {',
    ANSWERS,
  ],
  [
    'packages/agents/src/shared/finding.ts',
    'a text that quotes a verdict is none',
    'JSON.parse(insideBlock(text.trim()))',
    'JSON.parse(/\\{.*\\}/s.exec(insideBlock(text.trim()))?.[0] ?? text)',
    ANSWERS,
  ],
  [
    'packages/database/src/sql/arm.ts',
    'a check is made by its reviewer',
    "coalesce(${asToken(\"(t.config -> 'review' ->> 'agentId')\")}, t.agent_id)",
    't.agent_id',
    LOOP,
  ],
  [
    'packages/database/src/commit/operation.ts',
    'a check leaves the topic as the work left it',
    "case when ${IS_REVIEW} then 'done' else w.operation ->> 'status' end",
    "w.operation ->> 'status'",
    LOOP,
  ],
  [
    'packages/database/src/prompt/promptContext.ts',
    "a reviewer's conversation is no part of the work's",
    "v.trigger = 'review'",
    'false',
    LOOP,
  ],
  [
    'src/server/services/taskLifecycle/settledReview.ts',
    'of the report of a reviewer only the verdict counts',
    'const ended = { ...completion, report: null, told: undefined };',
    'const ended = completion;',
    LOOP,
  ],
];

export const REVIEW_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `review: ${name}`,
  file,
  find,
  replace,
  checks,
}));
