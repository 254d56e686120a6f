import type { Logger } from '@everbeat/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { everyTurn } from '../../support/everyTurn';
import { makeDatabaseUnavailable } from '../../support/queueWorld';
import { createWorld, type World } from '../../support/world';

/** In local mode nobody else settles a run, so its process tries until it has. */
const NOT_YET = 'A run could not be settled yet';
const GIVEN_UP = 'A run was not settled; the watchdog will time it out';

let world: World;
let complaints: string[];
beforeEach(async () => {
  complaints = [];
  const ignore = (): void => undefined;
  const complain: Logger['warn'] = (_fields, message) => void complaints.push(message);
  world = await createWorld({ logger: { debug: ignore, info: ignore, warn: complain, error: complain } });
});
afterEach(() => world.close());

const count = (message: string): number => complaints.filter((one) => one === message).length;

/** Lets the delays between attempts pass, each time an attempt has failed, until so many have. */
async function untilFailed(attempts: number): Promise<void> {
  await everyTurn(async () => {
    if (count(NOT_YET) >= attempts) return true;
    await world.clock.advance(250);
    return false;
  }, `${attempts} attempts to settle the run that failed`);
}

/**
 * Lets the delays between attempts pass until the run has ended, as one more attempt may have failed by now.
 */
async function untilEnded(finished: Promise<unknown>): Promise<void> {
  let hasEnded = false;
  const ended = finished.finally(() => {
    hasEnded = true;
  });
  await everyTurn(async () => {
    if (hasEnded) return true;
    await world.clock.advance(250);
    return false;
  }, 'the end of the run');
  await ended;
}

/**
 * Starts a task whose run succeeds just after `before` has made its settlement impossible, and waits for
 * that.
 */
async function startRun(before: () => Promise<void>) {
  const id = await world.startTask({ heartbeatTimeout: 86_400 });
  const isImpossible = new Promise<void>((resolve, reject) => {
    world.agent.next(async () => {
      await before().then(resolve, reject);
      return { kind: 'done', content: 'Three ships' };
    });
  });
  const { tickToken } = (await world.task(id)).scheduler;
  const { finished } = await world.runner.runTick({
    taskId: id,
    userId: world.userId,
    tickToken: tickToken ?? '',
  });
  await isImpossible;
  return { id, finished };
}

/** Refuses every write to a task, as a full disk would. Returns a function that undoes it. */
async function refuseWrites(): Promise<() => Promise<void>> {
  await world.query(
    `create function everbeat.refuse() returns trigger language plpgsql as $$ begin raise exception 'never'; end $$`,
  );
  await world.query(
    'create trigger refuse before update on everbeat.tasks for each row execute function everbeat.refuse()',
  );
  return async () => {
    await world.query('drop trigger refuse on everbeat.tasks');
  };
}

describe('a run that ends', () => {
  test('while the database is away is settled when it is back, however many attempts have failed', async () => {
    let bringBack = async (): Promise<void> => undefined;
    const { id, finished } = await startRun(async () => {
      bringBack = await makeDatabaseUnavailable(world);
    });
    await untilFailed(9);
    expect(count(GIVEN_UP)).toBe(0);

    await bringBack();
    await untilEnded(finished);

    expect(await world.task(id)).toMatchObject({ status: 'scheduled', totalTopics: 1 });
    expect(await world.query('select status from everbeat.operations')).toEqual([{ status: 'done' }]);
    await world.expectSound();
  });

  test('while the database is away is left to the watchdog when the server stops', async () => {
    let bringBack = async (): Promise<void> => undefined;
    const { finished } = await startRun(async () => {
      bringBack = await makeDatabaseUnavailable(world);
    });
    await untilFailed(2);
    const stopped = world.runner.stop();
    await untilEnded(Promise.all([finished, stopped]));
    expect(count(GIVEN_UP)).toBe(1);
    await bringBack();
  });

  test('and cannot be written for another reason is tried seven times, then left to the watchdog', async () => {
    let allowWrites = async (): Promise<void> => undefined;
    const { finished } = await startRun(async () => {
      allowWrites = await refuseWrites();
    });
    await untilEnded(finished);
    expect(count(NOT_YET)).toBe(7);
    expect(count(GIVEN_UP)).toBe(1);
    await allowWrites();
  });
});
