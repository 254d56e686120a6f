import { rm } from 'node:fs/promises';
import { keepSession } from '@everbeat/database';
import { createFakePrograms, createTempFolder } from '@everbeat/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let programs: Awaited<ReturnType<typeof createFakePrograms>>;
let data: string;
let world: World;
beforeEach(async () => {
  programs = await createFakePrograms();
  data = await createTempFolder('data');
  const commands = { claude: programs.claude, codex: programs.codex };
  world = await createWorld({ env: { AGENT_COMMANDS: JSON.stringify(commands), DATA_DIR: data } });
});
afterEach(async () => {
  await world.close();
  await Promise.all([programs.close(), rm(data, { recursive: true })]);
});

/** Starts a heartbeat task whose agent is this program. Returns its id. */
async function startTask(program: 'claude' | 'codex', config: object = {}): Promise<string> {
  const agent = { name: program, kind: 'command', config: { command: program, ...config } } as const;
  const { id } = await world.agents.create(world.userId, agent);
  return world.startTask({ agentId: id });
}

const topics = async (taskId: string) => (await world.reads.topics(world.userId, taskId, {})).items;

const transcript = async (topicId: string): Promise<string[]> =>
  (await world.reads.transcript(world.userId, topicId, { limit: 100 })).items.map(({ content }) => content);

/** The steps that are shown, in their order. */
const steps = async (): Promise<string[]> =>
  (
    await world.query<{ step: string }>(
      `select concat_ws(' ', index, name, status, input) as step from everbeat.operation_steps order by operation_id, index`,
    )
  ).map(({ step }) => step);

test('a run keeps the session of its program, its steps and what they cost', async () => {
  const taskId = await startTask('claude');
  await world.beat(taskId);
  const [topic] = await topics(taskId);
  expect(topic?.session).toEqual({
    program: 'claude',
    id: expect.stringMatching(/^[\da-f-]{36}$/),
    resumes: null,
  });
  const [, ...shown] = await transcript(topic?.id ?? '');
  expect(shown).toEqual([
    'I look at the tests.',
    'Bash: npm test',
    'Bash failed: 2 tests failed',
    'Two tests fail.',
  ]);
  expect(await steps()).toEqual(['0 Bash failed "npm test"']);
  const [operation] = await world.query('select usage from everbeat.operations where task_id = $1', [taskId]);
  expect(operation).toEqual({ usage: { inputTokens: 103, outputTokens: 42, costUsd: 0.02 } });
});

test('each beat begins a session, or goes on with that of the beat before, as its agent says', async () => {
  const fresh = await startTask('claude');
  const going = await startTask('codex', { session: 'resume' });
  for (const taskId of [fresh, fresh, going, going]) await world.beat(taskId);
  const [later, earlier] = await topics(going);
  expect(later?.session).toMatchObject({ id: earlier?.session?.id, resumes: 1 });
  const [second, first] = await topics(fresh);
  expect(second?.session?.resumes).toBeNull();
  expect(second?.session?.id).not.toBe(first?.session?.id);
});

test('a run that is continued in its topic goes on with its session', async () => {
  const taskId = await startTask('claude');
  await world.beat(taskId);
  await world.beat(taskId);
  const [, first] = await topics(taskId);
  await world.runner.run(world.userId, { taskId, continueTopicId: first?.id ?? '' });
  await world.runner.idle();
  const calls = await programs.seen();
  expect(calls.at(-1)?.args.slice(-2)).toEqual(['--resume', first?.session?.id]);
});

