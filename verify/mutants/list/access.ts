import { type Check, database, unit } from '../mutant';
import { boundaries } from './boundaryMutants';

const ACCESS: Check[] = [unit('src/server/http/access.test.ts')];
const APP: Check[] = [unit('src/server/http/app.test.ts'), database('tests/webhooks')];
const BODIES: Check[] = [unit('src/server/http/bodyLimit.test.ts')];

/** Who may reach the server, how much it takes in, and which secrets it gives out. */
export const ACCESS_GUARDS = boundaries([
  ['src/server/http/app.ts', 'access control', 'app.use(requireAccess(env));', '', APP],
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
    'app.all(CALLBACK_PATH, knowsSecret, limit, webhooks);',
    'app.all(CALLBACK_PATH, knowsSecret, webhooks);',
    [database('tests/queue/httpAgent.db.test.ts')],
  ],
  ['src/server/http/app.ts', 'the body limit of procedures', 'app.use(limit);', '', APP],
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
    'authorization !== null && hasPassword(authorization, password)',
    'authorization !== null',
    ACCESS,
  ],
  [
    'src/server/http/access.ts',
    'that a public address has a password',
    'if (!hosts.every(isLoopbackName)) {',
    'if (hosts.length === 0) {',
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
    'src/server/http/access.ts',
    'requests through a reverse proxy to a server without a password',
    'if (isForwarded(request.headers)) {',
    'if (!request) {',
    [unit('src/server/http/access.test.ts')],
  ],
  [
    'src/server/http/forwarding.ts',
    'requests of HTTP/1.0 to a server without a password',
    "rawHeaders.push('Via', '1.0 unknown');",
    '',
    [unit('src/server/http/forwarding.test.ts')],
  ],
  [
    'src/server/services/system/wrongPasswords.ts',
    'the number of wrong passwords that wait at the same time',
    'return this.waiting < WAITING_MAX;',
    'return true;',
    [unit('src/server/services/system/wrongPasswords.test.ts')],
  ],
  [
    'src/server/services/secrets/maskedConfig.ts',
    'a stored secret at another origin',
    'isSameOrigin ? stored[field] : undefined',
    'stored[field]',
    [database('tests/api/agent.db.test.ts')],
  ],
  [
    'src/server/http/app.ts',
    "a callback's secret, before its body is read",
    'app.all(CALLBACK_PATH, knowsSecret, limit, webhooks);',
    'app.all(CALLBACK_PATH, limit, knowsSecret, webhooks);',
    APP,
  ],
]);
