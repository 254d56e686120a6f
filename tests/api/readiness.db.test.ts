import { LIMITS } from '@everbeat/domain';
import { type FakeModelProvider, startFakeModelProvider, startMcpServer } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';
import { awayFor } from '../support/statementFaults';

const DAY_MS = LIMITS.agentCheckSeconds * 1_000;
const REFUSED = { status: 401, body: '{"error":{"message":"Incorrect API key provided"}}' };
const AWAY = { status: 503, body: 'over capacity' };

let world: ApiWorld;
let provider: FakeModelProvider;

beforeEach(async () => {
  provider = await startFakeModelProvider('sk-good');
  world = await createApiWorld({ env: { ALLOW_PRIVATE_AGENT_URLS: '1' } });
  await saveKey('sk-good');
});
afterEach(async () => {
  try {
    await world.expectSound();
  } finally {
    await world.close();
    await provider.close();
  }
});

const saveKey = (apiKey: string) =>
  world.ada.modelProvider.save({ provider: 'openai', apiKey, baseUrl: `${provider.url}/v1` });

const createModelAgent = (config: Record<string, unknown> = {}) =>
  world.ada.agent.create({ name: 'Thinker', kind: 'model', config: { model: 'openai/gpt-5', ...config } });

/** A task of a model agent that waits for its next wake-up. */
async function scheduled(): Promise<{ agentId: string; taskId: string }> {
  const agent = await createModelAgent();
  return { agentId: agent.id, taskId: await startYearly(agent.id) };
}

async function startYearly(agentId: string): Promise<string> {
  const rule = {
    automationMode: 'schedule',
    heartbeatInterval: null,
    schedulePattern: '0 9 1 12 *',
  } as const;
  const { id } = await world.createTask({ agentId, ...rule });
  await world.ada.task.start({ id });
  return id;
}

const agentNow = async (id: string) => (await world.ada.agent.list()).find((agent) => agent.id === id);
const openBriefs = async () => (await world.ada.brief.list({ unresolved: true })).items;

/** A day has passed, and the watchdog looks again. */
async function nextDay(): Promise<void> {
  await world.clock.advance(DAY_MS);
  await world.watchdog.sweep();
}

