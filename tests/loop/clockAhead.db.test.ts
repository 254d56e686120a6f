import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

const DAY_MS = 86_400_000;
const YEARS_MS = 9 * 365 * DAY_MS;

let world: World;
beforeEach(async () => {
  world = await createWorld({ env: { WATCHDOG_GRACE_SECONDS: '30' } });
});
afterEach(async () => {
  try {
    await world.expectSound();
  } finally {
    world.agent.release();
    await world.close();
  }
});

const setBy = (ms: number): void => world.clock.set(new Date(world.clock.now().getTime() + ms));

const dueInSeconds = async (id: string): Promise<number> =>
  (Date.parse((await world.task(id)).scheduler.dueAt ?? '') - world.clock.now().getTime()) / 1_000;

/** Does something while the clock is years ahead. */
async function whileAhead(act: () => Promise<unknown>): Promise<void> {
  setBy(YEARS_MS);
  await act();
  setBy(-YEARS_MS);
}

test('a task that ran while the clock was years ahead is armed anew by its rule', async () => {
  const id = await world.startTask({ automationMode: 'heartbeat', heartbeatInterval: 600 });
  await whileAhead(() => world.deliver(id));
  expect(await dueInSeconds(id)).toBeGreaterThan(YEARS_MS / 1_000);

  expect(await world.watchdog.sweep()).toMatchObject({ impossible: 1 });

  expect(await dueInSeconds(id)).toBe(600);
  expect((await world.ticks(id)).map(({ outcome, reason }) => [outcome, reason])).toContainEqual([
    'superseded',
    'repaired',
  ]);
  expect(await world.watchdog.sweep()).toMatchObject({ impossible: 0 });
});

test('a task that was started while the clock was ahead runs by its rule from now', async () => {
  const daily = {
    automationMode: 'schedule',
    schedulePattern: '0 9 * * *',
    scheduleTimezone: 'UTC',
  } as const;
  let ids: string[] = [];
  await whileAhead(async () => {
    ids = [await world.startTask(daily), await world.startTask({ automationMode: null })];
  });

  expect(await world.watchdog.sweep()).toMatchObject({ impossible: 2 });

  const [scheduled = '', oneOff = ''] = ids;
  expect(await dueInSeconds(scheduled)).toBeLessThanOrEqual(86_400);
  expect(await dueInSeconds(oneOff)).toBe(0);
});

test('what is rightly far ahead is left as it is, pass after pass', async () => {
  const leapDay = {
    automationMode: 'schedule',
    schedulePattern: '0 0 29 2 *',
    scheduleTimezone: 'UTC',
  } as const;
  const id = await world.startTask(leapDay);
  const { tickToken } = (await world.task(id)).scheduler;
  for (const _pass of [1, 2]) expect(await world.watchdog.sweep()).toMatchObject({ impossible: 0 });
  expect((await world.task(id)).scheduler.tickToken).toBe(tickToken);
});

test('every pass looks at the furthest arms first, then goes on where the last one reached its bound', async () => {
  const far = { automationMode: 'schedule', schedulePattern: '0 0 29 2 *', scheduleTimezone: 'UTC' } as const;
  const id = await world.startTask({ automationMode: 'heartbeat', heartbeatInterval: 600 });
  await world.startTask(far);
  await world.query(
    `insert into everbeat.tasks (id, user_id, number, identifier, name, instruction, status, automation_mode,
       schedule_pattern, schedule_timezone, context)
     select gen_random_uuid(), user_id, 1000 + n, 'T-' || 1000 + n, name, instruction, status, automation_mode,
       schedule_pattern, schedule_timezone, jsonb_set(context, '{scheduler,tickToken}', to_jsonb(gen_random_uuid()))
     from everbeat.tasks, generate_series(1, 4100) n where automation_mode = 'schedule'`,
  );
  setBy(DAY_MS);
  await world.deliver(id);
  setBy(-DAY_MS);

  const passes = [await world.watchdog.sweep()];
  const other = await world.startTask({ automationMode: 'heartbeat', heartbeatInterval: 600 });
  await whileAhead(() => world.deliver(other));
  passes.push(await world.watchdog.sweep());
  expect(await dueInSeconds(other)).toBe(600);
  passes.push(await world.watchdog.sweep(), await world.watchdog.sweep());

  await world.query('delete from everbeat.tasks where number > 1000');
  expect(passes.map(({ impossible }) => impossible)).toEqual([0, 1, 1, 0]);
});

test('a publication made while the clock was ahead does not delay the next one', async () => {
  const id = await world.startTask({ automationMode: 'heartbeat', heartbeatInterval: 600 });
  await world.deliver(id);
  await whileAhead(() => world.watchdog.sweep());
  await world.clock.advance(630_000);

  expect(await world.watchdog.sweep()).toMatchObject({ lost: 1 });
});
