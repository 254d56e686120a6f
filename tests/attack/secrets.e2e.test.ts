import { createServer, type Server } from 'node:http';
import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everythingShown } from './installation';
import { startTarget, type Target } from './target';
import { postJson, send } from './wire';

/** Secrets are planted wherever the application is given any; nothing that it says, on any path, may hold one of them. */

const PLANTED = {
  OPENAI_API_KEY: 'canary-openai-4f1d9c',
  ANTHROPIC_API_KEY: 'canary-anthropic-77ab03',
  GOOGLE_GENERATIVE_AI_API_KEY: 'canary-google-c0ffee',
  QSTASH_TOKEN: 'canary-token-51ab20',
  QSTASH_CURRENT_SIGNING_KEY: 'sig_canaryCurrent88d1',
  QSTASH_NEXT_SIGNING_KEY: 'sig_canaryNext0e77',
} as const;
const HEADER = 'canary-header-93bd17';
const COMMAND_NOISE = 'node -e "console.error(JSON.stringify(process.env)); process.exit(3)"';

let target: Target;
let agent: FakeHttpAgent;
let echo: Server;
let echoUrl: string;
const said: string[] = [];

/** A model server that refuses every call and shows all that it was sent, as some do. */
function startEcho(): Promise<void> {
  echo = createServer((request, response) => {
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
  agent = await startFakeHttpAgent();
  await startEcho();
  target = await startTarget(() => ({
    ...PLANTED,
    LOG_LEVEL: 'trace',
    OPENAI_BASE_URL: echoUrl,
    ANTHROPIC_BASE_URL: echoUrl,
    GOOGLE_BASE_URL: echoUrl,
    AGENT_COMMANDS: JSON.stringify({ tell: COMMAND_NOISE }),
  }));
});
afterAll(async () => {
  await target?.close();
  await agent?.close();
  echo?.close();
});

/** Keeps what a call answers or how it is refused. */
async function hear<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    const answer = await call;
    said.push(JSON.stringify(answer) ?? '');
    return answer;
  } catch (error) {
    said.push(JSON.stringify(error, Object.getOwnPropertyNames(Object(error))), String(error));
    return undefined;
  }
}

/** Runs a task of the agent once, and waits until that has ended in whatever way. */
async function runOnce(agentId: string): Promise<void> {
  const { trpc } = target.app;
  const { id } = await trpc.task.create.mutate({ instruction: 'Tell all', agentId });
  await hear(trpc.task.run.mutate({ id }));
  await target.app.task(id, 'its end', ({ topics }) => topics.some(({ status }) => status !== 'running'));
}

test('a database that refuses a row does not make the log quote it', async () => {
  const { trpc } = target.app;
  await target.query(`alter table agents add constraint doomed check (name <> 'Doomed')`);
  const config = { url: agent.url, headers: { authorization: HEADER, 'x-api-key': HEADER } };
  const created = await hear(trpc.agent.create.mutate({ name: 'Doomed', kind: 'http', config }));
  expect(created).toBeUndefined();
  const kept = await trpc.agent.create.mutate({ name: 'Kept', kind: 'http', config });
  await hear(trpc.agent.update.mutate({ id: kept.id, name: 'Doomed' }));
  await target.query('alter table agents drop constraint doomed');
  expect(target.app.output()).toContain('A request failed unexpectedly');
  expect(said.join()).toMatch(/Something went wrong on the server/);
});

