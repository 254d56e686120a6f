import { createServer, type Server } from 'node:http';
import {
  type ChatTurn,
  type FakeChatModel,
  type FakeHttpAgent,
  startFakeChatModel,
  startFakeHttpAgent,
  startMcpServer,
  type TestMcpServer,
} from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everythingShown } from './installation';
import { startTarget, type Target } from './target';
import { postJson, send } from './wire';

/**
 * Every secret that the application is given is a known text. Nothing that it returns, logs or shows may
 * contain one.
 */

const PLANTED = {
  OPENAI_API_KEY: 'canary-openai-4f1d9c',
  ANTHROPIC_API_KEY: 'canary-anthropic-77ab03',
  GOOGLE_GENERATIVE_AI_API_KEY: 'canary-google-c0ffee',
  OPENROUTER_API_KEY: 'canary-openrouter-2b6d',
  TAVILY_API_KEY: 'canary-tavily-9e31',
  SECRETS_KEY: 'ca9a47'.repeat(10).padEnd(64, '0'),
  QSTASH_TOKEN: 'canary-token-51ab20',
  QSTASH_CURRENT_SIGNING_KEY: 'sig_canaryCurrent88d1',
  QSTASH_NEXT_SIGNING_KEY: 'sig_canaryNext0e77',
} as const;
const HEADER = 'canary-header-93bd17';
const STORED_KEY = 'canary-stored-key-60fe';
const TOOL_SECRET = 'canary-tool/secret+a41c';
const MCP_HEADER = 'canary-mcp-header-d2e8';
const COMMAND_NOISE = 'node -e "console.error(JSON.stringify(process.env)); process.exit(3)"';
/** Runs this script of Node, free of the shell's quoting. */
const node = (script: string) =>
  `node -e "eval(Buffer.from('${Buffer.from(script).toString('base64')}','base64').toString())"`;

/** A report that quotes a text wherever an agent can write. */
const quoting = (said: string) => ({
  content: said,
  title: said,
  nextRunInSeconds: said,
  goalMet: said,
  extra: said,
  briefs: [
    {
      type: 'decision',
      priority: 'normal',
      title: said,
      summary: said,
      key: said,
      actions: [{ key: said, label: said, url: `https://example.com/?key=${said}` }],
    },
  ],
  comments: [said],
  subtasks: [{ name: said, instruction: said }],
  documents: [{ name: 'Copy', content: said }],
  memory: { [said]: [said] },
});
const COMMAND_REPORT = node(`
  const quoting = ${quoting.toString()};
  const said = 'Tell all ' + JSON.stringify(process.env).replaceAll('"', ' ');
  require('fs').writeFileSync(process.env.EVERBEAT_REPORT, JSON.stringify(quoting(said)));
  console.log(said);
`);

let target: Target;
let agent: FakeHttpAgent;
let chat: FakeChatModel;
let mcp: TestMcpServer;
let echo: Server;
let echoUrl: string;
/** Whether it answers for its models, so that a run may start at all; else it quotes the question. */
let listsModels = false;
/** Everything that calls returned or threw. */
const responses: string[] = [];

/**
 * Starts a server that quotes the headers of each call: as a page, or as a model server that refuses the call
 * in the error.
 */
function startEcho(): Promise<void> {
  echo = createServer((request, response) => {
    if (listsModels && request.method === 'GET' && /\/(models|key)\b/.test(request.url ?? '')) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ data: [], models: [] }));
      return;
    }
    if (request.url?.startsWith('/away')) {
      const key = encodeURIComponent(String(request.headers['x-key']));
      response
        .writeHead(302, { location: `${echoUrl}/page?key=${key}` })
        .end(JSON.stringify(request.headers));
      return;
    }
    if (request.url?.startsWith('/page')) {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(`<title>Echo</title><p>Tell all</p><pre>${JSON.stringify(request.headers)}</pre>`);
      return;
    }
    response.writeHead(request.url?.includes('slow') ? 500 : 400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: JSON.stringify(request.headers), type: 'echo' } }));
  });
  return new Promise((resolve) => {
    echo.listen(0, '127.0.0.1', () => {
      const address = echo.address();
      echoUrl = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
      resolve();
    });
  });
}

