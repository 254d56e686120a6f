import { type AgentTool, agentKinds } from '@everbeat/agents';
import { findExpiredBriefs } from '@everbeat/database';
import { LIMITS } from '@everbeat/domain';
import type { FakeChatModel } from '@everbeat/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { stepsWorldPerTest } from './stepsWorld';

/** Every call of the tool that asks first. */
let sent: { input: unknown; occurrence: string }[];

const sendTool: AgentTool = {
  name: 'send_mail',
  description: 'Sends a mail',
  inputSchema: { type: 'object' },
  readOnly: false,
  idempotent: false,
  policy: 'ask',
  async execute(input, { occurrence }) {
    sent.push({ input, occurrence });
    return 'sent';
  },
};

const withTool = (chat: FakeChatModel) => ({
  model: agentKinds.model.createRuntime({
    providers: { 'openai-compatible': { baseUrl: chat.baseUrl } },
    defaultModel: 'openai-compatible/fake-model',
    addressPolicy: { privateAddresses: 'any' },
    tools: () => [sendTool],
  }),
});

const world = stepsWorldPerTest({}, withTool);
beforeEach(() => {
  sent = [];
});

const mail = { to: 'ada@example.com', text: 'Hello ``` there' };
const asks = { text: 'I write to Ada.', toolCalls: [{ name: 'send_mail', arguments: mail }] };

/** A task whose run has asked whether it may send a mail. */
async function parked(): Promise<{ taskId: string; operationId: string; briefId: string }> {
  const taskId = await world().startModelTask();
  world().chat.next(asks);
  world().chat.default({ text: 'All done' });
  const operationId = await world().begin(taskId);
  await world().runner.idle();
  return { taskId, operationId, briefId: (await openBrief(taskId))?.id ?? '' };
}

interface Question {
  id: string;
  type: string;
  priority: string;
  summary: string;
  actions: { key: string }[];
}

async function openBrief(taskId: string): Promise<Question | undefined> {
  const [brief] = await world().query<Question>(
    'select id, type, priority, summary, actions from everbeat.briefs where task_id = $1 and resolved_at is null',
    [taskId],
  );
  return brief;
}

async function answer(briefId: string, action: string, comment?: string): Promise<void> {
  await world().lifecycle.resolveBrief(world().userId, { id: briefId, action, comment: comment ?? null });
  await world().runner.idle();
}

const statuses = async (operationId: string): Promise<string[]> =>
  (await world().steps(operationId)).map(({ status }) => status);

