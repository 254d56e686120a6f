import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

/** Two processes on one database: each has its own pool, batches and timers. */
let world: World;
let other: Pick<World, 'runner' | 'lifecycle' | 'watchdog'>;

beforeAll(async () => {
  world = await createWorld();
  other = await world.secondProcess();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

async function armed(input = {}): Promise<{ taskId: string; userId: string; tickToken: string }> {
  const id = await world.startTask(input);
  return { taskId: id, userId: world.userId, tickToken: (await world.task(id)).scheduler.tickToken ?? '' };
}

/** Calls `make` `count` times and returns the results. */
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Alternate between the two processes. */
const runnerOf = (index: number) => (index % 2 === 0 ? world : other).runner;
const lifecycleOf = (index: number) => (index % 2 === 0 ? world : other).lifecycle;

describe('concurrent calls on one task: one wins, nothing is lost', () => {
  test('forty deliveries of one tick start one operation', async () => {
    const tick = await armed();
    world.agent.hold();
    const started = await Promise.all(times(40, (index) => runnerOf(index).runTick(tick)));
    world.agent.release();
    await Promise.all(started.map((one) => one.finished));

    const outcomes = started.map(({ result }) => (result.ran ? 'ran' : result.reason));
    expect(outcomes.filter((outcome) => outcome === 'ran')).toHaveLength(1);
    expect(new Set(outcomes.filter((outcome) => outcome !== 'ran'))).toEqual(new Set(['in-flight']));
  });

  test('twenty manual runs start one operation, and the others are refused with run-in-flight', async () => {
    const tick = await armed();
    world.agent.hold();
    const results = await Promise.allSettled(
      times(20, (index) => runnerOf(index).run(world.userId, { taskId: tick.taskId })),
    );
    world.agent.release();
    await world.runner.idle();
    await other.runner.idle();
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'run-in-flight' });
    }
  });

  test('concurrent ticks, manual runs and pauses, then a last pause, leave the task paused and without an arm', async () => {
    for (let round = 0; round < 10; round += 1) {
      const tick = await armed();
      await Promise.allSettled([
        ...times(4, (index) => runnerOf(index).runTick(tick)),
        ...times(2, (index) => runnerOf(index).run(world.userId, { taskId: tick.taskId })),
        ...times(2, (index) => lifecycleOf(index).pause(world.userId, tick.taskId)),
      ]);
      await lifecycleOf(round).pause(world.userId, tick.taskId);
      await world.runner.idle();
      await other.runner.idle();
      expect(await world.task(tick.taskId)).toMatchObject({
        status: 'paused',
        scheduler: { tickToken: null },
      });
    }
  });

  test('a completion that is reported twenty times while the watchdog times the run out counts one failure', async () => {
    const tick = await armed();
    world.agent.hold();
    const { result, finished } = await world.runner.runTick(tick);
    if (!result.ran) throw new Error(result.reason);
    await world.query(`update everbeat.operations set lease_expires_at = '2000-01-01' where id = $1`, [
      result.operationId,
    ]);
    const completion = {
      operationId: result.operationId,
      topicId: result.topicId,
      taskId: tick.taskId,
      userId: world.userId,
      status: 'error' as const,
      errorCode: 'x',
      errorMessage: 'broke',
      report: null,
      usage: null,
      transcript: [],
    };
    const results = await Promise.all([
      ...times(20, (index) => lifecycleOf(index).settle(completion)),
      world.watchdog.sweep(),
      other.watchdog.sweep(),
    ]);
    world.agent.release();
    await finished;

    const settledByReport = results.filter((result) => 'settled' in result && result.settled).length;
    const settledByWatchdog = results.reduce((sum, one) => sum + ('stuck' in one ? one.stuck : 0), 0);
    expect(settledByReport + settledByWatchdog).toBe(1);
    expect((await world.task(tick.taskId)).scheduler.consecutiveFailures).toBe(1);
    expect(await world.briefs(tick.taskId)).toMatchObject([{ occurrences: 1 }]);
  });

  test('two hundred tasks that are due at the same time run once each, although both processes get every tick', async () => {
    const ticks = await Promise.all(times(200, () => armed()));
    const started = await Promise.all(
      ticks.flatMap((tick) => [world.runner.runTick(tick), other.runner.runTick(tick)]),
    );
    await Promise.all(started.map((one) => one.finished));
    expect(started.filter((one) => one.result.ran)).toHaveLength(200);
  });

  test('arming a task loses no concurrent write to other keys of its context', async () => {
    const tick = await armed();
    await Promise.all([
      ...times(20, (index) =>
        world.query(
          `update everbeat.tasks set context = context || jsonb_build_object($2::text, $3::int) where id = $1`,
          [tick.taskId, `note-${index}`, index],
        ),
      ),
      ...times(5, (index) => lifecycleOf(index).start(world.userId, tick.taskId)),
    ]);
    const [row] = await world.query<{ keys: string }>(
      'select count(*)::text as keys from everbeat.tasks, jsonb_object_keys(context) where id = $1',
      [tick.taskId],
    );
    expect(row?.keys).toBe('21');
  });

  test('a brief that is resolved twelve times at the same moment arms the task once', async () => {
    const tick = await armed();
    world.agent.next({
      kind: 'done',
      content: 'x',
      briefs: [{ type: 'decision', priority: 'urgent', title: 'Which?', summary: '' }],
    });
    await world.deliver(tick.taskId);
    const [brief] = await world.briefs(tick.taskId);
    const actions = ['approve', 'dismiss', 'feedback'] as const;
    await Promise.all(
      times(12, (index) =>
        lifecycleOf(index).resolveBrief(world.userId, {
          id: brief?.id ?? '',
          action: actions[index % 3] ?? 'approve',
          comment: 'Mind the step',
        }),
      ),
    );
    const open = (await world.ticks(tick.taskId)).filter((row) => row.outcome === null);
    expect(open).toHaveLength(1);
    expect((await world.ticks(tick.taskId)).filter((row) => row.outcome === 'superseded')).toHaveLength(0);
  });
});