beforeAll(async () => {
  [agent, chat, mcp] = await Promise.all([startFakeHttpAgent(), startFakeChatModel(), startMcpServer()]);
  await startEcho();
  target = await startTarget(() => ({
    ...PLANTED,
    LOG_LEVEL: 'trace',
    OPENAI_BASE_URL: echoUrl,
    ANTHROPIC_BASE_URL: echoUrl,
    GOOGLE_BASE_URL: echoUrl,
    OPENROUTER_BASE_URL: echoUrl,
    AGENT_COMMANDS: JSON.stringify({ tell: COMMAND_NOISE, report: COMMAND_REPORT }),
  }));
});
afterAll(async () => {
  await target?.close();
  await Promise.all([agent, chat, mcp].map((server) => server?.close()));
  echo?.close();
});

/** Records what the call returns or throws. */
async function record<Result>(call: Promise<Result>): Promise<Result | undefined> {
  try {
    const result = await call;
    responses.push(JSON.stringify(result) ?? '');
    return result;
  } catch (error) {
    responses.push(JSON.stringify(error, Object.getOwnPropertyNames(Object(error))), String(error));
    return undefined;
  }
}

/**
 * Runs a new task of the agent once, and waits until the run has ended, well or badly. An agent that is known
 * to be refused is not run.
 */
async function runOnce(agentId: string): Promise<void> {
  const { trpc } = target.app;
  const { id } = await trpc.task.create.mutate({ instruction: 'Tell all', agentId });
  const run = await record(trpc.task.run.mutate({ id }));
  if (run === undefined) return;
  await target.app.task(id, 'its end', ({ topics }) => topics.some(({ status }) => status !== 'running'));
}

/** Makes these calls, then writes what they answered wherever an agent can write, and into its report. */
function copying(body: Record<string, unknown>, calls: NonNullable<ChatTurn['toolCalls']>): ChatTurn {
  const messages: unknown[] = Array.isArray(body.messages) ? body.messages : [];
  const isOf = (role: string) => (message: unknown) => JSON.stringify(message).includes(`"role":"${role}"`);
  const told = JSON.stringify(messages.filter(isOf('tool')));
  const turns = messages.filter(isOf('assistant')).length;
  if (turns === 0) return { toolCalls: calls };
  if (turns > 1) return { text: told };
  const brief = {
    type: 'insight',
    priority: 'info',
    title: told.slice(0, 150),
    summary: told.slice(0, 15_000),
  };
  return {
    toolCalls: [
      { name: 'write_document', arguments: { name: 'Copy', content: told } },
      { name: 'create_brief', arguments: brief },
      { name: 'add_comment', arguments: { content: told.slice(0, 9_000) } },
    ],
  };
}

test('an error of the database is logged without the values of the row', async () => {
  const { trpc } = target.app;
  await target.query(`alter table everbeat.agents add constraint refused check (name <> 'Refused')`);
  const config = { url: agent.url, headers: { authorization: HEADER, 'x-api-key': HEADER } };
  const created = await record(trpc.agent.create.mutate({ name: 'Refused', kind: 'http', config }));
  expect(created).toBeUndefined();
  const stored = await trpc.agent.create.mutate({ name: 'Stored', kind: 'http', config });
  await record(trpc.agent.update.mutate({ id: stored.id, name: 'Refused' }));
  await target.query('alter table everbeat.agents drop constraint refused');
  expect(target.app.output()).toContain('A request failed unexpectedly');
  expect(responses.join()).toMatch(/Something went wrong on the server/);
});

