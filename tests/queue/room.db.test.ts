import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import { expect, test } from 'vitest';
import { queueWorldPerTest } from '../support/queueWorld';

const world = queueWorldPerTest({ places: 1 });
const TICK = WEBHOOK_PATHS.heartbeatTick;

const tickOf = async (taskId: string) => {
  const { tickToken } = (await world().task(taskId)).scheduler;
  return { taskId, userId: world().userId, tickToken };
};

/** One task runs and holds the only place; the tick of another is due. */
async function crowded() {
  // The test delivers the ticks itself.
  world().qstash.faults.drop({ times: 2 });
  const [first, second] = [await world().startTask(), await world().startTask()];
  await world().clock.advance(0);
  world().agent.hold();
  const running = world().call(TICK, await tickOf(first));
  await world().agent.started(1);
  return { first, second, running };
}

/** Lets time pass, a second at a time, until the call is answered. */
async function answered<Answer>(call: Promise<Answer>): Promise<Answer> {
  let isAnswered = false;
  void call.finally(() => {
    isAnswered = true;
  });
  await expect
    .poll(
      async () => {
        await world().clock.advance(1_000);
        return isAnswered;
      },
      { timeout: 15_000 },
    )
    .toBe(true);
  return call;
}

test('a signed tick that meets no room waits a moment in its request, and runs when a place is free', async () => {
  const { second, running } = await crowded();
  const waiting = world().call(TICK, await tickOf(second));
  await expect.poll(() => world().clock.pending()).toBeGreaterThan(1);
  expect((await world().task(second)).status).toBe('scheduled');

  world().agent.release();

  expect((await running).answer).toMatchObject({ ran: true });
  expect((await waiting).answer).toMatchObject({ ran: true });
  expect(world().agent.calls.map(({ taskId }) => taskId)).toContain(second);
});

test('it is answered with 429 and a time to come back, and its arm is kept; then the same message runs', async () => {
  const { second, running } = await crowded();
  const tick = await tickOf(second);

  const { status, headers, answer } = await answered(world().call(TICK, tick));

  expect({ status, answer }).toEqual({ status: 429, answer: { error: 'no room for the run now' } });
  const seconds = Number(headers.get('retry-after'));
  expect(seconds).toBeGreaterThanOrEqual(30);
  expect(seconds).toBeLessThan(90);
  expect(await tickOf(second)).toEqual(tick);
  expect(await world().ticks(second)).toMatchObject([{ outcome: null }]);
  expect(await world().query('select 1 from everbeat.operations where task_id = $1', [second])).toEqual([]);

  world().agent.release();
  await running;
  expect((await world().call(TICK, tick)).answer).toMatchObject({ ran: true });
});

test('each further retry of QStash is asked to come back four times as late', async () => {
  const { second, running } = await crowded();
  const tick = await tickOf(second);
  const secondsOf = async (retried: number): Promise<number> => {
    const call = world().call(TICK, tick, { 'upstash-retried': String(retried) });
    return Number((await answered(call)).headers.get('retry-after'));
  };
  const first = await secondsOf(0);
  expect([await secondsOf(1), await secondsOf(2), await secondsOf(9)]).toEqual([
    first * 4,
    first * 16,
    first * 16,
  ]);
  world().agent.release();
  await running;
});

test('while the server stops, a tick is turned away and keeps its arm', async () => {
  const id = await world().startTask();
  const tick = await tickOf(id);
  await world().runner.stop();

  expect((await world().call(TICK, tick)).status).toBe(429);
  expect(await tickOf(id)).toEqual(tick);
});
