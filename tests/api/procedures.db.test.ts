import { createDatabase } from '@everbeat/database';
import { LIMITS } from '@everbeat/domain';
import { silentLogger } from '@everbeat/testkit';
import { Hono } from 'hono';
import superjson from 'superjson';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { API_PATH, procedures } from '@/server/api/procedures';
import type { ApiContext } from '@/server/api/trpc';
import { ReadService } from '@/server/services/reads/ReadService';
import { PromptArchive } from '@/server/services/taskPrompt/PromptArchive';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld({ env: { HEARTBEAT_MIN_SECONDS: '10' } });
});
afterAll(() => world.close());

const context = async (): Promise<ApiContext> => ({
  userId: world.userId,
  container: world,
  requestId: 'request-1',
});

const respond = (request: Request, createContext = context): Response | Promise<Response> =>
  new Hono().use(`${API_PATH}/*`, procedures(createContext)).fetch(request);

const urlOf = (path: string): URL => new URL(`http://localhost${API_PATH}/${path}`);

async function mutate(path: string, input: unknown): Promise<Response> {
  const body = JSON.stringify(superjson.serialize(input));
  const headers = { 'content-type': 'application/json' };
  return respond(new Request(urlOf(path), { method: 'POST', headers, body }));
}

const errorResponse = z
  .object({
    error: z.object({
      json: z.object({
        message: z.string(),
        data: z.object({
          code: z.string(),
          appCode: z.string().nullable(),
          issues: z.array(z.object({ path: z.array(z.string()), message: z.string() })).nullable(),
        }),
      }),
    }),
  })
  .transform(({ error }) => ({ message: error.json.message, ...error.json.data }));

const refusalOf = async (response: Response) => errorResponse.parse(await response.json());

describe('task.create over HTTP refuses', () => {
  it.each([
    ['no instruction', { instruction: '  \n ' }, 'invalid-input'],
    ['an instruction that cannot be stored', { instruction: 'a\u0000b' }, 'invalid-input'],
    ['broken Unicode', { instruction: 'a\ud800b' }, 'invalid-input'],
    ['a long name', { name: 'x'.repeat(LIMITS.nameCharsMax + 1) }, 'invalid-input'],
    ['an unknown priority', { priority: 9 }, 'invalid-input'],
    ['an interval that is not a whole number of seconds', { heartbeatInterval: 10.5 }, 'invalid-input'],
    ['an agent that is not an id', { agentId: 'me' }, 'invalid-input'],
    ['an unknown key in config', { config: { pace: 1 } }, 'invalid-input'],
    ['a local file as the page to watch', { config: { watch: { url: 'file:///etc' } } }, 'invalid-input'],
    ['settings of an agent kind that has none', { config: { http: {} } }, 'invalid-input'],
    ['an unknown automation mode', { automationMode: 'often' }, 'invalid-input'],
    ['a heartbeat without an interval', { automationMode: 'heartbeat' }, 'interval-missing'],
    [
      'an interval that is too short',
      { automationMode: 'heartbeat', heartbeatInterval: 9 },
      'interval-too-short',
    ],
    ['a schedule without a pattern', { automationMode: 'schedule' }, 'pattern-invalid'],
    ['an unreadable pattern', { automationMode: 'schedule', schedulePattern: 'often' }, 'pattern-invalid'],
    [
      'a pattern that never matches a date',
      { automationMode: 'schedule', schedulePattern: '0 0 31 2 *' },
      'pattern-never-fires',
    ],
    [
      'an unknown time zone',
      { automationMode: 'schedule', schedulePattern: '0 9 * * *', scheduleTimezone: 'Mars/Base' },
      'timezone-unknown',
    ],
  ])('%s', async (_what, input, appCode) => {
    const response = await mutate('task.create', { instruction: 'Count', ...input });

    expect(response.status).toBe(400);
    expect(await refusalOf(response)).toMatchObject({ code: 'BAD_REQUEST', appCode });
  });
});

describe('an error response contains', () => {
  it('each invalid field with its path and a message', async () => {
    const refusal = await refusalOf(
      await mutate('task.create', { instruction: 'x', priority: 9, config: { pace: 1 } }),
    );

    expect(refusal.issues?.map((issue) => issue.path)).toEqual([['priority'], ['config']]);
    expect(refusal.message).toMatch(/^priority: .+; config: .*pace/);
  });

  it('the code and the message of a domain error', async () => {
    const response = await mutate('task.start', { id: 'T-404' });
    expect(response.status).toBe(404);
    expect(await refusalOf(response)).toEqual({
      code: 'NOT_FOUND',
      appCode: 'task-not-found',
      message: 'There is no such task',
      issues: null,
    });
  });

  it('only the request id when something unexpected happens', async () => {
    const broken = await createApiWorld();
    await broken.query('alter table everbeat.tasks rename to tasks_elsewhere');
    const request = new Request(urlOf('task.list'));
    const response = await respond(request, async () => ({
      ...(await context()),
      container: broken,
    }));
    await broken.close();

    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).toContain('request-1');
    expect(text).not.toMatch(/tasks_elsewhere|relation|select|stack/i);
  });

  it('the code for a transient error when the database is unavailable', async () => {
    const unreachable = createDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' });
    const parts = { db: unreachable.pool, logger: silentLogger };
    const reads = new ReadService({ ...parts, prompts: new PromptArchive(parts) });
    const container = { ...world, reads };
    const request = new Request(urlOf('task.list'));
    const response = await respond(request, async () => ({ ...(await context()), container }));
    await unreachable.close();
    expect(await refusalOf(response)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', appCode: 'unavailable' });
  });

  it('503, without the reason, when the application has not started', async () => {
    const response = await respond(new Request(urlOf('task.list')), () =>
      Promise.reject(new Error('postgres://user:secret@host')),
    );
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('secret');
  });
});