describe('a call of a tool that asks first', () => {
  test('parks the run with one question, which shows the call, and holds nothing', async () => {
    const { taskId, operationId } = await parked();

    const question = await openBrief(taskId);
    expect(question).toMatchObject({ type: 'decision', priority: 'urgent' });
    expect(question?.actions.map(({ key }) => key)).toEqual(['approve', 'always', 'decline']);
    expect(question?.summary).toContain('send\\_mail');
    expect(question?.summary).toContain('"to": "ada@example.com"');
    expect(question?.summary).toContain('````json');
    expect(await statuses(operationId)).toEqual(['done', 'waiting']);
    expect(await world().operations(taskId)).toMatchObject([{ id: operationId, status: 'waiting' }]);
    expect(sent).toEqual([]);

    await world().clock.advance(3_600_000);
    expect(await world().watchdog.sweep()).toMatchObject({ stuck: 0 });
    expect(await world().deliver(taskId, operationId)).toEqual({ ran: false, reason: 'human-waiting' });
    await expect(world().runner.run(world().userId, { taskId })).rejects.toMatchObject({
      code: 'run-in-flight',
    });
    expect(world().chat.requests).toHaveLength(1);
  });

  test('is made once it is approved, in the same operation, under its own key', async () => {
    const { taskId, operationId, briefId } = await parked();
    await answer(briefId, 'approve');

    const [{ occurrence = '' } = {}] = await world().steps(operationId);
    expect(sent).toEqual([{ input: mail, occurrence: occurrence.replace(/0$/, '1') }]);
    expect(await statuses(operationId)).toEqual(['done', 'done', 'done']);
    expect(await world().operations(taskId)).toMatchObject([{ id: operationId, status: 'done', losses: 0 }]);
    expect((await world().task(taskId)).status).toBe('scheduled');
    const [model, call] = await world().reads.steps(world().userId, operationId);
    expect(model).toMatchObject({ kind: 'model', operationId, attempt: 1, answer: null });
    expect(call?.answer).toEqual({
      action: 'approve',
      comment: null,
      at: expect.any(Date),
      isUnanswered: false,
    });
    const [brief] = await world().query<{ kind: string }>(
      `select resolved_effect ->> 'kind' as kind from everbeat.briefs where id = $1`,
      [briefId],
    );
    expect(brief).toEqual({ kind: 'runs-now' });
  });

  test('is made once, however often and by however many servers the question is answered', async () => {
    const { briefId } = await parked();
    const other = await world().secondProcess();
    const say = (lifecycle: typeof other.lifecycle, action: string) =>
      lifecycle.resolveBrief(world().userId, { id: briefId, action });
    await Promise.all([
      ...[world().lifecycle, other.lifecycle, world().lifecycle].map((lifecycle) =>
        say(lifecycle, 'approve'),
      ),
      say(other.lifecycle, 'decline'),
    ]);
    await Promise.all([world().runner.idle(), other.runner.idle()]);
    await answer(briefId, 'approve');
    expect(sent.length).toBeLessThanOrEqual(1);
    expect(world().chat.requests).toHaveLength(2);
  });

  test('is not made when it is declined, and the agent is told why', async () => {
    const { taskId, operationId, briefId } = await parked();
    await answer(briefId, 'decline', 'Not on a Sunday');

    expect(sent).toEqual([]);
    expect(await statuses(operationId)).toEqual(['done', 'declined', 'done']);
    const { body } = await world().chat.requested(2);
    expect(JSON.stringify(body)).toContain('Not on a Sunday');
    expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
  });

  test('asks no more in this task once it is always allowed', async () => {
    const { taskId, briefId } = await parked();
    await answer(briefId, 'always');
    world().chat.next(asks);
    await world().beat(taskId);

    expect(sent).toHaveLength(2);
    expect(await openBrief(taskId)).toBeUndefined();
    const { config } = await world().reads.task(world().userId, taskId);
    expect(config).toMatchObject({ model: { allowedTools: ['send_mail'] } });

    const { taskId: other } = await parked();
    expect(await openBrief(other)).toMatchObject({ type: 'decision' });
  });

  test('counts as declined when nobody answers for a week, and both are told', async () => {
    const { taskId, operationId, briefId } = await parked();
    await world().clock.advance(LIMITS.approvalDays * 86_400_000 - 1_000);
    await world().watchdog.sweep();
    expect(await openBrief(taskId)).toMatchObject({ type: 'decision' });
    await world().clock.advance(2_000);
    await world().watchdog.sweep();
    await world().runner.idle();

    expect(sent).toEqual([]);
    expect(await statuses(operationId)).toEqual(['done', 'declined', 'done']);
    expect(JSON.stringify((await world().chat.requested(2)).body)).toContain('Nobody answered');
    expect(await world().briefs(taskId)).toMatchObject([
      { id: briefId, resolvedAction: 'decline' },
      { title: expect.stringContaining('“Decline” was chosen'), resolvedAction: null },
    ]);
    await answer(briefId, 'approve');
    expect(sent).toEqual([]);
  });

  test('is made when the answer comes in the last moment, between the look of a sweep and its decision', async () => {
    const { taskId, briefId } = await parked();
    await world().clock.advance(LIMITS.approvalDays * 86_400_000 + 1_000);
    const [found] = await findExpiredBriefs(world().database.pool, { now: world().clock.now(), limit: 1 });
    if (found === undefined) throw new Error('Nothing has expired');
    world().chat.hold();
    await world().lifecycle.resolveBrief(world().userId, { id: briefId, action: 'approve' });
    await world().chat.requested(2);

    expect(await world().lifecycle.expireBrief(found)).toBe(false);
    world().chat.release();
    await world().runner.idle();

    expect(sent).toHaveLength(1);
    expect(await world().operations(taskId)).toMatchObject([{ status: 'done', losses: 0 }]);
    expect(await world().briefs(taskId)).toMatchObject([{ id: briefId, resolvedAction: 'approve' }]);
  });
});

describe('a run that waits for a person', () => {
  test('survives a restart, and goes on in the server that is there when it is answered', async () => {
    const { taskId, briefId } = await parked();
    await world().runner.stop();
    const next = await world().secondProcess();
    await next.lifecycle.resolveBrief(world().userId, { id: briefId, action: 'approve' });
    await next.runner.idle();

    expect(sent).toHaveLength(1);
    expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
  });

  test('goes on after the answer although the server that took it has ended', async () => {
    const { taskId, briefId } = await parked();
    await world().runner.stop();
    await world().lifecycle.resolveBrief(world().userId, { id: briefId, action: 'approve' });
    expect(await world().operations(taskId)).toMatchObject([{ status: 'running' }]);

    const next = await world().secondProcess();
    await world().clock.advance(121_000);
    await next.watchdog.sweep();
    await next.runner.idle();

    expect(sent).toHaveLength(1);
    expect(await world().operations(taskId)).toMatchObject([{ status: 'done', losses: 0 }]);
  });

  test.each(['pause', 'cancel', 'delete'] as const)(
    'ends with its question when a person chooses %s',
    async (act) => {
      const { taskId, operationId, briefId } = await parked();
      await world().lifecycle[act](world().userId, taskId);

      expect(await world().operations(taskId)).toMatchObject([{ status: 'interrupted' }]);
      expect(await openBrief(taskId)).toBeUndefined();
      if (act !== 'delete') await answer(briefId, 'approve');
      expect(sent).toEqual([]);
      expect(await statuses(operationId)).toEqual(['done', 'waiting']);
    },
  );

  test('asks again if its question has been removed by hand', async () => {
    const { taskId, briefId } = await parked();
    await world().query('delete from everbeat.briefs where id = $1', [briefId]);
    await world().clock.advance(LIMITS.approvalDays * 86_400_000 + 1_000);
    await world().watchdog.sweep();
    await world().runner.idle();

    expect(sent).toEqual([]);
    expect(await openBrief(taskId)).toMatchObject({ type: 'decision' });
  });
});