describe('an agent that quotes what it was sent', () => {
  const createHttp = (headers = { authorization: `Bearer ${HEADER}` }) =>
    target.app.trpc.agent.create.mutate({ name: 'Echo', kind: 'http', config: { url: agent.url, headers } });

  test.each([
    ['in an error', { status: 500, body: `You sent ${HEADER}` }],
    ['in a refusal', { status: 401, body: { error: `Bearer ${HEADER} is not known` } }],
    ['in a page instead of JSON', { body: `<p>${HEADER}</p>` }],
    ['in JSON of another shape', { body: { briefs: HEADER, content: [HEADER] } }],
    [
      'in a redirect',
      { status: 302, headers: { location: `http://evil.example/?k=${HEADER}` }, body: HEADER },
    ],
    ['in every part of its report', { body: quoting(`I was sent Bearer ${HEADER}`) }],
    ['in a header of a broken response', { status: 200, headers: { 'x-echo': HEADER }, body: '{' }],
  ])('%s', async (_name, answer) => {
    const { id } = await createHttp();
    agent.next(answer);
    await runOnce(id);
    agent.next(answer);
    await record(target.app.trpc.agent.test.mutate({ id }));
  });

  test('in the error that it reports', async () => {
    const { id } = await createHttp();
    agent.next({ body: { status: 'error', content: '', errorMessage: `Cannot use ${HEADER}` } });
    await runOnce(id);
  });

  test('whose address does not answer, or whose configuration is refused', async () => {
    const { trpc } = target.app;
    const headers = { authorization: HEADER };
    const unreachable = await trpc.agent.create.mutate({
      name: 'Unreachable',
      kind: 'http',
      config: { url: 'http://127.0.0.1:9/', headers },
    });
    await runOnce(unreachable.id);
    const invalidConfigs: Record<string, string | Record<string, string>>[] = [
      { url: agent.url, headers: { authorization: `${HEADER}\nx: y` } },
      { url: agent.url, headers: { 'bad name': HEADER } },
      { url: agent.url, headers: { host: HEADER } },
      { url: agent.url, headers: HEADER },
      { url: `http://me:${HEADER}@127.0.0.1/`, headers },
      { url: agent.url, secret: HEADER, headers },
    ];
    for (const config of invalidConfigs) {
      await record(trpc.agent.create.mutate({ name: 'Invalid', kind: 'http', config }));
    }
  });

  test('as a watched page, with headers and cookies of a task and of an agent', async () => {
    const { trpc } = target.app;
    const own = { url: `${echoUrl}/page`, headers: { 'x-key': HEADER }, cookies: { sid: HEADER } };
    const forTask = await trpc.agent.create.mutate({ name: 'Watcher', kind: 'watch', config: {} });
    const ofAgent = await trpc.agent.create.mutate({ name: 'Watcher', kind: 'watch', config: own });
    const moved = { ...own, url: 'http://other.example/' };
    for (const [agentId, watch] of [
      [forTask.id, own],
      [ofAgent.id, undefined],
    ] as const) {
      const create = { instruction: 'Tell all', agentId, config: { watch } };
      const task = await record(trpc.task.create.mutate(create));
      const id = task?.id ?? '';
      await record(trpc.task.run.mutate({ id }));
      await target.app.task(id, 'its end', ({ topics }) => topics.some(({ status }) => status !== 'running'));
      await record(trpc.task.update.mutate({ id, config: { watch: moved } }));
      await record(trpc.agent.test.mutate({ id: agentId, ...(watch && { watch }) }));
      await record(
        trpc.task.create.mutate({ ...create, config: { watch: { ...own, headers: { host: HEADER } } } }),
      );
      await record(
        trpc.task.create.mutate({ ...create, config: { watch: { ...own, cookies: { a: `${HEADER};` } } } }),
      );
    }
    const backup = { watching: { a: { url: own.url, headers: own.headers } }, settings: {} };
    for (const route of ['preview', 'import?rows=0', 'import?rows=7'])
      responses.push((await postJson(target.app.url, `/api/watches/${route}`, JSON.stringify(backup))).text);
    for (const format of ['json', 'opml', 'list'])
      responses.push((await send(target.app.url, { path: `/api/watches/export?format=${format}` })).text);
    expect(responses.join()).toContain('x-key');
  });

  test('as a model of any provider', async () => {
    listsModels = true;
    for (const provider of ['openai', 'openai-compatible', 'anthropic', 'google', 'openrouter']) {
      const { id } = await target.app.trpc.agent.create.mutate({
        name: provider,
        kind: 'model',
        config: { provider, model: 'm' },
      });
      await runOnce(id);
      await record(target.app.trpc.agent.test.mutate({ id }));
    }
  });

  test('as a model whose key was entered on a page', async () => {
    listsModels = false;
    const { trpc } = target.app;
    const input = { provider: 'openai-compatible', apiKey: STORED_KEY, baseUrl: echoUrl } as const;
    await record(trpc.modelProvider.check.mutate(input));
    await record(trpc.modelProvider.save.mutate(input));
    await record(trpc.modelProvider.save.mutate({ ...input, baseUrl: 'http://other.example/v1' }));
    await record(trpc.modelProvider.save.mutate({ ...input, apiKey: `${STORED_KEY} x` }));
    await record(trpc.modelProvider.save.mutate(input));
    await record(
      trpc.modelProvider.save.mutate({ ...input, apiKey: undefined, baseUrl: 'http://other.example/v1' }),
    );
    await record(trpc.modelProvider.list.query());
    const config = { provider: 'openai-compatible', model: 'm', fallbackModels: ['openrouter/m'] };
    const { id } = await trpc.agent.create.mutate({ name: 'Entered', kind: 'model', config });
    await runOnce(id);
    await record(trpc.agent.test.mutate({ id }));
  });

  test('as the servers of a model, which writes all that it is told into everything that is kept', async () => {
    const { trpc } = target.app;
    const quoting = () => JSON.stringify(mcp.calls.at(-1)?.headers);
    mcp.serve({ name: 'find', annotations: { readOnlyHint: true }, answer: quoting });
    mcp.requireAuthorization(`Bearer ${MCP_HEADER}`);
    const headers = { authorization: `Bearer ${MCP_HEADER}` };
    const create = { name: 'quoting', transport: 'http', url: mcp.url } as const;
    await record(
      trpc.mcpServer.create.mutate({ ...create, name: 'wrong', headers: { authorization: HEADER } }),
    );
    const server = await record(trpc.mcpServer.create.mutate({ ...create, headers }));
    const config = {
      provider: 'openai-compatible',
      model: 'm',
      baseUrl: chat.baseUrl,
      tools: {
        http_request: { policy: 'allow', hosts: [new URL(echoUrl).host] },
        mcp: [{ serverId: server?.id ?? '', default: 'allow' }],
      },
      secrets: { [`TOKEN@${new URL(echoUrl).host}`]: TOOL_SECRET },
    };
    const request = (url: string) => ({
      name: 'http_request',
      arguments: { url, headers: { 'x-key': '{{TOKEN}}' } },
    });
    const calls = [
      request(`${echoUrl}/page`),
      request(`${echoUrl}/away`),
      request(`${echoUrl}/error`),
      request(`${echoUrl}/page?key={{TOKEN}}`),
      { name: 'quoting__find', arguments: {} },
      { name: 'read_page', arguments: { url: `${echoUrl}/page?key={{TOKEN}}` } },
    ];
    chat.default((body) => copying(body, calls));
    const { id } = await trpc.agent.create.mutate({ name: 'Copying', kind: 'model', config });
    const before = chat.requests.length;
    await runOnce(id);
    await record(trpc.agent.test.mutate({ id }));
    const told = chat.requests.slice(before).map(({ body }) => JSON.stringify(body));
    expect(told.length).toBeGreaterThanOrEqual(6);
    expect(told[1]?.match(/\[redacted\]/g)?.length).toBeGreaterThanOrEqual(4);
    responses.push(...told);
  });

  test('as a model whose provider quotes its key in answers and in calls of tools', async () => {
    const { trpc } = target.app;
    const provider = { provider: 'openai-compatible', apiKey: STORED_KEY, baseUrl: chat.baseUrl } as const;
    await record(trpc.modelProvider.save.mutate(provider));
    const said = `I was sent ${STORED_KEY}`;
    const brief = { type: 'insight', priority: 'info', title: said, summary: said };
    const document = { name: 'Copy', content: said };
    chat.next(
      {
        text: said,
        toolCalls: [
          { name: 'create_brief', arguments: brief },
          { name: 'write_document', arguments: document },
          { name: 'no_such_tool', arguments: { said } },
        ],
      },
      { text: said },
    );
    const config = { provider: 'openai-compatible', model: 'm' };
    const { id } = await trpc.agent.create.mutate({ name: 'Quoting', kind: 'model', config });
    await runOnce(id);
  });

  test.each(['tell', 'report'])('as a command that prints its environment: %s', async (command) => {
    const config = { command };
    const { id } = await target.app.trpc.agent.create.mutate({ name: 'Tell', kind: 'command', config });
    await runOnce(id);
    await record(target.app.trpc.agent.test.mutate({ id }));
  });

  test('and reports later: the secret of its callback is neither shown nor stored', async () => {
    const { id } = await createHttp();
    agent.next({ status: 202 });
    const { id: taskId } = await target.app.trpc.task.create.mutate({ instruction: 'Later', agentId: id });
    const count = agent.calls.length;
    await target.app.trpc.task.run.mutate({ id: taskId });
    const called = await agent.called(count + 1);
    const secret = new URL(called.callbackUrl).searchParams.get('secret') ?? '';
    expect(secret.length).toBeGreaterThan(20);
    const path = `/api/workflows/agent/callback?operationId=${called.operationId}`;
    for (const guess of [secret.slice(1), `${secret}x`, secret.toUpperCase()]) {
      responses.push((await postJson(target.app.url, `${path}&secret=${guess}`, '{"content":"x"}')).text);
    }
    responses.push((await postJson(target.app.url, `${path}&secret=${secret}`, '{"content":7}')).text);
    expect(await agent.complete(called, { content: 'Done at last' })).toBe(200);
    expect([target.app.output(), ...responses, await everythingShown(target.app)].join()).not.toContain(
      secret,
    );
    expect(JSON.stringify(await target.query('select * from everbeat.operations'))).not.toContain(secret);
  });

  test('in every part of the report that it sends later', async () => {
    const { id } = await createHttp();
    agent.next({ status: 202 });
    const count = agent.calls.length;
    const { id: taskId } = await target.app.trpc.task.create.mutate({ instruction: 'Later', agentId: id });
    await target.app.trpc.task.run.mutate({ id: taskId });
    const called = await agent.called(count + 1);
    expect(await agent.complete(called, quoting(`I was sent ${HEADER}`))).toBe(200);
    const { topics } = await target.app.task(taskId, 'its end', ({ status }) => status !== 'running');
    expect(topics[0]?.handoff).toBe('I was sent [redacted]');
  });

  test('in the error that it reports later', async () => {
    const { id } = await createHttp();
    agent.next({ status: 202 });
    const count = agent.calls.length;
    const { id: taskId } = await target.app.trpc.task.create.mutate({ instruction: 'Later', agentId: id });
    await target.app.trpc.task.run.mutate({ id: taskId });
    const called = await agent.called(count + 1);
    expect(await agent.complete(called, { status: 'error', errorMessage: `Cannot use ${HEADER}` })).toBe(200);
    const { error } = await target.app.task(taskId, 'its end', ({ status }) => status === 'paused');
    expect(error).toBe('Cannot use [redacted]');
  });
});

