import { database, type Mutant, seeds, unit } from '../mutant';

const PLAN = 'packages/domain/src/notifications/deliveryPlan.ts';
const SWEEPS = 'packages/database/src/deliveries/sweeps.ts';
const TRIGGER = 'drizzle/0037_unanswered_questions.sql';
const COMMIT_QUEUE = 'src/server/services/taskLifecycle/commitQueue.ts';
const SERVICE = 'src/server/services/deliveries/DeliveryService.ts';

/**
 * The guards of deliveries (PROTOCOL §11) whose loss the simulator must notice: file, name, text to find,
 * replacement.
 */
const GUARDS: [string, string, string, string][] = [
  [
    'packages/database/src/deliveries/takeMessage.ts',
    'a message is committed under its id before it is sent',
    "status: 'sending', message_id: messageId, attempt }",
    "status: 'sending', attempt }",
  ],
  [
    'packages/domain/src/notifications/deliveryRetry.ts',
    'a message without an answer is not sent again',
    "if (failed.mayHaveArrived && !message.isIdempotent) return { act: 'unknown' };",
    '',
  ],
  [
    SWEEPS,
    'a message whose process is gone is not sent again',
    "set status = case when c.kind is null or c.kind <> all($2::text[]) then 'unknown'",
    "set status = case when c.kind is null or c.kind <> all($2::text[]) then 'pending'",
  ],
  [
    SWEEPS,
    'a message that is being sent is left alone',
    '(s.attempted_at < $1::timestamptz - ${LOST_AFTER}',
    '(s.attempted_at <= $1::timestamptz',
  ],
  [SERVICE, 'what a lost process was sending is found', 'await this.attempt(() => this.recover());', ''],
  [
    SERVICE,
    'what no message of the queue sends is sent',
    'else await this.attempt(() => this.deliver());',
    '',
  ],
  [
    TRIGGER,
    'only what a rule sends gets a row',
    "coalesce(r.rules ->> news, c.rules ->> news, 'never') <> 'never'",
    'true',
  ],
  [
    PLAN,
    'the digest is sent when its time has come',
    'nextTimeOfDay(timezone, DIGEST_TIME, delivery.createdAt)',
    'nextTimeOfDay(timezone, DIGEST_TIME, now)',
  ],
  [
    PLAN,
    'a channel is sent so many messages an hour',
    'channel.lastHour.length < LIMITS.messagesPerHourMax) return plan;',
    'channel.lastHour.length >= 0) return plan;',
  ],
];

const TESTS = [database('tests/deliveries/deliveries.db.test.ts')];

/** Those that few seeds reach. */
const RARE: [string, string, string, string][] = [
  [
    'packages/database/src/deliveries/takeMessage.ts',
    'what still waits for a deleted channel is skipped',
    'if (channel === null) return (await skipOfDeleted(client, channelId)) ? null : ',
    'if (channel === null) return ',
  ],
  [
    'packages/database/src/deliveries/settleMessage.ts',
    'no message waits for the row of another one',
    ' for update skip locked) o',
    ') o',
  ],
  [
    TRIGGER,
    'no settlement waits for a channel',
    "and case when news = 'recovered' then n.is_told else not n.is_pending end;",
    "and case when news = 'recovered' then n.is_told else not n.is_pending end for share of c;",
  ],
  [TRIGGER, 'numbers follow the highest that there is', 'coalesce(max(d.number), 0) + 1', 'count(*) + 1'],
];

export const DELIVERY_GUARDS: readonly Mutant[] = [
  ...GUARDS.map(([file, name, find, replace]) => ({
    name: `deliveries: ${name}`,
    file,
    find,
    replace,
    checks: [seeds(20)],
  })),
  {
    name: 'deliveries: an outage does not use up every message',
    file: PLAN,
    find: 'return until > now ? until : null;',
    replace: 'return null;',
    checks: [unit('packages/domain/src/notifications/deliveryPlan.test.ts')],
  },
  {
    name: 'deliveries: a message that a gateway may have passed on is not sent again',
    file: 'packages/channels/src/http/answerError.ts',
    find: 'status >= 500 && !NOT_TAKEN',
    replace: 'status >= 600 && !NOT_TAKEN',
    checks: [unit('packages/channels/src/kinds/telegram')],
  },
  {
    name: 'deliveries: no digest waits for a clock that was years ahead',
    file: PLAN,
    find: ' && isPossible(until, now)',
    replace: '',
    checks: [unit('packages/domain/src/notifications/deliveryPlan.test.ts')],
  },
  {
    name: 'deliveries: a message is one attempt for all that it tells',
    file: 'packages/database/src/deliveries/takeMessage.ts',
    find: "'sending' then w.attempt else",
    replace: "'sending' then d.attempts + 1 else",
    checks: [database('tests/deliveries/deliveries.db.test.ts')],
  },
  {
    name: 'deliveries: what a person has asked for stays asked for in a flood',
    file: PLAN,
    find: "reason === 'asked' ? 'asked' : 'flood'",
    replace: "'flood'",
    checks: [unit('packages/domain/src/notifications/deliveryPlan.test.ts')],
  },
  ...RARE.map(([file, name, find, replace]) => ({
    name: `deliveries: ${name}`,
    file,
    find,
    replace,
    checks: TESTS,
  })),
  {
    name: 'deliveries: what is over is told at once',
    file: COMMIT_QUEUE,
    find: 'outcome.hasRecovered || group.some',
    replace: 'group.some',
    checks: [database('tests/deliveries/deliveries.db.test.ts')],
  },
  {
    name: 'deliveries: a beat without news looks for none',
    file: COMMIT_QUEUE,
    find: 'outcome.hasRecovered || group.some',
    replace: 'group.length > 0 || group.some',
    checks: [database('verify/bench/bench.db.test.ts')],
  },
];
