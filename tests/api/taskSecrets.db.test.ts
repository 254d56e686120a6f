import { randomBytes } from 'node:crypto';
import { agentKinds } from '@everbeat/agents';
import { type KindSettings, MASK } from '@everbeat/domain';
import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';
import { awayFor } from '../support/statementFaults';

const SECRET = 'canary-7c11e2';

let world: ApiWorld;
let pages: PageServer;
let agentId: string;
beforeAll(async () => {
  pages = await startPageServer();
  const watch = agentKinds.watch.createRuntime({
    addressPolicy: { privateAddresses: 'any' },
    secondLookMs: 1,
    browserPath: 'none',
  });
  world = await createApiWorld({ runtimes: { watch } });
  ({ id: agentId } = await world.ada.agent.create({ name: 'Watcher', kind: 'watch', config: {} }));
});
afterAll(() => Promise.all([world.close(), pages.close()]));

const masked = { headers: { 'X-Key': MASK }, cookies: { sid: MASK } };
const given = { headers: { 'X-Key': SECRET }, cookies: { sid: SECRET } };
const create = (watch: object = { url: pages.url, ...given }) =>
  world.ada.task.create({ instruction: 'Watch', agentId, config: { watch: { ...watch } } });
const storedText = async (id: string) =>
  (
    await world.query<{ config: KindSettings }>(
      'select config -> $2 as config from everbeat.tasks where id = $1',
      [id, 'watch'],
    )
  )[0]?.config;
const stored = async (id: string) =>
  world.secrets.openSettings(world.userId, id, 'watch', await storedText(id));

