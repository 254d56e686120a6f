import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../../tests/support/world';
import { RowHolder } from './rowHolder';

let world: World;
beforeEach(async () => {
  world = await createWorld();
  await world.startTask();
  // By the clock of the database, nothing is due.
  await world.query(`update everbeat.task_ticks set due_at = now() + interval '1 hour'`);
});
afterEach(() => world.close());

test.each<[what: string, database: string]>([
  ['cannot be reached', 'nowhere'],
  ['has no tables to look at', 'postgres'],
])(
  'a database that %s counts as behind, so rows are held only where another answer says otherwise',
  async (_what, database) => {
    const { url } = world.testDatabase;
    const another = new URL(url);
    another.pathname = `/${database}`;
    // If the first counted as caught up, rows would be held in the second, which has none: without effect.
    const urls = [another.href, another.href];
    const holder = new RowHolder(async () => urls.shift() ?? url);
    const fault = await holder.injectors['locked-rows-alone']?.();
    await fault?.repair();
    expect(fault?.hadNoEffect).toBe(false);
  },
);