test('nothing that was returned, logged or shown contains a secret', async () => {
  for (const path of [
    '/api/workflows/task/watchdog',
    '/api/trpc/missing',
    '/api/trpc/task.detail?input=%7B',
    '/api/health',
    '/api/ready',
    '/%00',
  ]) {
    responses.push(
      (await send(target.app.url, { path })).text,
      (await postJson(target.app.url, path, '{')).text,
    );
  }
  const everything = [target.app.output(), ...responses, await everythingShown(target.app)].join('\n');
  const [database] = await target.query<{ name: string }>('select current_database() as name');
  expect(everything).toContain('Tell all');
  expect(target.app.output()).toContain(database?.name ?? 'the name of the database');
  const inAddress = encodeURIComponent(TOOL_SECRET);
  const secrets = {
    HEADER,
    STORED_KEY,
    TOOL_SECRET,
    inAddress,
    MCP_HEADER,
    ...PLANTED,
    DATABASE_PASSWORD: target.databasePassword,
  };
  for (const [name, secret] of Object.entries(secrets)) {
    const at = everything.indexOf(secret);
    expect({ name, near: at < 0 ? '' : everything.slice(Math.max(0, at - 200), at + 50) }).toEqual({
      name,
      near: '',
    });
  }
});

test('no row of the database contains a secret as it was entered', async () => {
  const tables = await target.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'everbeat'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await target.query<{ row: string }>(
      `select t::text as row from everbeat."${name}" t where t::text like any($1)`,
      [
        [HEADER, STORED_KEY, TOOL_SECRET, MCP_HEADER, ...Object.values(PLANTED)].map(
          (secret) => `%${secret}%`,
        ),
      ],
    );
    found.push(...rows.map(({ row }) => `${name}: ${row.slice(0, 300)}`));
  }
  expect(found).toEqual([]);
});
