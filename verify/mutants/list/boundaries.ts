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
const APP: Check[] = [unit('src/server/http/app.test.ts'), database('tests/webhooks')];
const BODIES: Check[] = [unit('src/server/http/bodyLimit.test.ts')];
const AGENTS: Check[] = [unit('packages/agents/src/shared'), unit('packages/agents')];

/**
 * Every check on data that enters or leaves: file, name, text to find, its replacement, the checks that must
 * fail.
 */
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
  ['src/server/http/app.ts', 'access control', 'app.use(requireAccess(env), limit);', 'app.use(limit);', APP],
  [
    'src/server/http/app.ts',
    'access control of unsigned webhooks',
    'if (areWebhooksSigned(env)) app.all',
    'if (env) app.all',
    APP,
  ],
  [
    'src/server/http/app.ts',
    'the body limit of webhooks',
    'app.all(`${WORKFLOWS_PATH}/*`, limit, webhooks);',
    'app.all(`${WORKFLOWS_PATH}/*`, webhooks);',
    APP,
  ],
  [
    'src/server/http/app.ts',
    'the body limit of the callback',
    'app.all(CALLBACK_PATH, limit, webhooks);',
    'app.all(CALLBACK_PATH, webhooks);',
    APP,
  ],
  [
    'src/server/http/app.ts',
    'the body limit of procedures',
    'app.use(requireAccess(env), limit);',
    'app.use(requireAccess(env));',
    APP,
  ],
  [
    'src/server/http/node/serve.ts',
    'that Next gets no chunked body',
    "  headers['transfer-encoding'] !== undefined ||\n",
    '',
    [unit('src/server/http/node')],
  ],
  [
    'src/server/http/node/serve.ts',
    'that Next gets no body of declared length',
    "(headers['content-length'] ?? '0') !== '0'",
    'false',
    [unit('src/server/http/node')],
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
    'that a host is named',
    'hosts.length === 0 || hosts.some',
    'hosts.some',
    ACCESS,
  ],
  [
    'src/server/http/access.ts',
    'the origin of mutations',
    '!isSafe(request.method) && isForeign',
    '!request.method && isForeign',
    ACCESS,
  ],
  [
    'src/server/http/access.ts',
    'the site named by the browser',
    "if (site === 'cross-site') return true;",
    '',
    ACCESS,
  ],
  [
    'src/server/http/access.ts',
    'the password',
    "hasPassword(request.headers.get('authorization'), settings.ACCESS_PASSWORD)",
    'settings.ACCESS_PASSWORD',
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
    'src/server/http/bodyLimit.ts',
    'the declared size of a body',
    'return Number(declared) > bodyBytesMax ? refuse() : next();',
    'return next();',
    BODIES,
  ],
  [
    'src/server/http/bodyLimit.ts',
    'the size of a chunked body',
    'if (size > bytesMax) return null;',
    '',
    BODIES,
  ],
  [
    'src/server/api/procedures.ts',
    'the number of calls in a batch',
    'maxBatchSize: BATCH_CALLS_MAX,',
    '',
    [database('tests/api/procedures.db.test.ts')],
  ],
  [
    'packages/agents/src/shared/addressPolicy.ts',
    'private addresses written out',
    'if (refusal !== null) return callback(new RefusedAddressError(refusal), null);',
    '',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/addressPolicy.ts',
    'private addresses behind a name',
    "if (refusal !== null) return callback(new RefusedAddressError(refusal), '', 0);",
    '',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/addressRules.ts',
    'link-local addresses and metadata services, whatever the policy',
    "if (kind === 'forbidden') return kind;",
    '',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/addressRules.ts',
    "this server's own port",
    "if (port === allowed.ownPort && isOwnMachine(address)) return 'own';",
    '',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/addressRules.ts',
    'private addresses by a redirect to another server',
    'isSameServer(url, typedUrl) &&',
    '',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/addressRules.ts',
    'private addresses behind a public name that was typed',
    "kindOfHost(typedUrl.hostname) === 'private')",
    'true)',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/safeFetch.ts',
    'the number of redirects',
    'if (hop === request.redirectsMax) {',
    'if (hop > request.redirectsMax) {',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/safeFetch.ts',
    'the headers sent to another origin',
    'if (next.origin !== url.origin) headers = portable(headers);',
    '',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/safeFetch.ts',
    'the size of a response',
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

/** Guards whose removal no test notices, because another guard holds the same rule. */
const HELD_TWICE: Record<string, string> = {
  'keys in queue mode': 'the settings, which refuse queue mode without keys',
};

export const BOUNDARY_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `boundary: ${name}`,
  file,
  find,
  replace,
  checks,
  heldBy: HELD_TWICE[name],
}));
