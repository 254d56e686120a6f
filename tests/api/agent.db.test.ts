import { agentKinds } from '@everbeat/agents';
import { readAgent } from '@everbeat/database';
import { LIMITS, MASK } from '@everbeat/domain';
import { type FakeHttpAgent, type PageServer, startFakeHttpAgent, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
let agentServer: FakeHttpAgent;
let url: string;

beforeAll(async () => {
  world = await createApiWorld({
    runtimes: { http: agentKinds.http.createRuntime({ addressPolicy: { privateAddresses: 'any' } }) },
  });
});
afterAll(() => world.close());

beforeEach(async () => {
  agentServer = await startFakeHttpAgent();
  url = agentServer.url;
  return () => agentServer.close();
});

const SECRET = 'Bearer very-secret';
const create = (config: Record<string, string | Record<string, string>> = { url }) =>
  world.ada.agent.create({ name: 'Remote', kind: 'http', config });

async function storedHeaders(id: string): Promise<unknown> {
  const stored = await readAgent(world.testDatabase.database.pool, world.userId, id);
  return stored && (await world.secrets.openAgent(world.userId, stored)).headers;
}

describe("an http agent's headers", () => {
  it('are masked wherever the agent is returned, and stored as given', async () => {
    const agent = await create({ url, headers: { Authorization: SECRET, 'X-Team': 'boats' } });

    const masked = { Authorization: MASK, 'X-Team': MASK };
    expect(agent.config).toMatchObject({ url, headers: masked });
    expect((await world.ada.agent.list()).find(({ id }) => id === agent.id)?.config.headers).toEqual(masked);
    expect(await storedHeaders(agent.id)).toEqual({ Authorization: SECRET, 'X-Team': 'boats' });
  });

  it('keep their value when an edit sends back the mask, whatever the case of the name', async () => {
    const agent = await create({ url, headers: { Authorization: SECRET, 'X-Old': 'gone' } });
    const updated = await world.ada.agent.update({
      id: agent.id,
      config: { url, headers: { authorization: MASK, 'X-New': 'new' } },
    });

    expect(updated.config.headers).toEqual({ authorization: MASK, 'X-New': MASK });
    expect(await storedHeaders(agent.id)).toEqual({ authorization: SECRET, 'X-New': 'new' });
  });

  it('are refused as a mask where no value is stored', async () => {
    const agent = await create();
    const call = world.ada.agent.update({ id: agent.id, config: { url, headers: { Authorization: MASK } } });
    expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', appCode: 'agent-misconfigured' });
    expect(await refusalOf(create({ url, headers: { A: MASK } }))).toMatchObject({
      appCode: 'agent-misconfigured',
    });
  });

  it('belong to the origin they were entered for: another address asks for them anew', async () => {
    const agent = await create({ url, headers: { Authorization: SECRET } });
    const elsewhere = 'https://collector.example.com/';
    const moved = (authorization: string) =>
      world.ada.agent.update({
        id: agent.id,
        config: { url: elsewhere, headers: { Authorization: authorization } },
      });

    expect(await refusalOf(moved(MASK))).toMatchObject({
      appCode: 'agent-misconfigured',
      message: expect.stringContaining('headers.Authorization: the address has changed'),
    });
    expect(await storedHeaders(agent.id)).toEqual({ Authorization: SECRET });

    await moved('Bearer another');
    expect(await storedHeaders(agent.id)).toEqual({ Authorization: 'Bearer another' });
  });

  it('keep their value at another path of the same origin', async () => {
    const agent = await create({ url, headers: { Authorization: SECRET } });
    const config = { url: new URL('/other', url).href, headers: { Authorization: MASK } };
    await world.ada.agent.update({ id: agent.id, config });
    expect(await storedHeaders(agent.id)).toEqual({ Authorization: SECRET });
  });

  it('are sent to the agent by agent.test', async () => {
    const agent = await create({ url, headers: { Authorization: SECRET } });
    await world.ada.agent.test({ id: agent.id });
    expect(agentServer.calls[0]?.headers.authorization).toBe(SECRET);
  });
});

describe('an agent', () => {
  it('says why it cannot run as the server is set up', async () => {
    const config = { providers: {}, addressPolicy: { privateAddresses: 'never' } } as const;
    const keyless = await createApiWorld({ runtimes: { model: agentKinds.model.createRuntime(config) } });
    await keyless.ada.agent.create({ name: 'Thinker', kind: 'model', config: { model: 'some-model' } });
    expect(await keyless.ada.agent.list()).toContainEqual(
      expect.objectContaining({ name: 'Thinker', problem: expect.stringContaining('There is no key') }),
    );
    expect((await create()).problem).toBeNull();
    await keyless.close();
  });

  it('can be renamed without changing its configuration', async () => {
    const agent = await create({ url, headers: { Authorization: SECRET } });
    const renamed = await world.ada.agent.update({ id: agent.id, name: 'Other' });
    expect(renamed).toMatchObject({ name: 'Other', kind: 'http', config: agent.config });
    expect(await storedHeaders(agent.id)).toEqual({ Authorization: SECRET });
  });

  it('can change its kind, with a configuration that fits the new kind', async () => {
    const agent = await create();
    const watching = await world.ada.agent.update({ id: agent.id, kind: 'watch', config: { url } });
    expect(watching).toMatchObject({ kind: 'watch', config: { url } });
    const call = world.ada.agent.update({ id: agent.id, kind: 'command' });
    expect(await refusalOf(call)).toMatchObject({ appCode: 'agent-misconfigured' });
  });

  it.each([
    ['without an address', {}],
    ['with an address that is not http or https', { url: 'ftp://example.com' }],
    ['with an unknown key', { url: 'http://example.com', speed: 1 }],
    ['with a header that the request sets itself', { url: 'http://example.com', headers: { Host: 'x' } }],
  ])('is refused %s', async (_what, config) => {
    const call = world.ada.agent.create({ name: 'Remote', kind: 'http', config });
    expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', appCode: 'agent-misconfigured' });
  });

  it.each([
    ['too large', { url: `http://example.com/${'x'.repeat(LIMITS.configBytesMax)}` }],
    ['not storable', { url: 'http://example.com', headers: { A: 'a\u0000b' } }],
    ['not storable in a key', { 'a\ud800': 'b' }],
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

  it('cannot be deleted while it checks the work of an unfinished task', async () => {
    const [worker, reviewer] = [await create(), await create()];
    const review = { requirement: 'It names its sources', agentId: reviewer.id };
    const task = await world.createTask({ agentId: worker.id, config: { review } });

    const refusal = await refusalOf(world.ada.agent.delete({ id: reviewer.id }));
    expect(refusal).toMatchObject({ code: 'PRECONDITION_FAILED', appCode: 'agent-in-use' });
    expect(refusal.message).toContain(`checks the work of ${task.identifier}`);

    await world.ada.task.update({ id: task.id, config: { review: { requirement: review.requirement } } });
    expect(await world.ada.agent.delete({ id: reviewer.id })).toMatchObject({ id: reviewer.id });
  });

  it('is not deleted under a task that is created at the same moment', async () => {
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

  it('edited from a view that is out of date is refused, so that nothing is put back that was taken away', async () => {
    const agent = await create();
    const stale = { id: agent.id, name: 'Stale', updatedAt: agent.updatedAt };
    const changed = await world.ada.agent.update({
      id: agent.id,
      name: 'Changed',
      updatedAt: agent.updatedAt,
    });
    await expect(world.ada.agent.update(stale)).rejects.toMatchObject({ code: 'CONFLICT' });
    await world.ada.agent.check({ id: agent.id });
    const again = await world.ada.agent.update({ ...stale, updatedAt: changed.updatedAt });
    expect(again.name).toBe('Stale');
  });

  it('edited twice at the same moment has the name of one edit; the other may be refused', async () => {
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
  it("returns the agent's report and stores no operation", async () => {
    const brief = { type: 'insight', priority: 'info', title: 'Boats', summary: 'Three' };
    agentServer.next({ body: { content: 'Hello', briefs: [brief] } });
    const agent = await create();

    const trial = await world.ada.agent.test({ id: agent.id, instruction: 'Say hello' });
    expect(trial).toMatchObject({ kind: 'done', content: 'Hello', briefs: [brief], durationMs: 0 });
    expect(agentServer.calls[0]).toMatchObject({ prompt: 'Say hello', trigger: 'manual' });
    expect(await world.query('select 1 from everbeat.operations')).toEqual([]);
  });

  it('returns how the agent failed', async () => {
    agentServer.next({ status: 500, body: 'no' });
    const agent = await create();
    const trial = await world.ada.agent.test({ id: agent.id });
    expect(trial).toMatchObject({
      kind: 'error',
      errorCode: 'agent_http_500',
      errorMessage: expect.any(String),
      failureClass: 'transient',
    });
  });

  it('returns why it failed, and how long the far side asks to wait', async () => {
    agentServer.next({ status: 403, headers: { 'retry-after': '90' } });
    const agent = await create();
    const trial = await world.ada.agent.test({ id: agent.id });
    expect(trial).toMatchObject({ failureClass: 'rate-limit', retryAfterSeconds: 90 });
  });

  it('returns "accepted" when the agent answers 202', async () => {
    agentServer.next({ status: 202 });
    const agent = await create();
    expect(await world.ada.agent.test({ id: agent.id })).toMatchObject({ kind: 'accepted' });
  });

  it('stops an agent that takes longer than a minute', async () => {
    agentServer.hold();
    const agent = await create();
    const trial = world.ada.agent.test({ id: agent.id });
    const call = await agentServer.called(1);
    await world.clock.advance(60_000);

    expect(await trial).toMatchObject({ kind: 'error', errorCode: 'agent_timeout', durationMs: 60_000 });
    agentServer.release();
    await call.closed;
  });

  it('stops the agent when the caller disconnects', async () => {
    agentServer.hold();
    const agent = await create();
    const disconnect = new AbortController();
    const trial = world.agents.test(world.userId, { id: agent.id }, disconnect.signal);
    await agentServer.called(1);
    disconnect.abort();

    expect(await trial).toMatchObject({ kind: 'canceled' });
    agentServer.release();
  });
});

describe('agent.preview', () => {
  let pages: PageServer;
  let watching: ApiWorld;
  beforeAll(async () => {
    pages = await startPageServer();
    const needs = { addressPolicy: { privateAddresses: 'any' }, browserPath: 'none' } as const;
    watching = await createApiWorld({ runtimes: { watch: agentKinds.watch.createRuntime(needs) } });
  });
  afterAll(async () => {
    await watching.close();
    await pages.close();
  });

  it('shows a page before there is an agent or a task, and stores nothing', async () => {
    pages.serve('<title>Mug</title><h1>Mug</h1><b class="price">€ 49.90</b>', '/mug');
    const preview = await watching.ada.agent.preview({ watch: { url: `${pages.url}/mug` } });
    expect(preview).toMatchObject({
      kind: 'done',
      page: { title: 'Mug', prices: [{ selector: '.price', amount: 49.9 }] },
    });
    expect(await watching.query('select 1 from everbeat.operations')).toEqual([]);
  });

  it('returns why a page cannot be watched, as a run would say it', async () => {
    expect(await watching.ada.agent.preview({ watch: { url: `${pages.url}/missing` } })).toMatchObject({
      kind: 'error',
      errorCode: 'watch_http_404',
      failureClass: 'agent',
      errorMessage: expect.stringContaining('404'),
    });
  });

  it('takes a place as a run does, and gives it back', async () => {
    pages.hold();
    const free = watching.room.free('watch');
    const preview = watching.ada.agent.preview({ watch: { url: `${pages.url}/mug?held` } });
    await pages.visited(pages.visits.length + 1);
    expect(watching.room.free('watch')).toBe(free - 1);
    pages.release();
    await preview;
    expect(watching.room.free('watch')).toBe(free);
  });

  it('is refused for an agent of another kind', async () => {
    const agent = await watching.ada.agent.create({ name: 'Remote', kind: 'http', config: { url } });
    expect(await refusalOf(watching.ada.agent.preview({ id: agent.id, watch: {} }))).toMatchObject({
      appCode: 'invalid-input',
    });
  });
});
