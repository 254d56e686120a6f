import { randomUUID } from 'node:crypto';
import {
  beatLeases,
  beginExecution,
  findExpiredLeases,
  findUnaskedOperations,
  loadSteps,
  releaseOperation,
  type StepWrite,
  takeOverOperation,
  writeSteps,
} from '@everbeat/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

/** The guards of the statements that runs with steps need (PROTOCOL §9). */
let world: GuardWorld;
beforeAll(async () => {
  world = await createGuardWorld();
});
afterAll(() => world.close());

const db = () => world.testDatabase.database.pool;
const now = () => world.clock.now();
const later = (seconds: number) => new Date(now().getTime() + seconds * 1_000);

const step = (index: number, changes: Partial<StepWrite> = {}): StepWrite => ({
  index,
  kind: 'tool',
  name: 'send',
  status: 'started',
  policy: 'allow',
  occurrence: `key:${index}`,
  input: null,
  result: null,
  usage: null,
  briefId: null,
  ...changes,
});

const write = async (operationId: string, leaseEpoch: number, ...steps: StepWrite[]) =>
  new Set((await writeSteps(db(), [{ operationId, leaseEpoch, steps }], now())).keys());

const statuses = async (operationId: string): Promise<string[]> => {
  const rows = await world.query<{ status: string }>(
    'select status from everbeat.operation_steps where operation_id = $1 order by index',
    [operationId],
  );
  return rows.map(({ status }) => status);
};

async function lostOperation() {
  const { taskId, operationId } = await world.running();
  const [row] = await world.query<{ at: Date }>(
    'select lease_expires_at as at from everbeat.operations where id = $1',
    [operationId],
  );
  return { taskId, operationId, leaseEpoch: 0, leaseExpiresAt: row?.at ?? now() };
}

describe('a step is written', () => {
  test('by the process that has the run, and not once another has taken it over', async () => {
    const lost = await lostOperation();
    expect(await write(lost.operationId, 0, step(0))).toEqual(new Set([lost.operationId]));
    expect(await takeOverOperation(db(), lost, later(200))).toBe(true);

    expect(await write(lost.operationId, 0, step(0, { status: 'done' }), step(1))).toEqual(new Set());
    expect(await statuses(lost.operationId)).toEqual(['started']);
    expect(await write(lost.operationId, 1, step(0, { status: 'done' }))).toEqual(
      new Set([lost.operationId]),
    );
  });

  test('not after the run has ended', async () => {
    const { operationId } = await world.running();
    await world.endByHand(operationId);
    expect(await write(operationId, 0, step(0))).toEqual(new Set());
    expect(await statuses(operationId)).toEqual([]);
  });

  test('anew where a call of the model failed, by whoever goes on with the run', async () => {
    const lost = await lostOperation();
    const model = (changes: Partial<StepWrite>) => step(0, { kind: 'model', policy: null, ...changes });
    await write(lost.operationId, 0, model({ status: 'failed', input: { prompt: 'Do it' } }));
    expect(await takeOverOperation(db(), lost, later(200))).toBe(true);
    await write(lost.operationId, 1, model({ status: 'started' }));
    expect(await statuses(lost.operationId)).toEqual(['started']);
    await write(lost.operationId, 1, model({ status: 'done', result: { text: 'Done' } }));
    await write(lost.operationId, 1, model({ status: 'failed' }));
    const [row] = await world.query(
      'select status, input, result from everbeat.operation_steps where operation_id = $1',
      [lost.operationId],
    );
    expect(row).toEqual({ status: 'done', input: { prompt: 'Do it' }, result: { text: 'Done' } });
  });

  test('once with a result: that stands', async () => {
    const { operationId } = await world.running();
    await write(operationId, 0, step(0, { status: 'done', result: { output: 'first' } }));
    await write(operationId, 0, step(0, { status: 'failed', result: { output: 'second' } }));
    const [row] = await world.query<{ result: unknown }>(
      'select result from everbeat.operation_steps where operation_id = $1',
      [operationId],
    );
    expect([await statuses(operationId), row?.result]).toEqual([['done'], { output: 'first' }]);
  });
});

describe('a document is written with its step', () => {
  const done = step(0, { name: 'write_document', status: 'done', result: { output: 'written' } });
  const documentOf = (version: number, content = 'a text') => ({
    id: randomUUID(),
    name: 'Report',
    version,
    content,
    append: false,
  });
  const versions = async (taskId: string) =>
    world.query<{ version: number; content: string }>(
      'select version, content from everbeat.task_documents where task_id = $1 order by version',
      [taskId],
    );

  test('once, also when the write is made again because its answer was lost', async () => {
    const { taskId, operationId } = await world.running();
    const writes = [{ operationId, leaseEpoch: 0, steps: [done], documents: [documentOf(1)] }];
    await writeSteps(db(), writes, now());
    expect([...(await writeSteps(db(), writes, now())).keys()]).toEqual([operationId]);
    expect(await versions(taskId)).toEqual([{ version: 1, content: 'a text' }]);
  });

  test('or neither: not over a version that somebody else has made, nor by a process that lost the run', async () => {
    const { taskId, operationId } = await world.running();
    const base = { operationId, leaseEpoch: 0 };
    await writeSteps(db(), [{ ...base, steps: [done], documents: [documentOf(1)] }], now());
    const second = { ...done, index: 1 };
    const overtaken = [{ ...base, steps: [second], documents: [documentOf(1, 'another')] }];
    await expect(writeSteps(db(), overtaken, now())).rejects.toMatchObject({ code: '23505' });
    const former = [{ operationId, leaseEpoch: 9, steps: [second], documents: [documentOf(2)] }];
    expect((await writeSteps(db(), former, now())).size).toBe(0);
    expect([await statuses(operationId), await versions(taskId)]).toEqual([
      ['done'],
      [{ version: 1, content: 'a text' }],
    ]);
  });

  test('only with a step that has ended', async () => {
    const { taskId, operationId } = await world.running();
    const waiting = step(0, { status: 'waiting' });
    await writeSteps(
      db(),
      [{ operationId, leaseEpoch: 0, steps: [waiting], documents: [documentOf(1)] }],
      now(),
    );
    expect(await versions(taskId)).toEqual([]);
  });
});