describe('the headers and cookies of a watch', () => {
  it('are masked wherever the task is returned, and stored sealed', async () => {
    const task = await create();
    const { ada } = world;
    expect(task.config.watch).toEqual({ url: pages.url, ...masked });
    const answers = [
      task,
      await ada.task.detail({ id: task.id }),
      await ada.task.list({}),
      await ada.task.list({ sort: 'priority' }),
      await ada.task.update({ id: task.id, name: 'Named' }),
      await ada.task.pause({ id: task.id }),
      await ada.task.resume({ id: task.id }),
      await ada.task.cancel({ id: task.id }),
    ];
    expect(JSON.stringify(answers)).toContain(MASK);
    expect(JSON.stringify(answers)).not.toContain(SECRET);
    expect(await stored(task.id)).toEqual({ url: pages.url, ...given });
    expect(JSON.stringify(await storedText(task.id))).not.toContain(SECRET);
  });

  it('are sent by its runs, and kept out of what they store', async () => {
    pages.serve(`<title>Page</title><p>You sent ${SECRET}</p>`, '/echo');
    const { id } = await create({ url: `${pages.url}/echo`, ...given });
    await world.runNow(id);
    expect(pages.visits.at(-1)?.headers).toMatchObject({ 'x-key': SECRET, cookie: `sid=${SECRET}` });
    const rows = await world.query(
      `select m.content from everbeat.messages m join everbeat.topics t on t.id = m.topic_id where t.task_id = $1
       union all select memory::text from everbeat.task_memories where task_id = $1
       union all select handoff from everbeat.topics where task_id = $1`,
      [id],
    );
    expect(JSON.stringify(rows)).toContain('You sent [redacted]');
    expect(JSON.stringify(rows)).not.toContain(SECRET);
  });

  it('keep their values when an edit sends back the mask', async () => {
    const { id, config, revision } = await create();
    const watch = {
      url: `${pages.url}/other`,
      headers: { 'x-key': MASK, 'X-New': 'new' },
      cookies: { sid: MASK },
    };
    const edited = await world.ada.task.update({ id, config: { watch }, revision, base: { config } });
    expect(edited.config.watch).toMatchObject({ headers: { 'x-key': MASK, 'X-New': MASK } });
    expect(await stored(id)).toMatchObject({
      headers: { 'x-key': SECRET, 'X-New': 'new' },
      cookies: { sid: SECRET },
    });
    await world.ada.task.update({ id, config: { ...edited.config, mayComplete: true } });
    expect(await stored(id)).toMatchObject({ headers: { 'x-key': SECRET } });
    await world.ada.task.update({ id, config: { watch: { url: pages.url } } });
    expect(await stored(id)).toEqual({ url: pages.url });
  });

  it('keep what another edit has stored meanwhile under the same mask', async () => {
    const { id, config, revision } = await create();
    await world.ada.task.update({
      id,
      config: { watch: { url: pages.url, ...given, headers: { 'X-Key': 'newer' } } },
    });
    const mine = { ...config, mayComplete: true };
    await world.ada.task.update({ id, config: mine, revision, base: { config } });
    expect(await stored(id)).toMatchObject({ headers: { 'X-Key': 'newer' } });
  });

  it('belong to the origin they were entered for: another address asks for them anew', async () => {
    const { id } = await create();
    const moved = { url: 'https://collector.example/', ...masked };
    expect(await refusalOf(world.ada.task.update({ id, config: { watch: moved } }))).toMatchObject({
      appCode: 'agent-misconfigured',
      message: expect.stringContaining('headers.X-Key: the address has changed'),
    });
    expect(await stored(id)).toMatchObject({ url: pages.url, ...given });
  });

  it('are refused as a mask where no value is stored', async () => {
    for (const call of [
      create({ url: pages.url, ...masked }),
      world.ada.agent.test({ id: agentId, watch: { url: pages.url, ...masked } }),
    ]) {
      expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', appCode: 'agent-misconfigured' });
    }
  });

  it('are refused where they are sent to no address of the task', async () => {
    expect(await refusalOf(create(given))).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('survive what a person adds to the rules from a brief', async () => {
    pages.serve('<title>Shop</title><p>Mug 10 EUR</p><p>Rain today</p>', '/shop');
    const { id } = await create({ url: `${pages.url}/shop`, ...given });
    await world.runNow(id);
    pages.serve('<title>Shop</title><p>Mug 10 EUR</p><p>Snow today</p>', '/shop');
    await world.runNow(id);
    const { items } = await world.ada.brief.list({ taskId: id, unresolved: true });
    const brief = items.find(({ actions }) => actions.some(({ key }) => key === 'ignore'));
    await world.ada.brief.resolve({ id: brief?.id ?? '', action: 'ignore' });
    expect(await stored(id)).toMatchObject({ ...given, ignorePatterns: [expect.any(String)] });
  });
});

describe('the key of their encryption', () => {
  it('may follow another, and one that is missing is told where the secrets are needed', async () => {
    const [former, next] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
    const before = await createApiWorld({ env: { SECRETS_KEY: former } });
    const server = (SECRETS_KEY: string) =>
      createApiWorld({
        env: { SECRETS_KEY },
        database: { ...before.testDatabase, drop: async () => undefined },
      });
    const watch = { url: 'https://a.example/', ...given };
    const { id } = await before.ada.task.create({ instruction: 'Watch', config: { watch } });
    const damaged = await before.ada.task.create({ instruction: 'Watch', config: { watch } });

    const other = await server(next);
    expect((await other.ada.system.status()).secrets.problem).toMatch(/encrypted with the key/);
    const renamed = await other.ada.task.update({
      id,
      name: 'Named',
      config: { watch: { ...watch, ...masked }, mayComplete: true },
    });
    expect(renamed.config).toMatchObject({ mayComplete: true, watch: masked });
    const edit = other.ada.task.update({ id, config: { watch: { ...watch, ...masked, below: 3 } } });
    expect(await refusalOf(edit)).toMatchObject({ appCode: 'secrets-unreadable' });

    // One that cannot be opened any more stops no other.
    await before.query(
      `update everbeat.tasks set config = jsonb_set(config, '{watch}', '{"headers": {"X": "sealed:v1:AAAAAAAA:AAAA"}}') where id = $1`,
      [damaged.id],
    );
    const during = await server(`${next}, ${former}`);
    void awayFor(during.testDatabase, 'everbeat_read_sealed_task_configs');
    expect(await during.secretsSweep.sweep()).toBe(0);
    expect(await during.secretsSweep.sweep()).toBe(1);
    const after = await server(next);
    expect(await after.secretsSweep.sweep()).toBe(0);
    expect((await after.ada.system.status()).secrets.problem).toContain('the key AAAAAAAA');
    await after.ada.task.delete({ id: damaged.id });
    expect((await after.ada.system.status()).secrets.problem).toBeNull();
    const [row] = await after.query<{ watch: KindSettings }>(
      `select config -> 'watch' as watch from everbeat.tasks where id = $1`,
      [id],
    );
    expect(await after.secrets.openSettings('ada', id, 'watch', row?.watch)).toEqual(watch);
    for (const each of [after, during, other, before]) await each.close();
  });
});
