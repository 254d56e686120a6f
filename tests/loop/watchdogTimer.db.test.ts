import { type LoopbackServer, listenOnLoopback } from '@everbeat/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWatchdogTimer } from '@/server/runtime/watchdogTimer';
import { createWorld, type World } from '../support/world';

let world: World;
let pings: string[];
let outside: LoopbackServer;
beforeAll(async () => {
  outside = await listenOnLoopback((request, response) => {
    pings.push(request.url ?? '');
    response.end();
  });
  world = await createWorld({ env: { HEALTHCHECK_URL: `${outside.url}/check` } });
});
beforeEach(() => {
  pings = [];
});
afterAll(async () => {
  await world.expectSound();
  await world.close();
  await outside.close();
});

test('a host that slept for longer than a lease does not time out its own runs when it wakes', async () => {
  const id = await world.startTask();
  world.agent.hold();
  const { tickToken } = (await world.task(id)).scheduler;
  const { finished } = await world.runner.runTick({
    taskId: id,
    userId: world.userId,
    tickToken: tickToken ?? '',
  });
  world.clock.set(new Date(world.clock.now().getTime() + 3_600_000));

  const stop = startWatchdogTimer(world);
  await expect
    .poll(async () => (await world.system.status(world.userId)).lastWatchdogRun)
    .toMatchObject({ stuck: 0 });
  stop();

  world.agent.release();
  await finished;
  expect(await world.task(id)).toMatchObject({ status: 'scheduled', scheduler: { consecutiveFailures: 0 } });
});

test('each pass is told outside, and one without the database as failed', async () => {
  const stop = startWatchdogTimer(world);
  await expect.poll(() => pings).toEqual(['/check']);
  stop();

  const other = await world.secondProcess();
  await other.database.close();
  const stopOther = startWatchdogTimer(other);
  await expect.poll(() => pings).toEqual(['/check', '/check/fail']);
  stopOther();
});
