import { agentKinds } from '@everbeat/agents';
import { LIMITS } from '@everbeat/domain';
import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MASK } from '@/server/services/agents/AgentService';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
let qstash: FakeHttpAgent;
let url: string;

beforeAll(async () => {
  world = await createApiWorld({
    runtimes: { http: agentKinds.http.createRuntime({ addressPolicy: 'any' }) },
  });
});
afterAll(() => world.close());

beforeEach(async () => {
  qstash = await startFakeHttpAgent();
  url = qstash.url;
  return () => qstash.close();
});

const SECRET = 'Bearer very-secret';
const create = (config: Record<string, string | Record<string, string>> = { url }) =>
  world.ada.agent.create({ name: 'Remote', kind: 'http', config });

const storedHeaders = async (id: string): Promise<unknown> =>
  (
    await world.query<{ headers: unknown }>(
      `select config -> 'headers' as headers from agents where id = $1`,
      [id],
    )
  )[0]?.headers;

describe("an http agent's headers", () => {
  it('are masked wherever the agent is shown, and kept as they are', async () => {
    const agent = await create({ url, headers: { Authorization: SECRET, 'X-Team': 'boats' } });

    const masked = { Authorization: MASK, 'X-Team': MASK };
    expect(agent.config).toMatchObject({ url, headers: masked });
    expect((await world.ada.agent.list()).find(({ id }) => id === agent.id)?.config.headers).toEqual(masked);
    expect(await storedHeaders(agent.id)).toEqual({ Authorization: SECRET, 'X-Team': 'boats' });
  });

  it('stay when an edit sends their masks back, under a name of any case', async () => {
    const agent = await create({ url, headers: { Authorization: SECRET, 'X-Old': 'gone' } });
    const updated = await world.ada.agent.update({
      id: agent.id,
      config: { url, headers: { authorization: MASK, 'X-New': 'new' } },
    });

    expect(updated.config.headers).toEqual({ authorization: MASK, 'X-New': MASK });
    expect(await storedHeaders(agent.id)).toEqual({ authorization: SECRET, 'X-New': 'new' });
  });

  it('need a value where none is stored', async () => {
    const agent = await create();
    const call = world.ada.agent.update({ id: agent.id, config: { url, headers: { Authorization: MASK } } });
    expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', appCode: 'agent-misconfigured' });
    expect(await refusalOf(create({ url, headers: { A: MASK } }))).toMatchObject({
      appCode: 'agent-misconfigured',
    });
  });

  it('reach the agent that is tested', async () => {
    const agent = await create({ url, headers: { Authorization: SECRET } });
    await world.ada.agent.test({ id: agent.id });
    expect(qstash.calls[0]?.headers.authorization).toBe(SECRET);
  });
});

