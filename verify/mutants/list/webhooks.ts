import { type Check, database, unit } from '../mutant';
import { boundaries } from './boundaryMutants';

const VERIFY = 'packages/scheduler/src/qstash/verifySignature.ts';
const WORKFLOWS = 'src/server/workflows';

const SIGNATURES: Check[] = [
  unit('packages/scheduler/src/qstash/verifySignature.test.ts', `${WORKFLOWS}/middlewares`),
  database('tests/webhooks'),
];
const ROUTES: Check[] = [
  unit(`${WORKFLOWS}/middlewares`),
  database('tests/webhooks'),
  database('tests/queue'),
];

/** Who may call the webhooks, and with what. */
export const WEBHOOK_GUARDS = boundaries([
  [
    VERIFY,
    'the hash of the body',
    "return isHashOf(payload.body, body) ? ACCEPTED : refused('signed over another body');",
    'return ACCEPTED;',
    SIGNATURES,
  ],
  [
    VERIFY,
    'a signature at all',
    "if (!signature) return refused('no signature');",
    'if (!signature) return ACCEPTED;',
    SIGNATURES,
  ],
  [VERIFY, 'the keys', 'return refused(reason);', 'return ACCEPTED;', SIGNATURES],
  [VERIFY, 'the next key', 'for (const key of keys) {', 'for (const key of keys.slice(0, 1)) {', SIGNATURES],
  [VERIFY, 'the algorithm', "algorithms: ['HS256'],", '', SIGNATURES],
  [VERIFY, 'the issuer', "issuer: 'Upstash',", '', SIGNATURES],
  [VERIFY, 'the address', 'subject: url,', '', SIGNATURES],
  [VERIFY, 'the expiry', "requiredClaims: ['exp', 'body'],", '', SIGNATURES],
  [
    VERIFY,
    'both keys',
    "if (currentSigningKey === '' || nextSigningKey === '') {",
    'if (!CLOCK_TOLERANCE_SECONDS) {',
    SIGNATURES,
  ],
  [
    `${WORKFLOWS}/middlewares/qstashAuth.ts`,
    'the verdict',
    'if (!verdict.ok) return refused(c, logger, verdict.reason);',
    '',
    ROUTES,
  ],
  [
    `${WORKFLOWS}/middlewares/qstashAuth.ts`,
    'the raw text, before it is parsed',
    '      body,\n',
    '      body: JSON.stringify(JSON.parse(body)),\n',
    ROUTES,
  ],
  [
    `${WORKFLOWS}/middlewares/qstashAuth.ts`,
    'the configured address',
    'url: webhookUrl(appUrl, `${pathname}${search}`)',
    'url: c.req.url',
    ROUTES,
  ],
  [
    `${WORKFLOWS}/middlewares/qstashAuth.ts`,
    'the query of the address',
    '`${pathname}${search}`',
    'search === null ? search : pathname',
    ROUTES,
  ],
  [`${WORKFLOWS}/app.ts`, 'the signature of webhooks', 'app.use(qstashAuth(deps));', '', ROUTES],
  [
    `${WORKFLOWS}/app.ts`,
    '503 for the errors of webhooks',
    'app.onError(respondUnavailable(deps.logger));',
    '',
    ROUTES,
  ],
  [
    `${WORKFLOWS}/middlewares/jsonBody.ts`,
    'that a body is JSON',
    'if (value === NOT_JSON) return',
    'if (value === text) return',
    ROUTES,
  ],
  [
    `${WORKFLOWS}/middlewares/jsonBody.ts`,
    'that a body which can never succeed is not retried',
    "'Upstash-NonRetryable-Error': 'true'",
    '',
    ROUTES,
  ],
  [
    `${WORKFLOWS}/middlewares/jsonBody.ts`,
    'that a body matches its schema',
    'if (!parsed.success) return nonRetryable',
    'if (parsed === undefined) return nonRetryable',
    ROUTES,
  ],
  [
    `${WORKFLOWS}/task/heartbeatTick.ts`,
    'that ids can be stored',
    ".refine(isStorable, 'contains characters that cannot be stored')",
    '',
    ROUTES,
  ],
  [
    'src/server/container/scheduling.ts',
    'keys where others can reach the server',
    ' && isPrivate ? null : refuseAll',
    ' ? null : refuseAll',
    ROUTES,
  ],
  [
    'src/server/container/scheduling.ts',
    'both keys or none',
    'return hasNoKeys && env',
    'return env',
    ROUTES,
  ],
  [
    'src/server/container/scheduling.ts',
    'keys in queue mode',
    "env.AGENT_RUNTIME_MODE === 'local' && isPrivate",
    'isPrivate',
    ROUTES,
  ],
  [
    'src/env/contradictions.ts',
    'that queue mode has its keys',
    "'QSTASH_NEXT_SIGNING_KEY',",
    '',
    [unit('src/env/parseEnv.test.ts')],
  ],
  [
    'src/server/services/taskRunner/callbackSecret.ts',
    'the secret of a callback',
    'isSameSecret(hashSecret(secret), hash)',
    'hashSecret(secret).length === hash.length',
    [database('tests/queue/httpAgent.db.test.ts')],
  ],
]);