describe('a request is refused', () => {
  it('if it batches more than twenty calls', async () => {
    const paths = (count: number) => Array.from({ length: count }, () => 'system.status').join(',');
    const call = (count: number) => respond(new Request(urlOf(`${paths(count)}?batch=1&input={}`)));

    expect((await call(20)).status).toBe(200);
    expect((await call(21)).status).toBe(400);
  });

  it('if it calls a mutation with GET', async () => {
    const url = urlOf('task.delete');
    url.searchParams.set('input', JSON.stringify(superjson.serialize({ id: 'T-1' })));
    expect((await respond(new Request(url))).status).toBe(405);
  });
});

it('a response has dates that superjson restores, and must not be cached', async () => {
  const response = await mutate('task.create', { instruction: 'Count' });
  const { result } = z.object({ result: z.object({ data: z.any() }) }).parse(await response.json());
  expect(superjson.deserialize(result.data)).toMatchObject({ createdAt: world.clock.now() });
  expect(response.headers.get('cache-control')).toBe('no-store');
});

describe('task.onEvent over HTTP', () => {
  /** The server-sent events of a response. */
  async function* eventsOf(response: Response): AsyncGenerator<Record<string, string>> {
    let text = '';
    for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n').filter(Boolean);
        text = text.slice(end + 2);
        const fields = lines.map((line) => [
          line.slice(0, line.indexOf(':')),
          line.slice(line.indexOf(':') + 2),
        ]);
        if (lines.length > 0) yield Object.fromEntries(fields);
      }
    }
  }

  const connect = async (headers: Record<string, string> = {}) => {
    const disconnect = new AbortController();
    const request = new Request(urlOf('task.onEvent'), {
      headers: { accept: 'text/event-stream', ...headers },
      signal: disconnect.signal,
    });
    const events = eventsOf(await respond(request));
    expect((await events.next()).value).toMatchObject({ event: 'connected' });
    const next = async () => {
      for (;;) {
        const { value } = await events.next();
        if (value?.event !== 'ping') return value;
      }
    };
    return { next, disconnect: () => disconnect.abort() };
  };

  it('is never silent for as long as its reader waits before it connects again', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    try {
      const request = new Request(urlOf('task.onEvent'), { headers: { accept: 'text/event-stream' } });
      const events = eventsOf(await respond(request));
      const { value } = await events.next();
      const { reconnectAfterInactivityMs } = z
        .object({ reconnectAfterInactivityMs: z.number() })
        .parse(JSON.parse(value?.data ?? ''));
      for (let twice = 0; twice < 2; twice += 1) {
        const next = events.next();
        await vi.advanceTimersByTimeAsync(reconnectAfterInactivityMs / 2);
        expect((await next).value).toMatchObject({ event: 'ping' });
      }
      await events.return(undefined);
    } finally {
      vi.useRealTimers();
    }
  });

  it('continues after a lost connection with the events in between', async () => {
    const first = await connect();
    const before = await world.ada.task.create({ instruction: 'Before' });
    const seen = await first.next();
    expect(seen?.data).toContain(before.id);
    first.disconnect();
    const meanwhile = await world.ada.task.create({ instruction: 'Meanwhile' });

    const second = await connect({ 'last-event-id': seen?.id ?? '' });
    expect((await second.next())?.data).toContain(meanwhile.id);
    second.disconnect();
  });

  it('ends with an error that lets the client connect again when the server stops', async () => {
    const stopping = await createApiWorld();
    const request = new Request(urlOf('task.onEvent'), { headers: { accept: 'text/event-stream' } });
    const response = await respond(request, async () => ({
      ...(await context()),
      container: stopping,
    }));
    const events = eventsOf(response);
    await events.next();

    const last = events.next();
    stopping.feed.close();
    expect((await last).value).toMatchObject({
      event: 'serialized-error',
      data: expect.stringContaining('SERVICE_UNAVAILABLE'),
    });
    expect((await events.next()).done).toBe(true);
    await stopping.close();
  });
});
