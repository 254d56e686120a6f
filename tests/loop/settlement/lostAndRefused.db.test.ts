import type { AgentOutcome } from '@everbeat/agents';
import type { BriefActionView, Logger } from '@everbeat/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../support/world';

const REFUSED = {
  kind: 'error',
  errorCode: 'model_unauthorized',
  errorMessage: 'The key was refused: sk-secret',
} as const satisfies AgentOutcome;

interface Line {
  level: 'warn' | 'other';
  message: string;
  fields: object;
}
const lines: Line[] = [];
const logAs =
  (level: Line['level']) =>
  (fields: object, message: string): void =>
    void lines.push({ level, message, fields });
const logger: Logger = {
  debug: logAs('other'),
  info: logAs('other'),
  warn: logAs('warn'),
  error: logAs('other'),
};

let world: World;
beforeAll(async () => {
  world = await createWorld({ logger });
});
afterAll(() => world.close());

/** A run whose process gives no sign of life any more, until the watchdog has settled it. */
async function loseRun(id: string): Promise<void> {
  world.agent.hold();
  const { tickToken } = (await world.task(id)).scheduler;
  const { finished } = await world.runner.runTick({
    taskId: id,
    userId: world.userId,
    tickToken: tickToken ?? '',
  });
  const expired = new Date(world.clock.now().getTime() - 1).toISOString();
  await world.query('update everbeat.operations set lease_expires_at = $2 where task_id = $1', [id, expired]);
  expect(await world.watchdog.sweep()).toMatchObject({ stuck: 1 });
  world.agent.release();
  await finished;
}

describe('a run whose lease is over', () => {
  test('is no strike: it is armed for now as the same occurrence', async () => {
    const id = await world.startTask();
    await loseRun(id);

    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: {
        consecutiveFailures: 0,
        lostRuns: 1,
        dueAt: world.clock.now().toISOString(),
        retry: { attempt: 2 },
      },
    });
    expect(
      await world.query('select status, failure_class from everbeat.operations where task_id = $1', [id]),
    ).toEqual([{ status: 'timeout', failure_class: 'lost' }]);
    expect(await world.briefs(id)).toEqual([]);
    await world.expectSound();
  });

  test('blows the fuse in the end, if it happens again and again', async () => {
    const id = await world.startTask();
    for (let run = 0; run < 7; run += 1) {
      expect(await world.task(id)).toMatchObject({ status: 'scheduled' });
      const { dueAt } = (await world.task(id)).scheduler;
      await world.clock.advance(Math.max(0, Date.parse(dueAt ?? '') - world.clock.now().getTime()));
      await loseRun(id);
    }
    expect(await world.task(id)).toMatchObject({
      status: 'paused',
      scheduler: { consecutiveFailures: 3, blockedBy: 'fuse' },
    });
  });
});

describe('a failure that only a person can remove', () => {
  test('pauses the task at once, says what to do in one urgent brief, and leaves one line in the log', async () => {
    const id = await world.startTask();
    lines.length = 0;
    world.agent.next(REFUSED);
    await world.beat(id);

    expect(await world.task(id)).toMatchObject({
      status: 'paused',
      scheduler: { consecutiveFailures: 0, blockedBy: null, needsPerson: true },
    });
    expect(await world.briefs(id)).toMatchObject([{ type: 'error', priority: 'urgent', occurrences: 1 }]);
    expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([
      {
        message: 'A run failed',
        fields: {
          taskId: id,
          errorCode: 'model_unauthorized',
          failureClass: 'needs-person',
          status: 'paused',
        },
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain('sk-secret');
  });
});

describe('the brief of a failure that only a person can remove', () => {
  const refusedWith = async (errorCode: string): Promise<{ taskId: string; actions: BriefActionView[] }> => {
    const taskId = await world.startTask();
    world.agent.next({ ...REFUSED, errorCode });
    await world.beat(taskId);
    const { items } = await world.reads.briefs(world.userId, { taskId });
    return { taskId, actions: items[0]?.actions ?? [] };
  };

  test('leads to where the cause is removed, beside its other options', async () => {
    const { taskId, actions } = await refusedWith('agent_http_401');
    const { agentId } = await world.reads.task(world.userId, taskId);
    expect(actions[0]).toEqual({
      key: 'open-agent',
      label: 'Open the agent',
      url: `/agents?edit=${agentId}`,
    });
    expect(actions.slice(1).map(({ key }) => key)).toEqual(['retry', 'acknowledge', 'dismiss']);
    expect((await refusedWith('model_unauthorized')).actions[0]).toMatchObject({ url: '/settings/models' });
  });

  test('of a task without an agent leads to the task', async () => {
    const taskId = await world.startTask({ agentId: null });
    await world.beat(taskId);
    const { items } = await world.reads.briefs(world.userId, { taskId });
    const { identifier } = await world.reads.task(world.userId, taskId);
    expect(items[0]?.actions[0]).toMatchObject({ url: `/tasks/${identifier}?edit=true` });
  });

  test('runs the task again when the person says that it is done', async () => {
    const { taskId } = await refusedWith('agent_http_401');
    const [brief] = await world.briefs(taskId);
    await world.lifecycle.resolveBrief(world.userId, { id: brief?.id ?? '', action: 'open-agent' });
    expect(await world.task(taskId)).toMatchObject({ status: 'scheduled', error: null });
    await world.expectSound();
  });
});
