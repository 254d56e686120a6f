import type { AgentOutcome } from '@everbeat/agents';
import { createScriptedAgent, type ScriptedAgent } from '@everbeat/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createReviewWorld, REQUIREMENT, type ReviewWorld } from './reviewWorld';

let world: ReviewWorld;
let other: ScriptedAgent;
let reviewerId: string;
beforeAll(async () => {
  other = createScriptedAgent('command');
  world = await createReviewWorld({ runtimes: { command: other } });
  ({ id: reviewerId } = await world.agents.create(world.userId, {
    name: 'Reviewer',
    kind: 'command',
    config: { command: 'check' },
  }));
});
afterAll(() => world.close());

let runsBefore = 0;
beforeEach(() => {
  runsBefore = world.work().length;
});

const BROKEN: [string, AgentOutcome | (() => Promise<AgentOutcome>)][] = [
  ['throws', () => Promise.reject(new Error('It broke'))],
  [
    'reports an error',
    { kind: 'error', errorCode: 'agent_error', errorMessage: 'I cannot', failureClass: 'agent' },
  ],
  ['takes too long', { kind: 'error', errorCode: 'agent_timeout', errorMessage: 'Not done after 600 s' }],
  ['gives no verdict', { kind: 'done', content: 'Looks fine to me' }],
];

