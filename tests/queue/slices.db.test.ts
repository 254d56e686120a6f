import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import { type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createQueueWorld, type QueueWorld } from '../support/queueWorld';

let chat: FakeChatModel;
let world: QueueWorld;
beforeEach(async () => {
  chat = await startFakeChatModel();
  world = await createQueueWorld({
    env: {
      OPENAI_BASE_URL: chat.baseUrl,
      MODEL_DEFAULT: 'openai-compatible/fake-model',
      RUN_SLICE_SECONDS: '60',
    },
  });
});
afterEach(async () => {
  try {
    await world.expectSound();
  } finally {
    await world.close();
    await chat.close();
  }
});

const note = { name: 'add_comment', arguments: { content: 'Seen' } };

describe('a run of a model in queue mode', () => {
  test('goes on in another request once a request has lasted long enough', async () => {
    const agent = await world.agents.create(world.userId, { name: 'Model', kind: 'model', config: {} });
    const id = await world.startTask({ agentId: agent.id });
    chat.next({ toolCalls: [note], held: true });
    chat.default({ text: 'All quiet' });
    const { tickToken } = (await world.task(id)).scheduler;
    const tick = { taskId: id, userId: world.userId, tickToken };
    const first = world.call(WEBHOOK_PATHS.heartbeatTick, tick);
    await chat.requested(1);
    await world.clock.advance(61_000);
    chat.release();
    expect((await first).status).toBe(200);

    const rows = () =>
      world.query<{ status: string; steps: string }>(
        `select o.status, (select count(*) from everbeat.operation_steps s where s.operation_id = o.id) as steps
         from everbeat.operations o where o.task_id = $1`,
        [id],
      );
    expect(await rows()).toEqual([{ status: 'running', steps: '2' }]);
    expect(world.published(WEBHOOK_PATHS.agentExecute)).toHaveLength(1);

    await world.elapse(1);
    await world.runner.idle();

    expect(await rows()).toEqual([{ status: 'done', steps: '3' }]);
    expect(chat.requests).toHaveLength(2);
    const comments = await world.query('select content from everbeat.task_comments where task_id = $1', [id]);
    expect(comments).toEqual([{ content: 'Seen' }]);
  });
});
