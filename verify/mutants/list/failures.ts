import { database, type Mutant } from '../mutant';
import { of } from './decisionMutants';

const SETTLE_FAILURE = of(
  'settleFailure.ts',
  ['settleFailure', 'completionDecision', 'manualRun', 'completionDecision.property'],
  [
    ['only automation runs count for the fuse', 'if (!isAutomationTrigger(triggerOf(state)))', 'if (false)'],
    [
      'a failure of the agent counts',
      'state.scheduler.consecutiveFailures + 1;',
      'state.scheduler.consecutiveFailures;',
    ],
    ['the fuse pauses the task', 'if (isFuseBlown(consecutiveFailures))', 'if (!consecutiveFailures)'],
    [
      'a failed manual run leaves the due time unchanged',
      'previousDueAt(state, now));',
      'dueAfterRun(state, now));',
    ],
    [
      'a failed manual run leaves a blown fuse blown',
      "if (isFuseBlown(state.scheduler.consecutiveFailures))\n    return { status: 'paused', blockedBy: 'fuse' }",
      "if (!state)\n    return { status: 'paused', blockedBy: 'fuse' }",
    ],
    ['an outage is no strike', 'return settleAway(run, run.failureClass);', 'return settleStrike(run, {});'],
    ['a lost run is no strike', 'return settleLost(run);', 'return settleStrike(run, {});'],
    [
      'a failure that needs a person is no strike',
      'return settleNeedsPerson(run);',
      'return settleStrike(run, {});',
    ],
    [
      'a run beside the automation begins no streak',
      'const { state, completion, now } = run;\n  if (isBesideAutomation(state))',
      'const { state, completion, now } = run;\n  if (!state)',
    ],
    ['the fifth lost run counts', 'if (lostRuns >= LIMITS.lostRunsMax)', 'if (!lostRuns)'],
    [
      'a server that was stopped is not the fault of the task',
      "if (!mayBlameTask(completion.errorCode)) return { ...planFor(run), reason: 'lost', ...tryAgain(run, 0) };",
      '',
    ],
    ['a one-off is given up after a day', 'if (isGivenUp) return { ...plan, ...GIVEN_UP };', ''],
    [
      'a cron time that comes first is not delayed',
      'if (isUnreadable || isFirst) return planNext',
      'if (isUnreadable) return planNext',
    ],
    [
      'a rule that gives no time is not tried again',
      'if (isUnreadable || isFirst) return planNext',
      'if (isFirst) return planNext',
    ],
    ['a further attempt uses up no topic', '{ ...state, maxTopics: null }', 'state'],
    ['a further attempt is counted', 'Math.min(attempt + 1, LIMITS.attemptMax)', 'Math.min(attempt, 2)'],
    [
      'a further attempt is the same occurrence',
      'const { occurrence, attempt, continuesTopic, topicId } = state.operation;',
      'const { id: occurrence, attempt, continuesTopic, topicId } = state.operation;',
    ],
    [
      'a further attempt goes on in the topic that its run continued',
      'const continueTopicId = continuesTopic ? topicId : undefined;',
      'const continueTopicId = continuesTopic ? undefined : undefined;',
    ],
    [
      'a further attempt at a run that opened a topic opens its own',
      'const continueTopicId = continuesTopic ? topicId : undefined;',
      'const continueTopicId = continuesTopic || !continuesTopic ? topicId : undefined;',
    ],
    [
      'a further attempt keeps its trigger',
      'isAutomationTrigger(started) ? state.automationMode : started;',
      "isAutomationTrigger(started) ? state.automationMode : 'dependency';",
    ],
    [
      'a task whose fuse has blown is not tried again',
      "if (isFuseBlown(state.scheduler.consecutiveFailures))\n    return { status: 'paused', blockedBy: blockerWhilePaused(state) }",
      "if (!started)\n    return { status: 'paused', blockedBy: blockerWhilePaused(state) }",
    ],
    [
      'a refused manual run starts no loop',
      "if (isBesideAutomation(state) && state.operation?.claimedFrom === 'scheduled') {",
      'if (isBesideAutomation(state)) {',
    ],
  ],
);

const STREAK = of(
  'failureStreak.ts',
  ['settleFailure', 'completionDecision.property'],
  [
    ['an outage is told after three failures', 'streak.count >= LIMITS.outageFailures && ', ''],
    ['an outage is told after ten minutes', ' && lastedMs >= LIMITS.outageSeconds * 1_000;', ';'],
    ['an outage is urgent after a day', 'lastedMs >= LIMITS.outageUrgentSeconds * 1_000;', 'false;'],
    ['an outage does not begin in the future', 'Math.min(beganMs, now.getTime())', 'beganMs'],
    ['a start counts an outage anew', 'before.count === 0 ? now.getTime() : ', ''],
    ['a streak stays with its host while the network is away', ' && failure.farSide !== NETWORK;', ';'],
    [
      'an answer closes the brief of the outage',
      "outage: streak?.told === true ? { act: 'close', farSide: streak.farSide } : null,\n});",
      'outage: null,\n});',
    ],
    [
      'another host that fails closes the brief of the first',
      "outage: isOver ? { act: 'close', farSide: before.farSide } : null",
      'outage: null',
    ],
  ],
);

