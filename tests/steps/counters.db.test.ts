import { expect, test } from 'vitest';
import { stepsWorldPerTest } from './stepsWorld';

const world = stepsWorldPerTest();

test('a model whose budgets cannot be counted is not called', async () => {
  const taskId = await world().startModelTask();
  await world().query(
    `create function public.nothing() returns trigger language plpgsql as 'begin return null; end'`,
  );
  await world().query(
    'create trigger lost before insert on everbeat.budget_counters for each row execute function public.nothing()',
  );
  await world().beat(taskId);

  expect(world().chat.requests).toHaveLength(0);
  expect(await world().operations(taskId)).toMatchObject([{ status: 'error' }]);
});
