import { database, type Mutant } from '../mutant';

const DATABASE = 'packages/database/src';
const ANSWERS = 'src/server/services/taskLifecycle';
const ASKED = 'drizzle/0044_asked_questions.sql';
const EXPIRY = [database('tests/loop/expiry.db.test.ts')];
const ESCALATION = [database('tests/deliveries/escalation.db.test.ts')];
const LINKS = [database('tests/deliveries/answers.db.test.ts')];

/**
 * What happens to questions that nobody answers (PROTOCOL §4, §11): file, name, text to find, replacement,
 * checks.
 */
const GUARDS: [string, string, string, string, Mutant['checks']][] = [
  [
    `${ANSWERS}/expiredBrief.ts`,
    'nothing is chosen before its time',
    'if (brief.expiresAt === null || brief.expiresAt > now) return null;',
    '',
    EXPIRY,
  ],
  [
    `${ANSWERS}/expiredBrief.ts`,
    'an answer of the person is no default',
    'if (!isUnanswered) return [];',
    '',
    EXPIRY,
  ],
  [
    `${DATABASE}/sweeps/expiredBriefs.ts`,
    'questions of deleted tasks take no place from others',
    'b.expires_at <= $1::timestamptz and t.deleted_at is null',
    'b.expires_at <= $1::timestamptz',
    EXPIRY,
  ],
  [
    `${DATABASE}/sweeps/unansweredBriefs.ts`,
    'the times of a question are no further ahead than any question waits',
    'case when b.${column} > ${LATEST} then',
    'case when false then',
    EXPIRY,
  ],
  [
    `${DATABASE}/sweeps/unansweredBriefs.ts`,
    'a question that waits for as long as it may keeps its time',
    'LIMITS.expirySecondsMax + 3_600',
    'LIMITS.expirySecondsMin',
    EXPIRY,
  ],
  [
    `${DATABASE}/commit/briefs.ts`,
    'a question that is asked again keeps its time',
    'then least(briefs.expires_at, excluded.expires_at) else',
    'then excluded.expires_at else',
    EXPIRY,
  ],
  [
    `${DATABASE}/commit/briefs.ts`,
    'a question with another text has the whole time anew',
    "questionHash('briefs', 'excluded')",
    "questionHash('briefs')",
    EXPIRY,
  ],
  [
    `${DATABASE}/sql/question.ts`,
    'a link answers what its message asked alone',
    'else ${questionHash(brief)} <> ${link}.question_hash end',
    'else false end',
    LINKS,
  ],
  [
    `${ANSWERS}/resolveBrief.ts`,
    'an answer does not count for what is asked in the same moment',
    'if (asked !== brief.questionHash) return null;',
    '',
    LINKS,
  ],
  [
    `${ANSWERS}/resolveBrief.ts`,
    'an answer in words from a message has words',
    "if (isByLink && needsWords(chosen) && (comment ?? '').trim() === '')\n    throw",
    'if (false)\n    throw',
    LINKS,
  ],
  [
    ASKED,
    'a question with another text is told anew',
    'old.title, old.summary, old.actions)',
    'old.title, new.summary, new.actions)',
    LINKS,
  ],
  [
    ASKED,
    'a failure that is counted again keeps the answers of its message',
    "everbeat.news_kind(type, priority, purpose) = 'needs-me'",
    'true',
    LINKS,
  ],
  [
    `${DATABASE}/writes/inboxUndos.ts`,
    'an answer that is taken back leaves time for another',
    'greatest(b.${column}, ${ANSWERED_ANEW_UNTIL})',
    'b.${column}',
    EXPIRY,
  ],
  [
    `${DATABASE}/writes/inboxUndos.ts`,
    'what a link has answered no link answers again',
    'where l.brief_id = u.id and u.is_by_link and',
    'where l.brief_id = u.id and false and',
    LINKS,
  ],
  [
    'packages/domain/src/notifications/deliveryPlan.ts',
    'a question that was seen is asked again',
    "delivery.isSeen && delivery.kind !== 'unanswered'",
    'delivery.isSeen',
    ESCALATION,
  ],
  [
    `${DATABASE}/sweeps/unansweredBriefs.ts`,
    'a question is not asked again before its time',
    'q.escalate_at <= $1::timestamptz and',
    'q.escalate_at is not null and',
    ESCALATION,
  ],
  [
    `${DATABASE}/sweeps/unansweredBriefs.ts`,
    'a question whose time is over is not asked again',
    'and (q.expires_at is null or q.expires_at > $1::timestamptz)',
    '',
    ESCALATION,
  ],
  [
    `${DATABASE}/sweeps/unansweredBriefs.ts`,
    'a question that is snoozed is not asked again',
    " and ${isAwake('q', '$1::timestamptz')}",
    '',
    ESCALATION,
  ],
  [
    `${DATABASE}/commit/briefs.ts`,
    'a question is asked again once',
    'case when briefs.escalated_at is null then coalesce(briefs.escalate_at, excluded.escalate_at) end',
    'coalesce(briefs.escalate_at, excluded.escalate_at)',
    ESCALATION,
  ],
  [
    `${DATABASE}/commit/briefs.ts`,
    'another question is asked again as well, however often it is told',
    'case when ${ASKS_SAME} then briefs.escalated_at end',
    'briefs.escalated_at',
    ESCALATION,
  ],
  [
    `${DATABASE}/commit/briefs.ts`,
    'another question has waited since it was asked',
    'case when ${ASKS_SAME} then briefs.asked_at else excluded.updated_at end',
    'briefs.asked_at',
    ESCALATION,
  ],
];

export const EXPIRY_GUARDS: readonly Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `expiry: ${name}`,
  file,
  find,
  replace,
  checks,
}));