test('a run that was lost in the middle is the same occurrence again, in the same session', async () => {
  const taskId = await startTask('claude');
  const working = {
    type: 'assistant',
    session_id: '<session>',
    message: { content: [{ type: 'text', text: 'I begin.' }] },
  };
  await programs.next({ prints: [working, { type: 'system' }], holdsAfter: 1 });
  const { tickToken } = (await world.task(taskId)).scheduler;
  const started = await world.runner.runTick({ taskId, userId: world.userId, tickToken: tickToken ?? '' });
  const sessionOf = async () => (await topics(taskId))[0]?.session ?? null;
  await expect.poll(sessionOf).not.toBeNull();

  await world.query(
    `update everbeat.operations set lease_expires_at = $1::timestamptz - interval '1 second'`,
    [world.clock.now()],
  );
  const other = await world.secondProcess();
  expect(await other.watchdog.sweep()).toMatchObject({ stuck: 1 });
  await world.runner.renewLeases();
  await started.finished;
  expect(await world.task(taskId)).toMatchObject({
    status: 'scheduled',
    scheduler: { consecutiveFailures: 0 },
  });
  await world.beat(taskId);

  const [first, second] = await programs.seen();
  const [again, lost] = await topics(taskId);
  expect(lost).toMatchObject({ failureClass: 'lost', session: { resumes: null } });
  expect(again).toMatchObject({ status: 'done', session: { id: lost?.session?.id, resumes: 1 } });
  expect(second?.args.slice(-2)).toEqual(['--resume', lost?.session?.id]);
  expect(second?.env.EVERBEAT_OCCURRENCE).toBe(first?.env.EVERBEAT_OCCURRENCE);
  await world.expectSound();
});

test('a run whose server is stopped is handed over with its session, and what it printed last', async () => {
  const taskId = await startTask('claude');
  const begins = { type: 'system', subtype: 'init', session_id: '<session>' };
  await programs.next({ prints: [begins, 'npm warn', begins], holdsAfter: 2 });
  const { tickToken: token } = (await world.task(taskId)).scheduler;
  await world.runner.runTick({ taskId, userId: world.userId, tickToken: token ?? '' });
  const sessionOf = async () => (await topics(taskId))[0]?.session ?? null;
  await expect.poll(sessionOf).not.toBeNull();

  const stopped = world.runner.stop();
  await world.clock.advance(1_000);
  await stopped;
  const [lost] = await topics(taskId);
  expect(lost).toMatchObject({ failureClass: 'lost', session: { program: 'claude' } });
  expect(await transcript(lost?.id ?? '')).toContain('npm warn');

  const next = await world.secondProcess();
  await world.clock.advance(60_000);
  const { tickToken } = (await world.task(taskId)).scheduler;
  const { finished } = await next.runner.runTick({
    taskId,
    userId: world.userId,
    tickToken: tickToken ?? '',
  });
  await finished;
  expect((await topics(taskId))[0]?.session).toMatchObject({ id: lost?.session?.id, resumes: lost?.number });
});

test('a run that has ended keeps no session any more', async () => {
  const taskId = await startTask('claude');
  await world.beat(taskId);
  const [topic] = await topics(taskId);
  const [{ id } = { id: '' }] = await world.query<{ id: string }>('select id from everbeat.operations');
  const session = { program: 'claude', id: 'other', resumes: null } as const;
  expect(await keepSession(world.database.pool, { operationId: id, session })).toBe(false);
  expect((await topics(taskId))[0]?.session).toEqual(topic?.session);
});

test('a run is told what is left of its budget, and asks the person when it stopped there', async () => {
  const taskId = await startTask('claude', { budget: { perRunUsd: 0.02 } });
  const over = { type: 'result', subtype: 'error_max_budget_usd', is_error: true, num_turns: 1 };
  const said = { total_cost_usd: 0.021, errors: ['Reached maximum budget ($0.02)'] };
  await programs.next({ prints: [{ ...over, ...said, session_id: '<session>' }], exitCode: 1 });
  await world.beat(taskId);

  expect((await programs.seen())[0]?.args.slice(-2)).toEqual(['--max-budget-usd', '0.0200']);
  const [operation] = await world.query('select status, usage from everbeat.operations where task_id = $1', [
    taskId,
  ]);
  expect(operation).toMatchObject({ status: 'budget', usage: { costUsd: 0.021 } });
  const { items } = await world.reads.briefs(world.userId, { taskId, unresolved: true });
  expect(items.map(({ actions }) => actions.map(({ key }) => key))).toEqual([['raise', 'wait', 'stop']]);
  expect(await world.task(taskId)).toMatchObject({ scheduler: { consecutiveFailures: 0 } });
  await world.expectSound();
});