describe('an operation is taken over', () => {
  test('once, and only while its lease is as it was found', async () => {
    const lost = await lostOperation();
    await beatLeases(db(), [lost], later(30));
    expect(await takeOverOperation(db(), lost, later(200))).toBe(false);

    const other = await lostOperation();
    const taken = await Promise.all([1, 2].map(() => takeOverOperation(db(), other, later(200))));
    expect(taken.sort()).toEqual([false, true]);
    const again = { ...other, leaseExpiresAt: later(320) };
    expect(await takeOverOperation(db(), again, later(400))).toBe(false);
    expect(await takeOverOperation(db(), { ...again, leaseEpoch: 1 }, later(400))).toBe(true);
  });

  test('as a loss only if a process had begun it', async () => {
    const lost = await lostOperation();
    const losses = async () =>
      (
        await world.query<{ losses: number }>('select losses from everbeat.operations where id = $1', [
          lost.operationId,
        ])
      )[0]?.losses;
    await takeOverOperation(db(), lost, later(200));
    expect(await losses()).toBe(0);
    await beginExecution(db(), { operationId: lost.operationId, callbackHash: 'y' }, later(200));
    await takeOverOperation(db(), { ...lost, leaseEpoch: 1, leaseExpiresAt: later(320) }, later(400));
    expect(await losses()).toBe(1);
  });

  test('and its former process neither renews it nor gives it back', async () => {
    const lost = await lostOperation();
    await takeOverOperation(db(), lost, later(200));
    expect(await beatLeases(db(), [lost], later(210))).toEqual(new Map());
    expect(await releaseOperation(db(), lost, later(210))).toBe(false);
    expect(await releaseOperation(db(), { ...lost, leaseEpoch: 1 }, later(210))).toBe(true);
  });

  test('and its former process settles it no more', async () => {
    const lost = await lostOperation();
    await takeOverOperation(db(), lost, later(200));
    const end = { id: lost.operationId, status: 'done', error_code: null, error_message: null } as const;
    const rest = { failure_class: null, usage: null, title: null, handoff: null, is_undone: false };
    const by = async (lease_epoch: number) =>
      world.commit(await world.writeOver(lost.taskId, { operation: { ...end, ...rest, lease_epoch } }));
    expect(await by(0)).toBe(0);
    expect(await world.statusOf(lost.operationId)).toBe('running');
    expect(await by(1)).toBe(1);
    expect(await world.statusOf(lost.operationId)).toBe('done');
  });
});

describe('an operation that waits for a person', () => {
  test('has no lease to lose, and is found when its time is over', async () => {
    const { operationId } = await world.running();
    await world.query(
      `update everbeat.operations set status = 'waiting', lease_expires_at = $2 where id = $1`,
      [operationId, later(604_800)],
    );
    const leases = async (at: Date) =>
      (await findExpiredLeases(db(), { now: at, graceSeconds: 30, limit: 100 })).map(
        (lease) => lease.operationId,
      );
    const questions = async (at: Date) =>
      (await findUnaskedOperations(db(), { now: at, limit: 100 })).map((unasked) => unasked.operationId);

    for (const at of [later(0), later(604_799), later(604_801)])
      expect(await leases(at)).not.toContain(operationId);
    expect(await questions(later(604_799))).not.toContain(operationId);
    expect(await questions(later(604_801))).toContain(operationId);
  });
});

describe('the steps of an occurrence', () => {
  test('are those of all its attempts, the latest of each', async () => {
    const { taskId, operationId } = await world.running();
    await write(operationId, 0, step(0, { status: 'done', name: 'first' }), step(1, { name: 'first' }));
    await world.endByHand(operationId);
    const [{ occurrence } = { occurrence: '' }] = await world.query<{ occurrence: string }>(
      'select occurrence from everbeat.operations where id = $1',
      [operationId],
    );
    const [{ revision } = { revision: 0 }] = await world.query<{ revision: number }>(
      `update everbeat.tasks set status = 'paused' where id = $1 returning revision`,
      [taskId],
    );
    const second = await world.claim(taskId, { revision });
    await world.query('update everbeat.operations set occurrence = $2, attempt = 2 where id = $1', [
      second,
      occurrence,
    ]);
    await write(second ?? '', 0, step(1, { status: 'done', name: 'second' }));

    const steps = await loadSteps(db(), { taskId, occurrence });
    expect(steps.map(({ index, name }) => `${index} ${name}`)).toEqual(['0 first', '1 second']);
  });
});