const WAIT = of(
  'retryWait.ts',
  ['retryWait'],
  [
    ['the waits grow', '* 2 ** (count - 1)', ''],
    ['the waits are bounded', '2 ** (count - 1), longestSeconds)', '2 ** (count - 1), 1e9)'],
    ['the waits differ', 'const draw = JITTER * fractionOf(id);', 'const draw = 0;'],
    [
      'a wait is not shorter than the far side asks for',
      'growing * (1 + draw), asked)',
      'growing * (1 + draw), 0)',
    ],
    [
      'what the far side asks for is bounded',
      'firstSeconds * draw, retryAfterSecondsMax)',
      'firstSeconds * draw, 1e15)',
    ],
    [
      'a short interval shortens the first wait',
      'hasInterval ? intervalSeconds',
      'hasInterval ? retryFirstSeconds',
    ],
  ],
);

const CLASSES = of(
  'failureClass.ts',
  ['failureClass', 'settleFailure'],
  [
    ['an agent may say why it failed', 'return failureClass ?? classOfCode', 'return classOfCode'],
    ['what is unknown is the agent’s', "?? 'agent';", "?? 'transient';"],
    [
      'a page that keeps readers out needs no person',
      "return prefix === 'watch' &&",
      "return prefix === 'none' &&",
    ],
  ],
);

const OUTAGE_CHECKS = [database('tests/loop/settlement/outage.db.test.ts')];
const CLAIM_CHECKS = [
  database('tests/loop/settlement/outage.db.test.ts', 'tests/loop/settlement/attempts.db.test.ts'),
];
const DATABASE_SRC = 'packages/database/src';
const inDatabase =
  (file: string, checks: Mutant['checks']) =>
  ([name, find, replace]: [string, string, string]): Mutant => ({
    name: `outage: ${name}`,
    file: `${DATABASE_SRC}/${file}`,
    find,
    replace,
    checks,
  });

const OUTAGES: Mutant[] = [
  ...(
    [
      ['what a person put aside is not told again', "b.resolved_action <> 'recovered' and", 'false and'],
      ['nobody waits for another who tells of it', "hashtext('everbeat outage')", "hashtext('no one')"],
      [
        'nobody waits for another who changes the brief',
        'offset 0 for update skip locked)`',
        'offset 0 for update)`',
      ],
      [
        'a long outage becomes urgent',
        "w.outage -> 'brief' ->> 'priority' = 'urgent'\n    ) f",
        'false\n    ) f',
      ],
      [
        'only an answer closes the brief',
        "where w.outage ->> 'act' = 'close'",
        "where w.outage ->> 'act' is not null",
      ],
    ] satisfies [string, string, string][]
  ).map(inDatabase('commit/outages.ts', OUTAGE_CHECKS)),
  {
    name: 'outage: an outage that has a brief gets no other',
    file: `${DATABASE_SRC}/commit/outages.ts`,
    find: 'and (b.resolved_at is null\n            or (',
    replace: 'and (false\n            or (',
    checks: OUTAGE_CHECKS,
    heldBy: 'briefs_one_open_per_far_side, with `on conflict do nothing`; this look saves the attempt',
  },
  ...(
    [
      [
        'a further attempt carries its occurrence',
        'coalesce(${RETRIED}, c.tick_token::uuid) end',
        'c.tick_token::uuid end',
      ],
      [
        'a further attempt carries its number',
        'case when c.tick_token is not null and jsonb_typeof',
        'case when c.tick_token is null and jsonb_typeof',
      ],
      [
        'a claim says that it continues a topic',
        'c.continued_topic_id is not null as "continuesTopic"',
        'false as "continuesTopic"',
      ],
      [
        'an operation records that it continues a topic',
        '      continued_topic_id is not null, extra_prompt',
        '      false, extra_prompt',
      ],
    ] satisfies [string, string, string][]
  ).map(inDatabase('claim/claim.ts', CLAIM_CHECKS)),
];

const NO_LOOP = of(
  'planRest.ts',
  ['settleFailure'],
  [['without automation no loop ends', 'if (state.automationMode === null) return null;', '']],
);

/** Guards of what follows a failed run. */
export const FAILURE_GUARDS: Mutant[] = [
  ...SETTLE_FAILURE,
  ...NO_LOOP,
  ...STREAK,
  ...WAIT,
  ...CLASSES,
  ...OUTAGES,
];
