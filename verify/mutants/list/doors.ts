import { type Check, database, type Mutant, unit } from '../mutant';

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
const ACCESS: Check[] = [unit('src/server/http/access.test.ts')];
const AGENTS: Check[] = [unit('packages/agents/src/shared'), unit('packages/agents')];

/** What is looked at before anything is let in or out: file, name, what is found, what replaces it, what notices. */
const GUARDS: [string, string, string, string, Check[]][] = [
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
    'if (!clockToleranceSeconds) {',
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
  [`${WORKFLOWS}/app.ts`, 'the signature of ticks', "app.use('/task/*', signed);", '', ROUTES],
  [`${WORKFLOWS}/app.ts`, 'the signature of executions', "app.use('/agent/execute', signed);", '', ROUTES],
  [
    `${WORKFLOWS}/app.ts`,
    'the size of a body',
    'app.use(bodyLimit(LIMITS.webhookBodyBytesMax));',
    '',
    ROUTES,
  ],
  [
    `${WORKFLOWS}/middlewares/bodyLimit.ts`,
    'the declared size of a body',
    'return Number(declared) > bodyBytesMax ? refuse(c) : next();',
    'return next();',
    ROUTES,
  ],
  [
    'scripts/lib/webhooks.ts',
    'the way past the door of the application',
    'if (QSTASH_CURRENT_SIGNING_KEY === undefined) return handle;',
    '',
    [database('tests/queue/pastNext.db.test.ts')],
  ],
  [`${WORKFLOWS}/app.ts`, 'faults that pass', 'app.onError(answerFault(deps.logger));', '', ROUTES],
  [
    `${WORKFLOWS}/middlewares/jsonBody.ts`,
    'that a body is JSON',
    'if (value === NOT_JSON) return',
    'if (value === text) return',
    ROUTES,
  ],
  [
    `${WORKFLOWS}/middlewares/jsonBody.ts`,
    'that a hopeless body is given up',
    "'Upstash-NonRetryable-Error': 'true'",
    '',
    ROUTES,
  ],
  [
    `${WORKFLOWS}/middlewares/jsonBody.ts`,
    'that a body fits',
    'if (!parsed.success) return hopeless',
    'if (parsed === undefined) return hopeless',
    ROUTES,
  ],
  [
    `${WORKFLOWS}/task/heartbeatTick.ts`,
    'that ids can be stored',
    ".refine(isStorable, 'is no text that names anything')",
    '',
    ROUTES,
  ],
  [
    'src/server/container/scheduling.ts',
    'keys where others can reach it',
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
    'given.length === stored.length && timingSafeEqual(given, stored)',
    'given.length === stored.length',
    [database('tests/queue/httpAgent.db.test.ts')],
  ],
  [
    'src/server/http/access.ts',
    'the name of the host',
    '!isLoopbackName(host) && host.hostname !== publicHost',
    '!host',
    ACCESS,
  ],
  [
    'src/server/http/access.ts',
    'that there is a host',
    'hosts.length === 0 || hosts.some',
    'hosts.some',
    ACCESS,
  ],
  [
    'src/server/http/access.ts',
    'the origin of what changes something',
    '!isSafe(request.method) && isForeign',
    '!request.method && isForeign',
    ACCESS,
  ],
  [
    'src/server/http/access.ts',
    'the site that the browser names',
    "if (site === 'cross-site') return true;",
    '',
    ACCESS,
  ],
  [
    'src/server/http/access.ts',
    'the password',
    "hasPassword(request.headers.get('authorization'), settings.password)",
    'settings.password',
    ACCESS,
  ],
  [
    'src/server/http/access.ts',
    'that a public address has a password',
    'if (hosts.every(isLoopbackName)) return ALLOWED;',
    'return ALLOWED;',
    ACCESS,
  ],
  [
    'src/server/http/limitBody.ts',
    'the size that is declared',
    "if (Number(request.headers.get('content-length') ?? 0) > bytesMax) return null;",
    '',
    [unit('src/server/http/limitBody.test.ts')],
  ],
  [
    'src/server/http/limitBody.ts',
    'the size that is read',
    'if (size > bytesMax) return null;',
    '',
    [unit('src/server/http/limitBody.test.ts')],
  ],
  [
    'src/server/api/procedures.ts',
    'the calls of a batch',
    'maxBatchSize: BATCH_CALLS_MAX,',
    '',
    [database('tests/api/procedures.db.test.ts')],
  ],
  [
    'packages/agents/src/shared/addressPolicy.ts',
    'private addresses that are plain',
    'if (isPrivateHost(options.hostname)) return callback(new PrivateAddressError(), null);',
    '',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/addressPolicy.ts',
    'private addresses that a name leads to',
    'addresses.some(({ address }) => isPrivateAddress(address))',
    '!first',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/safeFetch.ts',
    'how often an answer leads elsewhere',
    'if (hop === request.redirectsMax) {',
    'if (hop > request.redirectsMax) {',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/safeFetch.ts',
    'what goes along to another origin',
    'if (next.origin !== url.origin) headers = portable(headers);',
    '',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/safeFetch.ts',
    'the size of an answer',
    'if (bytes > bytesMax) break;',
    '',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/safeFetch.ts',
    'the scheme of an address',
    '!/^https?:$/.test(url.protocol) ||',
    '',
    AGENTS,
  ],
];

/** The tests hold the outcome, whoever brings it about. */
const HELD_TWICE: Record<string, string> = {
  'keys in queue mode': 'the settings, which refuse queue mode without keys',
};

export const DOOR_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `door: ${name}`,
  file,
  find,
  replace,
  checks,
  heldBy: HELD_TWICE[name],
}));