describe('an agent', () => {
  it('is renamed without touching its configuration', async () => {
    const agent = await create({ url, headers: { Authorization: SECRET } });
    const renamed = await world.ada.agent.update({ id: agent.id, name: 'Other' });
    expect(renamed).toMatchObject({ name: 'Other', kind: 'http', config: agent.config });
    expect(await storedHeaders(agent.id)).toEqual({ Authorization: SECRET });
  });

  it('may become one of another kind, whose configuration fits', async () => {
    const agent = await create();
    const watching = await world.ada.agent.update({ id: agent.id, kind: 'watch', config: { url } });
    expect(watching).toMatchObject({ kind: 'watch', config: { url } });
    const call = world.ada.agent.update({ id: agent.id, kind: 'command' });
    expect(await refusalOf(call)).toMatchObject({ appCode: 'agent-misconfigured' });
  });

  it.each([
    ['without an address', {}],
    ['with an address of another kind', { url: 'ftp://example.com' }],
    ['with an unknown key', { url: 'http://example.com', speed: 1 }],
    ['with a header that the call sets itself', { url: 'http://example.com', headers: { Host: 'x' } }],
  ])('is refused %s', async (_what, config) => {
    const call = world.ada.agent.create({ name: 'Remote', kind: 'http', config });
    expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', appCode: 'agent-misconfigured' });
  });

  it.each([
    ['too large', { url: `http://example.com/${'x'.repeat(LIMITS.configBytesMax)}` }],
    ['not storable', { url: 'http://example.com', headers: { A: 'a\u0000b' } }],
    ['not storable in a name', { 'a\ud800': 'b' }],
  ])('is refused with a configuration that is %s', async (_what, config) => {
    const call = world.ada.agent.create({ name: 'Remote', kind: 'http', config });
    expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', appCode: null });
  });

  it('cannot be deleted while an unfinished task uses it', async () => {
    const agent = await create();
    const task = await world.createTask({ agentId: agent.id });

    const refusal = await refusalOf(world.ada.agent.delete({ id: agent.id }));
    expect(refusal).toMatchObject({ code: 'PRECONDITION_FAILED', appCode: 'agent-in-use' });
    expect(refusal.message).toContain(task.identifier);

    await world.ada.task.cancel({ id: task.id });
    expect(await world.ada.agent.delete({ id: agent.id })).toMatchObject({ id: agent.id });
    expect(await world.ada.task.detail({ id: task.id })).toMatchObject({ agentId: null, agent: null });
    expect(await refusalOf(world.ada.agent.delete({ id: agent.id }))).toMatchObject({
      appCode: 'agent-not-found',
    });
  });

  it('is never lost to a task that is created at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const agent = await create();
      const [deleted, task] = await Promise.allSettled([
        world.ada.agent.delete({ id: agent.id }),
        world.createTask({ agentId: agent.id }),
      ]);
      expect([deleted.status, task.status].toSorted()).toEqual(['fulfilled', 'rejected']);
      if (task.status === 'fulfilled') expect(task.value.agentId).toBe(agent.id);
    }
  });

  it('edited by two at once is not mixed from both edits', async () => {
    const agent = await create();
    const edits = await Promise.allSettled(
      ['One', 'Two'].map((name) => world.ada.agent.update({ id: agent.id, name })),
    );
    const isConflict = edits.some((edit) => edit.status === 'rejected');
    const [stored] = (await world.ada.agent.list()).filter(({ id }) => id === agent.id);
    expect(['One', 'Two']).toContain(stored?.name);
    if (isConflict) expect(edits.filter((edit) => edit.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('agent.test', () => {
  it('answers with what the agent says, and leaves nothing behind', async () => {
    const brief = { type: 'insight', priority: 'info', title: 'Boats', summary: 'Three' };
    qstash.next({ body: { content: 'Hello', briefs: [brief] } });
    const agent = await create();

    const trial = await world.ada.agent.test({ id: agent.id, instruction: 'Say hello' });
    expect(trial).toMatchObject({ kind: 'done', content: 'Hello', briefs: [brief], durationMs: 0 });
    expect(qstash.calls[0]).toMatchObject({ prompt: 'Say hello', trigger: 'manual' });
    expect(await world.query('select 1 from operations')).toEqual([]);
  });

  it('answers with how it failed', async () => {
    qstash.next({ status: 500, body: 'no' });
    const agent = await create();
    const trial = await world.ada.agent.test({ id: agent.id });
    expect(trial).toMatchObject({
      kind: 'error',
      errorCode: 'agent_http_500',
      errorMessage: expect.any(String),
    });
  });

  it('takes an accepted call for an answer', async () => {
    qstash.next({ status: 202 });
    const agent = await create();
    expect(await world.ada.agent.test({ id: agent.id })).toMatchObject({ kind: 'accepted' });
  });

  it('stops an agent that takes longer than a minute', async () => {
    qstash.hold();
    const agent = await create();
    const trial = world.ada.agent.test({ id: agent.id });
    const call = await qstash.called(1);
    await world.clock.advance(60_000);

    expect(await trial).toMatchObject({ kind: 'error', errorCode: 'agent_timeout', durationMs: 60_000 });
    qstash.release();
    await call.closed;
  });

  it('stops when whoever asked has gone', async () => {
    qstash.hold();
    const agent = await create();
    const leaving = new AbortController();
    const trial = world.agents.test(world.userId, { id: agent.id }, leaving.signal);
    await qstash.called(1);
    leaving.abort();

    expect(await trial).toMatchObject({ kind: 'canceled' });
    qstash.release();
  });
});
