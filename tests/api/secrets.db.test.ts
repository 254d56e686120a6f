import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { agentKinds } from '@everbeat/agents';
import { createDatabase } from '@everbeat/database';
import { LIMITS } from '@everbeat/domain';
import { createTempFolder, type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';
import { awayFor } from '../support/statementFaults';

/** Headers and signing secrets of agents as they lie in the database, and what opens them. */

const SECRET = 'Bearer canary-of-ada';
const http = agentKinds.http.createRuntime({ addressPolicy: { privateAddresses: 'any' } });
const newKey = (): string => randomBytes(32).toString('base64');

let agentServer: FakeHttpAgent;
const worlds: ApiWorld[] = [];

beforeAll(async () => {
  agentServer = await startFakeHttpAgent();
});
afterAll(() => agentServer.close());
beforeEach(() => async () => {
  for (const world of worlds.splice(0).toReversed()) await world.close();
});

/** A server; with `beside`, another one on the same database. */
async function server(env: Record<string, string>, beside?: ApiWorld): Promise<ApiWorld> {
  const world = await createApiWorld({
    env,
    runtimes: { http },
    ...(beside && { database: { ...beside.testDatabase, drop: async () => undefined }, clock: beside.clock }),
  });
  worlds.push(world);
  return world;
}

const create = (world: ApiWorld, headers: Record<string, string> = { Authorization: SECRET }) =>
  world.ada.agent.create({ name: 'Remote', kind: 'http', config: { url: agentServer.url, headers } });

const stored = async (world: ApiWorld): Promise<string> =>
  JSON.stringify(await world.query('select config from everbeat.agents order by id'));

/** A row as a version without encryption wrote it. */
async function storePlain(world: ApiWorld, name = 'Old'): Promise<string> {
  const { id } = await create(world, {});
  await world.query(
    `update everbeat.agents set name = $3, config = jsonb_set(config, '{headers}', jsonb_build_object('Authorization', $2::text))
     where id = $1`,
    [id, SECRET, name],
  );
  return id;
}

const sentBy = async (world: ApiWorld, agentId: string): Promise<unknown> => {
  const before = agentServer.calls.length;
  await world.ada.agent.test({ id: agentId });
  return agentServer.calls[before]?.headers.authorization;
};

describe('the secrets of an agent', () => {
  it('are encrypted in the database, and sent to the agent as they were entered', async () => {
    const world = await server({});
    const { id } = await create(world);
    expect(await stored(world)).not.toContain('canary');
    expect(await stored(world)).toMatch(/"Authorization":"sealed:v1:/);
    expect(await sentBy(world, id)).toBe(SECRET);

    const taskId = await world.startTask({ agentId: id });
    const before = agentServer.calls.length;
    await world.beat(taskId);
    expect(agentServer.calls[before]?.headers.authorization).toBe(SECRET);
  });

  it('do not open in another row: the run says so, and the task waits for a person', async () => {
    const world = await server({});
    const { id } = await create(world);
    const { id: other } = await create(world, { Authorization: 'Bearer of the other' });
    await world.query(
      'update everbeat.agents set config = (select config from everbeat.agents where id = $1) where id = $2',
      [id, other],
    );
    const taskId = await world.startTask({ agentId: other });
    const before = agentServer.calls.length;
    await world.beat(taskId);
    expect(agentServer.calls).toHaveLength(before);
    expect(await world.task(taskId)).toMatchObject({
      status: 'paused',
      error: expect.stringContaining('copied'),
    });
    const { briefs } = await world.ada.task.detail({ id: taskId });
    expect(briefs[0]).toMatchObject({
      priority: 'urgent',
      actions: expect.arrayContaining([expect.objectContaining({ key: 'open-system' })]),
    });
    expect(await refusalOf(world.ada.agent.test({ id: other }))).toMatchObject({
      appCode: 'secrets-unreadable',
    });
  });
});

describe('a server with another key', () => {
  it('starts, says what is wrong on its pages, and takes the secrets anew', async () => {
    const world = await server({ SECRETS_KEY: newKey() });
    const { id } = await create(world);
    const other = await server({ SECRETS_KEY: newKey() }, world);
    await other.secretsSweep.begin();
    await other.secretsSweep.sweep();

    const sentence = /encrypted with the key \S{8}, which this server does not have.*SECRETS_KEY/;
    expect((await other.ada.agent.list()).find((agent) => agent.id === id)?.problem).toMatch(sentence);
    expect((await other.ada.system.status()).secrets).toEqual({
      key: 'environment',
      problem: expect.stringMatching(sentence),
    });
    expect((await other.bob.system.status()).secrets.problem).toBeNull();
    expect((await world.ada.system.status()).secrets.problem).toBeNull();

    expect((await other.ada.agent.check({ id })).readiness).toMatchObject({
      verdict: 'reauth-required',
      problem: expect.stringMatching(sentence),
      cure: { key: 'open-system' },
    });

    const config = { url: agentServer.url, headers: { Authorization: 'Bearer anew' } };
    expect((await other.ada.agent.update({ id, config })).problem).toBeNull();
    expect(await sentBy(other, id)).toBe('Bearer anew');
  });

  it('shows nothing of the words of an error that may hold the secrets of its agent', async () => {
    const world = await server({ SECRETS_KEY: newKey() });
    const { id } = await create(world);
    const taskId = await world.startTask({ agentId: id });
    agentServer.next({ status: 202 });
    await world.beat(taskId);
    const { searchParams } = new URL(agentServer.calls.at(-1)?.callbackUrl ?? '');
    const other = await server({ SECRETS_KEY: newKey() }, world);
    await other.runner.completeByCallback(
      { operationId: searchParams.get('operationId') ?? '', secret: searchParams.get('secret') ?? '' },
      { status: 'error', errorMessage: `I was sent ${SECRET}` },
    );
    const { error } = await world.task(taskId);
    expect(error).toContain('Its words are not shown');
    expect(error).not.toContain('canary');
  });

  it('takes no report that may hold the secrets of its agent, which another server then takes', async () => {
    const world = await server({ SECRETS_KEY: newKey() });
    const { id } = await create(world);
    const taskId = await world.startTask({ agentId: id });
    agentServer.next({ status: 202 });
    await world.beat(taskId);
    const { searchParams } = new URL(agentServer.calls.at(-1)?.callbackUrl ?? '');
    const callback = {
      operationId: searchParams.get('operationId') ?? '',
      secret: searchParams.get('secret') ?? '',
    };
    const report = () => ({ content: `I was sent ${SECRET}`, memory: { [SECRET]: SECRET } });
    const other = await server({ SECRETS_KEY: newKey() }, world);
    await expect(other.runner.completeByCallback(callback, report())).rejects.toMatchObject({
      code: 'secrets-unreadable',
    });
    const told = { status: 'error', errorMessage: 'It broke', comments: [`I was sent ${SECRET}`] };
    await expect(other.runner.completeByCallback(callback, told)).rejects.toMatchObject({
      code: 'secrets-unreadable',
    });
    expect(await world.query('select status from everbeat.operations')).toEqual([{ status: 'running' }]);

    expect(await world.runner.completeByCallback(callback, report())).toEqual({ settled: true });
    const [topic] = await world.query<{ handoff: string }>('select handoff from everbeat.topics');
    expect(topic?.handoff).toBe('I was sent [redacted]');
    for (const table of ['topics', 'messages', 'task_memories'])
      expect(JSON.stringify(await world.query(`select * from everbeat.${table}`))).not.toContain(SECRET);
  });

  it('that is the next one of a rotation opens what the former one sealed, and seals it anew', async () => {
    const [former, next] = [newKey(), newKey()];
    const before = await server({ SECRETS_KEY: former });
    const { id } = await create(before);
    const mcp = { name: 'tools', transport: 'http', url: 'http://127.0.0.1:9/mcp' } as const;
    await before.ada.mcpServer.create({ ...mcp, headers: { authorization: SECRET } });
    const key = { provider: 'openai', apiKey: 'sk-canary', baseUrl: 'http://127.0.0.1:9/v1' } as const;
    await before.ada.modelProvider.save(key);
    const during = await server({ SECRETS_KEY: `${next}, ${former}` }, before);
    expect(await sentBy(during, id)).toBe(SECRET);
    expect(await during.secretsSweep.sweep()).toBe(1);
    expect(await during.secretsSweep.sweep()).toBe(0);
    const after = await server({ SECRETS_KEY: next }, before);
    expect(await sentBy(after, id)).toBe(SECRET);
    expect((await after.ada.system.status()).secrets.problem).toBeNull();
  });
});

const QUEUE = {
  SECRETS_KEY: '',
  AGENT_RUNTIME_MODE: 'queue',
  DATABASE_URL: 'postgres://db.example.com/app',
  APP_URL: 'https://everbeat.example.com',
  QSTASH_TOKEN: 't',
  QSTASH_CURRENT_SIGNING_KEY: 'sig_a',
  QSTASH_NEXT_SIGNING_KEY: 'sig_b',
};

/** More than one statement reads. */
const MANY = LIMITS.watchdogBatchRows + 1;

describe('a rotation of keys with many secrets', () => {
  it('reaches the last of them, and one that cannot be opened stops no other', async () => {
    const [former, next] = [newKey(), newKey()];
    const before = await server({ SECRETS_KEY: former });
    const users = Array.from({ length: MANY }, (_, index) => `user-${String(index).padStart(3, '0')}`);
    const [damaged = '', ...whole] = users;
    const keys = await Promise.all(
      whole.map((userId) => before.secrets.sealApiKey({ userId, provider: 'openai' }, `sk-${userId}`)),
    );
    await before.query(
      'insert into everbeat.users (id, name, email) select id, id, id from unnest($1::text[]) as u(id)',
      [users],
    );
    await before.query(
      `insert into everbeat.model_providers (user_id, provider, api_key)
       select id, 'openai', key from unnest($1::text[], $2::text[]) as u(id, key)`,
      [
        [damaged, ...whole],
        ['sealed:v1:AAAAAAAA:AAAA', ...keys],
      ],
    );
    const during = await server({ SECRETS_KEY: `${next}, ${former}` }, before);
    await during.secretsSweep.sweep();

    const after = await server({ SECRETS_KEY: next }, before);
    const stored = await before.query<{ userId: string; key: string }>(
      `select user_id as "userId", api_key as key from everbeat.model_providers where user_id <> $1`,
      [damaged],
    );
    const opened = stored.map(({ userId, key }) =>
      after.secrets.openApiKey({ userId, provider: 'openai' }, key),
    );
    expect(new Set(await Promise.all(opened))).toEqual(new Set(whole.map((userId) => `sk-${userId}`)));
  });
});

describe('secrets of a version that did not encrypt them', () => {
  const MINUTES_15 = 15 * 60_000;

  it('are found among many agents: each is encrypted, and a server without a key does not start', async () => {
    const world = await server({});
    await world.query(
      `insert into everbeat.agents (id, user_id, name, kind, config)
       select (lpad(n::text, 8, '0') || '-0000-7000-8000-000000000000')::uuid, $1, 'Agent ' || n, 'http',
         case when n < $2 then '{}' else jsonb_build_object('headers', jsonb_build_object('X', $3::text)) end
       from generate_series(1, $2::int) n`,
      [world.userId, MANY, SECRET],
    );
    const keyless = await server({ ...QUEUE, SECRETS_KEY: '' }, world);
    await expect(keyless.secretsSweep.begin()).rejects.toThrow(/^SECRETS_KEY is needed/);
    await world.clock.advance(MINUTES_15);
    expect(await world.secretsSweep.sweep()).toBe(1);
    expect(await stored(world)).not.toContain('canary');
  });

  it('stay readable for servers of that version while they may live, and are encrypted then', async () => {
    const world = await server({});
    const id = await storePlain(world);
    await world.secretsSweep.begin();
    const { updatedAt } = (await world.ada.agent.list()).find((agent) => agent.id === id) ?? {};
    expect(await world.secretsSweep.sweep()).toBe(0);
    // What is entered meanwhile may also be read by them.
    await create(world, { Authorization: 'Bearer canary-of-meanwhile' });
    expect(await stored(world)).toContain('canary-of-meanwhile');

    await world.clock.advance(MINUTES_15);
    await world.watchdog.sweep();
    expect(await stored(world)).not.toContain('canary');
    expect(await sentBy(world, id)).toBe(SECRET);
    expect((await world.ada.agent.list()).find((agent) => agent.id === id)?.updatedAt).toEqual(updatedAt);
  });

  it('wait for a server of that version for as long as it is connected', async () => {
    const world = await server({});
    await storePlain(world);
    await world.secretsSweep.begin();
    const older = createDatabase({ url: world.testDatabase.url, applicationName: 'everbeat' });
    await older.pool.query('select 1');
    for (let quarter = 0; quarter < 3; quarter += 1) {
      await world.clock.advance(MINUTES_15 - 1_000);
      expect(await world.secretsSweep.sweep()).toBe(0);
    }
    await older.close();
    await world.clock.advance(MINUTES_15);
    expect(await world.secretsSweep.sweep()).toBe(1);
  });

  it('are encrypted once by two servers at the same time, and an edit in between is not lost', async () => {
    const world = await server({});
    const ids = [];
    for (let agent = 0; agent < 20; agent += 1) ids.push(await storePlain(world, `Old ${agent}`));
    const second = await server({}, world);
    const edited = ids[7] ?? '';
    const config = { url: agentServer.url, headers: { Authorization: 'Bearer canary-of-the-edit' } };
    const [first, other] = await Promise.all([
      world.secretsSweep.sweep(),
      second.secretsSweep.sweep(),
      world.ada.agent.update({ id: edited, config }),
    ]);
    expect(first + other).toBeGreaterThanOrEqual(19);
    expect(first + other).toBeLessThanOrEqual(20);
    expect(await stored(world)).not.toContain('canary');
    expect(await sentBy(world, edited)).toBe('Bearer canary-of-the-edit');
    for (const id of ids.filter((other) => other !== edited)) expect(await sentBy(second, id)).toBe(SECRET);
  });

  it('wait for the database where it is away, and one that cannot be opened stops no other', async () => {
    const world = await server({});
    const [damaged = '', plain = ''] = [await storePlain(world, 'A'), await storePlain(world, 'B')];
    await world.query(
      `update everbeat.agents set config = jsonb_set(config, '{headers,Authorization}', '"sealed:v1:AAAAAAAA:AAAA"') where id = $1`,
      [damaged],
    );
    void awayFor(world.testDatabase, 'everbeat_read_agent_configs');
    expect(await world.secretsSweep.sweep()).toBe(0);
    expect(await world.secretsSweep.sweep()).toBe(1);
    const rows = await world.query<{ id: string; text: string }>(
      `select id, config #>> '{headers,Authorization}' as text from everbeat.agents where id = any ($1)`,
      [[damaged, plain]],
    );
    expect(rows.find(({ id }) => id === damaged)?.text).toBe('sealed:v1:AAAAAAAA:AAAA');
    expect(await sentBy(world, plain)).toBe(SECRET);
  });

  it('are encrypted at once where no older version ever was', async () => {
    const world = await server({});
    await world.query('delete from everbeat.users');
    await world.secretsSweep.begin();
    await world.createUser('ada');
    await create(world);
    expect(await stored(world)).not.toContain('canary');
  });
});

describe('the key in the data folder', () => {
  const folders: string[] = [];
  const newFolder = async (): Promise<string> => {
    const folder = await createTempFolder('keys');
    folders.push(folder);
    return folder;
  };
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  it('is made with the first secret', async () => {
    const DATA_DIR = await newFolder();
    const world = await server({ SECRETS_KEY: '', DATA_DIR });
    await create(world, {});
    expect(await readdir(DATA_DIR)).toEqual([]);
    const { id } = await create(world);
    expect(await readdir(DATA_DIR)).toEqual(['secrets.key']);
    const restarted = await server({ SECRETS_KEY: '', DATA_DIR }, world);
    expect(await sentBy(restarted, id)).toBe(SECRET);
    expect((await restarted.ada.system.status()).secrets).toEqual({ key: 'file', problem: null });
  });

  it('that cannot be made refuses the secret, and says why', async () => {
    const world = await server({ SECRETS_KEY: '', DATA_DIR: '/sys/none' });
    expect(await refusalOf(create(world))).toMatchObject({
      appCode: 'secrets-key-missing',
      message: expect.stringContaining('No key file could be made'),
    });
  });

  it('is not made where stored secrets need another one', async () => {
    const world = await server({ SECRETS_KEY: '', DATA_DIR: await newFolder() });
    await create(world);
    const elsewhere = await newFolder();
    const other = await server({ SECRETS_KEY: '', DATA_DIR: elsewhere }, world);
    expect(await refusalOf(create(other))).toMatchObject({
      code: 'PRECONDITION_FAILED',
      appCode: 'secrets-unreadable',
      message: expect.stringContaining(`Put that key back (${elsewhere}/secrets.key)`),
    });
    expect(await readdir(elsewhere)).toEqual([]);
  });
});

describe('queue mode without a key', () => {
  it('starts as long as there are no secrets, and stores none', async () => {
    const world = await server(QUEUE);
    await world.secretsSweep.begin();
    await create(world, {});
    expect(await refusalOf(create(world))).toMatchObject({
      code: 'PRECONDITION_FAILED',
      appCode: 'secrets-key-missing',
      message: expect.stringContaining('openssl rand -base64 32'),
    });
    expect((await world.ada.system.status()).secrets).toEqual({ key: 'none', problem: null });
  });

  it('does not start over stored secrets, and says what to set', async () => {
    const world = await server({});
    await create(world);
    const keyless = await server(QUEUE, world);
    await expect(keyless.secretsSweep.begin()).rejects.toThrow(/^SECRETS_KEY is needed.*openssl rand/);
  });

  it('does not start over the stored key of a provider', async () => {
    const world = await server({});
    const key = { provider: 'openai', apiKey: 'sk-canary', baseUrl: 'http://127.0.0.1:9/v1' } as const;
    await world.ada.modelProvider.save(key);
    const keyless = await server(QUEUE, world);
    await expect(keyless.secretsSweep.begin()).rejects.toThrow(/^SECRETS_KEY is needed/);
  });
});