describe('an agent that is saved', () => {
  test('is checked at once, without a call of the model', async () => {
    const agent = await createModelAgent();
    expect(agent.readiness).toMatchObject({ verdict: 'ready', problem: null, checkedAt: world.clock.now() });
    expect(provider.paths.every((path) => path.endsWith('/models'))).toBe(true);
  });

  test('is saved although its provider refuses the key, and says where to correct it', async () => {
    provider.answerAll(REFUSED);
    const agent = await createModelAgent();
    expect(agent.readiness).toMatchObject({
      verdict: 'reauth-required',
      cure: { key: 'open-models', url: '/settings/models' },
    });
    expect(agent.problem).toContain('refused the key');
    expect(await openBriefs()).toEqual([]);
  });

  test('is saved although its provider is away, which stops no task', async () => {
    provider.answerAll(AWAY);
    const agent = await createModelAgent();
    expect(agent).toMatchObject({ readiness: { verdict: 'unavailable' }, problem: null });
    const task = await world.createTask({ agentId: agent.id });
    expect(await world.ada.task.start({ id: task.id })).toMatchObject({ status: 'scheduled' });
  });

  test('is saved although nobody could ask about it, and is asked about later', async () => {
    void awayFor(world.testDatabase, 'everbeat_read_agent_to_check');
    const agent = await createModelAgent();
    expect(agent.readiness).toMatchObject({ verdict: null, checkedAt: null });
    await world.watchdog.sweep();
    expect((await agentNow(agent.id))?.readiness.verdict).toBe('ready');
  });

  test('needs its servers of tools, and the tools of them that it names', async () => {
    const mcp = await startMcpServer();
    mcp.serve({ name: 'read' }, { name: 'send' });
    const server = await world.ada.mcpServer.create({ name: 'mail', transport: 'http', url: mcp.url });
    const tools = { mcp: [{ serverId: server.id, tools: { send: 'ask' } }] };
    const agent = await createModelAgent({ tools });
    expect(agent.readiness.verdict).toBe('ready');

    mcp.serve({ name: 'read' });
    await world.ada.mcpServer.check({ id: server.id });
    const without = (await world.ada.agent.check({ id: agent.id })).readiness;
    expect(without).toMatchObject({ verdict: 'misconfigured', cure: { key: 'open-agent' } });
    expect(without.problem).toContain('send');

    mcp.requireAuthorization('Bearer new');
    await world.ada.mcpServer.check({ id: server.id });
    expect((await world.ada.agent.check({ id: agent.id })).readiness).toMatchObject({
      verdict: 'reauth-required',
      cure: { key: 'open-servers', url: '/settings/servers' },
    });

    await world.ada.mcpServer.delete({ id: server.id });
    expect((await world.ada.agent.check({ id: agent.id })).readiness).toMatchObject({
      verdict: 'misconfigured',
      cure: { key: 'open-agent', url: `/agents?edit=${agent.id}` },
    });
    await mcp.close();
  });

  test('is not said to be what an older form of it was', async () => {
    const { agentId } = await scheduled();
    provider.answerAll('hangs');
    const asked = provider.paths.length;
    const check = world.ada.agent.check({ id: agentId });
    await provider.called(asked + 1);
    await world.query(`update everbeat.agents set updated_at = updated_at + interval '1 s' where id = $1`, [
      agentId,
    ]);
    await world.clock.advance(LIMITS.agentCheckWaitMs);
    expect((await check).readiness.verdict).toBe('ready');
  });

  test('is unavailable when its provider does not answer in time', async () => {
    const { agentId } = await scheduled();
    provider.answerAll('hangs');
    const asked = provider.paths.length;
    const check = world.ada.agent.check({ id: agentId });
    await provider.called(asked + 1);
    await world.clock.advance(LIMITS.agentCheckWaitMs);
    expect((await check).readiness).toMatchObject({ verdict: 'unavailable' });
  });
});