describe('agents that show what they were sent', () => {
  const createHttp = (headers = { authorization: `Bearer ${HEADER}` }) =>
    target.app.trpc.agent.create.mutate({ name: 'Echo', kind: 'http', config: { url: agent.url, headers } });

  test.each([
    ['an error status', { status: 500, body: `You sent ${HEADER}` }],
    ['a refusal', { status: 401, body: { error: `Bearer ${HEADER} is not known` } }],
    ['no JSON', { body: `<p>${HEADER}</p>` }],
    ['another shape', { body: { briefs: HEADER, content: [HEADER] } }],
    ['a redirect', { status: 302, headers: { location: `http://evil.example/?k=${HEADER}` }, body: HEADER }],
    ['a broken header', { status: 200, headers: { 'x-echo': HEADER }, body: '{' }],
  ])('by %s', async (_name, answer) => {
    const { id } = await createHttp();
    agent.next(answer);
    await runOnce(id);
    agent.next(answer);
    await hear(target.app.trpc.agent.test.mutate({ id }));
  });

  test('by an error of their own: its value is taken out of what is shown', async () => {
    const { id } = await createHttp();
    agent.next({ body: { status: 'error', content: '', errorMessage: `Cannot use ${HEADER}` } });
    await runOnce(id);
  });

  test('by an address where nothing answers, and by a configuration that does not fit', async () => {
    const { trpc } = target.app;
    const headers = { authorization: HEADER };
    const nowhere = await trpc.agent.create.mutate({
      name: 'Nowhere',
      kind: 'http',
      config: { url: 'http://127.0.0.1:9/', headers },
    });
    await runOnce(nowhere.id);
    const misfits: Record<string, string | Record<string, string>>[] = [
      { url: agent.url, headers: { authorization: `${HEADER}\nx: y` } },
      { url: agent.url, headers: { 'bad name': HEADER } },
      { url: agent.url, headers: { host: HEADER } },
      { url: agent.url, headers: HEADER },
      { url: `http://me:${HEADER}@127.0.0.1/`, headers },
      { url: agent.url, secret: HEADER, headers },
    ];
    for (const config of misfits) {
      await hear(trpc.agent.create.mutate({ name: 'Misfit', kind: 'http', config }));
    }
  });

  test('as models, of every provider', async () => {
    for (const provider of ['openai-compatible', 'anthropic', 'google']) {
      const { id } = await target.app.trpc.agent.create.mutate({
        name: provider,
        kind: 'model',
        config: { provider, model: 'm' },
      });
      await runOnce(id);
      await hear(target.app.trpc.agent.test.mutate({ id }));
    }
  });

  test('as commands, which are given the keys of models and nothing else', async () => {
    const { id } = await target.app.trpc.agent.create.mutate({
      name: 'Tell',
      kind: 'command',
      config: { command: 'tell' },
    });
    await runOnce(id);
  });

  test('by completing later: the secret of their callback is theirs alone', async () => {
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
      said.push((await postJson(target.app.url, `${path}&secret=${guess}`, '{"content":"x"}')).text);
    }
    said.push((await postJson(target.app.url, `${path}&secret=${secret}`, '{"content":7}')).text);
    expect(await agent.complete(called, { content: 'Done at last' })).toBe(200);
    expect([target.app.output(), ...said, await everythingShown(target.app)].join()).not.toContain(secret);
    expect(JSON.stringify(await target.query('select * from operations'))).not.toContain(secret);
  });

  test('by an error of their own that they report later', async () => {
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

test('nothing that was said, logged, answered or shown holds a secret', async () => {
  for (const path of [
    '/api/workflows/task/watchdog',
    '/api/trpc/nowhere',
    '/api/trpc/task.detail?input=%7B',
    '/api/health',
    '/api/ready',
    '/%00',
  ]) {
    said.push((await send(target.app.url, { path })).text, (await postJson(target.app.url, path, '{')).text);
  }
  const everything = [target.app.output(), ...said, await everythingShown(target.app)].join('\n');
  const [database] = await target.query<{ name: string }>('select current_database() as name');
  expect(everything).toContain('Tell all');
  expect(target.app.output()).toContain(database?.name ?? 'the name of the database');
  const secrets = { HEADER, ...PLANTED, DATABASE_PASSWORD: target.databasePassword };
  for (const [name, secret] of Object.entries(secrets)) {
    const at = everything.indexOf(secret);
    expect({ name, near: at < 0 ? '' : everything.slice(Math.max(0, at - 200), at + 50) }).toEqual({
      name,
      near: '',
    });
  }
});