describe('a reviewer', () => {
  test.each(BROKEN)(
    'that %s is asked again later, and the work is not done again for it',
    async (_what, step) => {
      const id = await world.createOneOff();
      world.reviewerDoes(step);
      await world.runNow(id);
      await world.settleAll(id);
      expect((await world.operations(id)).at(-1)).toMatchObject({
        trigger: 'review',
        status: 'error',
        failure_class: 'transient',
        review: null,
      });
      const [topic] = await world.query('select status, error from everbeat.topics where task_id = $1', [id]);
      expect(topic).toEqual({ status: 'done', error: null });
      const { scheduler } = await world.task(id);
      expect(scheduler).toMatchObject({ trigger: 'review', consecutiveFailures: 0, retry: { attempt: 2 } });
      expect(Date.parse(scheduler.dueAt ?? '')).toBeGreaterThan(world.clock.now().getTime());
      await world.expectSound();

      await world.beat(id);
      expect((await world.task(id)).status).toBe('paused');
      expect(await world.openBrief(id)).toMatchObject({ purpose: 'approval' });
      expect(world.work().length - runsBefore).toBe(1);
      await world.expectSound();
    },
  );

  test('that fails and tells something all the same leaves nothing of it: its verdict alone would count', async () => {
    const id = await world.createOneOff();
    const told = {
      briefs: [{ type: 'insight', priority: 'normal', title: 'From the reviewer', summary: 'Seen' } as const],
    };
    world.reviewerDoes({ kind: 'error', errorCode: 'agent_error', errorMessage: 'I cannot', told });
    await world.runNow(id);
    await world.settleAll(id);
    expect((await world.briefs(id)).map(({ title }) => title)).not.toContain('From the reviewer');
    expect((await world.task(id)).scheduler).toMatchObject({ trigger: 'review', retry: { attempt: 2 } });
    await world.expectSound();
  });

  test('that is another agent is not given what the task sets for its own', async () => {
    const command = { branch: 'of the task' };
    const own = await world.createTask({ agentId: reviewerId, config: { command } });
    await world.runNow(own.id);
    expect(other.calls.at(-1)?.settings).toEqual(command);

    const review = { requirement: REQUIREMENT, agentId: reviewerId };
    const id = await world.createOneOff({ config: { command, review } });
    other.next({ kind: 'done', content: '', verdict: { verdict: 'passed', reasons: [] } });
    await world.runNow(id);
    await world.settleAll(id);
    expect(other.calls.at(-1)).toMatchObject({ taskId: id, settings: undefined });
  });

  test('that is another agent counts against the caps of that agent, and not of the one that does the work', async () => {
    const { id: frugalId } = await world.agents.create(world.userId, {
      name: 'Frugal reviewer',
      kind: 'command',
      config: { command: 'check', budget: { totalUsd: 0.2 } },
    });
    const id = await world.createOneOff({
      config: { review: { requirement: REQUIREMENT, agentId: frugalId } },
    });
    const callsBefore = other.calls.length;
    other.next({
      kind: 'done',
      content: '',
      verdict: { verdict: 'passed', reasons: [] },
      usage: { costUsd: 0.3 },
    });
    await world.runNow(id);
    await world.settleAll(id);
    expect(other.calls.length - callsBefore).toBe(1);
    const counted = await world.query(
      `select scope_id = $1 as "isReviewer", spent_usd::float8 as spent from everbeat.budget_counters
       where scope = 'agent' and period = 'total'`,
      [frugalId],
    );
    expect(counted).toEqual([{ isReviewer: true, spent: 0.3 }]);

    const next = await world.createOneOff({
      config: { review: { requirement: REQUIREMENT, agentId: frugalId } },
    });
    await world.runNow(next);
    await world.settleAll(next);
    expect(other.calls.length - callsBefore).toBe(1);
    expect((await world.operations(next)).at(-1)).toMatchObject({ trigger: 'review', status: 'budget' });
    await world.expectSound();
  });

  test('may be another agent, of another kind, which gets none of the settings of the task', async () => {
    const id = await world.createOneOff({
      config: { review: { requirement: REQUIREMENT, agentId: reviewerId } },
    });
    other.next({ kind: 'done', content: '', verdict: { verdict: 'passed', reasons: [] } });
    await world.runNow(id);
    await world.settleAll(id);
    expect(other.calls.at(-1)).toMatchObject({ config: { command: 'check' }, settings: undefined });
    expect((await world.task(id)).status).toBe('paused');
    await world.expectSound();
  });

  test('that is gone needs the person; once another is chosen, the work is checked and not done again', async () => {
    const { id: goneId } = await world.agents.create(world.userId, {
      name: 'Gone',
      kind: 'command',
      config: { command: 'check' },
    });
    const id = await world.createOneOff({
      config: { review: { requirement: REQUIREMENT, agentId: goneId } },
    });
    await world.runNow(id);
    await world.query('delete from everbeat.agents where id = $1', [goneId]);
    await world.settleAll(id);
    expect(await world.task(id)).toMatchObject({ status: 'paused', scheduler: { needsPerson: true } });
    await world.expectSound();

    await world.tasks.update(world.userId, { id, config: { review: { requirement: REQUIREMENT } } });
    const { id: briefId } = await world.openBrief(id);
    await world.lifecycle.resolveBrief(world.userId, { id: briefId, action: 'retry' });
    expect((await world.task(id)).scheduler.trigger).toBe('review');
    await world.settleAll(id);
    expect((await world.task(id)).status).toBe('paused');
    expect(await world.openBrief(id)).toMatchObject({ purpose: 'approval' });
    expect(world.work().length - runsBefore).toBe(1);
    await world.expectSound();
  });

  test('whose process is lost is asked again at once, and the work is not done again', async () => {
    const id = await world.createOneOff();
    await world.runNow(id);
    world.agent.hold();
    const { tickToken } = (await world.task(id)).scheduler;
    const started = await world.runner.runTick({
      taskId: id,
      userId: world.userId,
      tickToken: tickToken ?? '',
    });
    if (!started.result.ran) throw new Error('It was skipped');
    await world.query(
      `update everbeat.operations set lease_expires_at = $2::timestamptz - interval '1 second' where id = $1`,
      [started.result.operationId, world.clock.now()],
    );
    await world.watchdog.sweep();
    world.runner.abort(started.result.operationId);
    world.agent.release();
    await started.finished;
    expect(await world.task(id)).toMatchObject({ status: 'scheduled', scheduler: { trigger: 'review' } });
    await world.settleAll(id);
    expect((await world.task(id)).status).toBe('paused');
    expect(world.work().length - runsBefore).toBe(1);
    await world.expectSound();
  });

  test('is called once, however many processes find the work', async () => {
    const id = await world.createOneOff();
    const second = await world.secondProcess();
    await world.runNow(id);
    const before = world.checks().length;
    const { tickToken } = (await world.task(id)).scheduler;
    const tick = { taskId: id, userId: world.userId, tickToken: tickToken ?? '' };
    const results = await Promise.all([world.runner.runTick(tick), second.runner.runTick(tick)]);
    await Promise.all(results.map(({ finished }) => finished));
    expect(results.filter(({ result }) => result.ran).length).toBe(1);
    expect(world.checks().length - before).toBe(1);
    await world.expectSound();
  });

  test('that a person stops is asked again when the task is resumed', async () => {
    const id = await world.createOneOff();
    await world.runNow(id);
    await world.lifecycle.pause(world.userId, id);
    await world.lifecycle.resume(world.userId, id);
    expect((await world.task(id)).scheduler).toMatchObject({
      trigger: 'review',
      review: { phase: 'review' },
    });
    await world.settleAll(id);
    expect(await world.openBrief(id)).toMatchObject({ purpose: 'approval' });
    expect(world.work().length - runsBefore).toBe(1);
    await world.expectSound();
  });

  test('is not called any more once the check is turned off: the work counts unchecked, and says so', async () => {
    const id = await world.createOneOff();
    await world.runNow(id);
    const before = world.checks().length;
    await world.tasks.update(world.userId, { id, config: {} });
    await world.settleAll(id);
    expect(world.checks().length).toBe(before);
    expect((await world.openBrief(id)).summary).toContain('The work was not checked');
    await world.expectSound();
  });

  test('cannot be a page watcher, and a page watcher does nothing that could be checked', async () => {
    const watcher = await world.agents.create(world.userId, { name: 'Watcher', kind: 'watch', config: {} });
    const byWatcher = { review: { requirement: REQUIREMENT, agentId: watcher.id } };
    await expect(world.createOneOff({ config: byWatcher })).rejects.toThrow('cannot check work');
    const ofWatcher = { agentId: watcher.id, config: { review: { requirement: REQUIREMENT } } };
    await expect(world.createOneOff(ofWatcher)).rejects.toThrow('no work that could be checked');
  });
});