describe('a task that is started', () => {
  test('is refused in words while its agent cannot run, and raises no run', async () => {
    provider.answerAll(REFUSED);
    const agent = await createModelAgent();
    const task = await world.createTask({ agentId: agent.id });
    for (const act of [
      () => world.ada.task.start({ id: task.id }),
      () => world.ada.task.resume({ id: task.id }),
      () => world.ada.task.run({ id: task.id }),
    ]) {
      const refusal = await refusalOf(act());
      expect(refusal).toMatchObject({ code: 'PRECONDITION_FAILED', appCode: 'agent-not-ready' });
      expect(refusal.message).toContain('Thinker');
      expect(refusal.message).toContain('refused the key');
    }
    expect(await world.task(task.id)).toMatchObject({ status: 'backlog', totalTopics: 0 });

    provider.answerAll(null);
    expect(await world.ada.task.start({ id: task.id })).toMatchObject({ status: 'scheduled' });
    expect((await agentNow(agent.id))?.readiness.verdict).toBe('ready');
  });

  test('is refused where nothing says what to watch, which is no fault of the agent', async () => {
    const agent = await world.ada.agent.create({ name: 'Watcher', kind: 'watch', config: {} });
    const task = await world.createTask({ agentId: agent.id });
    expect(await refusalOf(world.ada.task.start({ id: task.id }))).toMatchObject({
      appCode: 'agent-not-ready',
      message: expect.stringContaining('no address to watch'),
    });
    expect((await agentNow(agent.id))?.readiness.verdict).toBe('ready');
  });

  test('is not refused for what belongs to somebody else', async () => {
    const { taskId } = await scheduled();
    expect(await refusalOf(world.bob.task.start({ id: taskId }))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('the daily check', () => {
  test('tells once, with the cure, before the run that would fail, and closes by itself', async () => {
    const { agentId, taskId } = await scheduled();
    await world.watchdog.sweep();
    provider.answerAll(REFUSED);
    await nextDay();

    const [brief, ...others] = await openBriefs();
    expect(others).toEqual([]);
    expect(brief).toMatchObject({
      taskId,
      type: 'error',
      priority: 'urgent',
      occurrences: 1,
      title: 'The agent Thinker cannot run: its next runs would fail',
    });
    expect(brief?.actions.map(({ key }) => key)).toEqual(['open-models', 'acknowledge', 'dismiss']);
    expect((await world.ada.system.overview()).agentsNotReady).toMatchObject([
      { id: agentId, verdict: 'reauth-required', cure: { key: 'open-models' } },
    ]);

    await nextDay();
    expect(await openBriefs()).toMatchObject([{ id: brief?.id, occurrences: 2 }]);
    expect(await world.task(taskId)).toMatchObject({ status: 'scheduled', totalTopics: 0 });

    // The person enters another key: the next pass of the watchdog looks again.
    provider.answerAll(null);
    await saveKey('sk-good');
    await world.watchdog.sweep();
    expect(await openBriefs()).toEqual([]);
    expect((await world.briefs(taskId)).map(({ resolvedAction }) => resolvedAction)).toEqual(['recovered']);
    expect((await world.ada.system.overview()).agentsNotReady).toEqual([]);
  });

  test('does not open again what a person has put aside, until something else is wrong', async () => {
    const { taskId } = await scheduled();
    provider.answerAll(REFUSED);
    await nextDay();
    const [brief] = await openBriefs();
    await world.ada.brief.resolve({ id: brief?.id ?? '', action: 'dismiss' });
    await nextDay();
    expect(await openBriefs()).toEqual([]);

    provider.answerAll(null);
    await nextDay();
    provider.answerAll(REFUSED);
    await nextDay();
    expect(await openBriefs()).toMatchObject([{ taskId, occurrences: 1 }]);
  });

  test('tells of what is away only if it stays away', async () => {
    await scheduled();
    provider.answerAll(AWAY);
    await nextDay();
    expect(await openBriefs()).toEqual([]);
    await world.clock.advance(LIMITS.agentRecheckSeconds * 1_000);
    await world.watchdog.sweep();
    expect(await openBriefs()).toMatchObject([{ type: 'error', priority: 'normal' }]);
  });

  test('is one for all tasks of an agent, and none of agents that no task uses', async () => {
    const { agentId, taskId } = await scheduled();
    const second = await startYearly(agentId);
    await createModelAgent();
    provider.answerAll(REFUSED);
    const before = provider.paths.length;
    await nextDay();
    expect(provider.paths.length - before).toBe(1);
    expect(await openBriefs()).toMatchObject([{ taskId }]);

    // The agent is not used any more: its brief is looked after all the same.
    for (const id of [taskId, second]) await world.ada.task.cancel({ id });
    provider.answerAll(null);
    await nextDay();
    expect(await openBriefs()).toEqual([]);
    const asked = provider.paths.length;
    await nextDay();
    expect(provider.paths.length).toBe(asked);
  });

  test('is made once, however many servers look', async () => {
    await scheduled();
    await world.watchdog.sweep();
    const other = await world.secondProcess();
    await other.watchdog.sweep();
    const before = provider.paths.length;
    provider.answerAll('hangs');
    await world.clock.advance(DAY_MS);
    const first = world.watchdog.sweep();
    await provider.called(before + 1);
    await Promise.all([other.watchdog.sweep(), other.watchdog.sweep()]);
    await world.clock.advance(LIMITS.agentCheckMs);
    await first;
    expect(provider.paths.length).toBe(before + 1);
  });

  test('that was under way when the person entered another key is made again', async () => {
    const { agentId } = await scheduled();
    await world.watchdog.sweep();
    provider.answerAll('hangs');
    await world.clock.advance(DAY_MS);
    const asked = provider.paths.length;
    const underWay = world.watchdog.sweep();
    await provider.called(asked + 1);

    provider.answerAll(null);
    await world.clock.advance(1);
    await saveKey('sk-good');
    await world.clock.advance(LIMITS.agentCheckMs);
    await underWay;
    await world.watchdog.sweep();
    expect((await agentNow(agentId))?.readiness.verdict).toBe('ready');
  });

  test('says nothing over a later one that ended before it', async () => {
    const { agentId } = await scheduled();
    provider.answerAll('hangs');
    await world.clock.advance(DAY_MS);
    const asked = provider.paths.length;
    const underWay = world.watchdog.sweep();
    await provider.called(asked + 1);

    provider.answerAll(null);
    await world.clock.advance(1);
    await world.ada.agent.check({ id: agentId });
    await world.clock.advance(LIMITS.agentCheckMs);
    await underWay;
    expect((await agentNow(agentId))?.readiness.verdict).toBe('ready');
  });

  test('is made at once by a server that has just started, of an agent that could not run', async () => {
    const { agentId } = await scheduled();
    provider.answerAll(REFUSED);
    await nextDay();
    expect((await agentNow(agentId))?.readiness.verdict).toBe('reauth-required');
    provider.answerAll(null);
    await world.watchdog.sweep();
    expect((await agentNow(agentId))?.readiness.verdict).toBe('reauth-required');
    await (await world.secondProcess()).watchdog.sweep();
    expect((await agentNow(agentId))?.readiness.verdict).toBe('ready');
  });

  test('waits for a database that is away', async () => {
    const { agentId } = await scheduled();
    provider.answerAll(REFUSED);
    await world.clock.advance(DAY_MS);
    void awayFor(world.testDatabase, 'everbeat_take_due_agents');
    await world.watchdog.sweep();
    expect((await agentNow(agentId))?.readiness.verdict).toBe('ready');
    await world.watchdog.sweep();
    expect((await agentNow(agentId))?.readiness.verdict).toBe('reauth-required');
  });

  test('of one that cannot be written keeps no other from being checked', async () => {
    const { agentId } = await scheduled();
    const { agentId: second } = await scheduled();
    await world.watchdog.sweep();
    provider.answerAll(REFUSED);
    await world.query(
      `create function everbeat.refuse_one() returns trigger language plpgsql as $$
       begin if new.check_verdict = 'reauth-required' and new.id = '${agentId}' then raise 'not this one'; end if; return new; end $$`,
    );
    await world.query(
      'create trigger refuse_one before update on everbeat.agents for each row execute function everbeat.refuse_one()',
    );
    await nextDay();
    expect((await agentNow(agentId))?.readiness.verdict).toBe('ready');
    expect((await agentNow(second))?.readiness.verdict).toBe('reauth-required');
    await world.query('drop trigger refuse_one on everbeat.agents');
  });

  test('takes a few agents in each pass', async () => {
    const count = LIMITS.agentChecksPerSweep + 2;
    const { agentId } = await scheduled();
    await world.query(
      `insert into everbeat.agents (id, user_id, name, kind, config, check_due_at)
       select gen_random_uuid(), user_id, name, kind, config, $2 from everbeat.agents, generate_series(2, $1) where id = $3`,
      [count, world.clock.now(), agentId],
    );
    await world.query(
      `update everbeat.agents set check_due_at = $1, checked_at = null where kind = 'model'`,
      [world.clock.now()],
    );
    const before = provider.paths.length;
    await world.watchdog.sweep();
    expect(provider.paths.length - before).toBeLessThanOrEqual(LIMITS.agentChecksPerSweep);
    await world.watchdog.sweep();
    expect(provider.paths.length - before).toBe(count);
  });

  test('ends with its brief when the agent is deleted', async () => {
    const { agentId, taskId } = await scheduled();
    provider.answerAll(REFUSED);
    await nextDay();
    await world.ada.task.cancel({ id: taskId });
    await world.ada.agent.delete({ id: agentId });
    expect(await openBriefs()).toEqual([]);
  });
});
