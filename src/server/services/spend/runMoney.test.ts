import type { RunStep } from '@everbeat/agents';
import { createDatabase, type Reservation } from '@everbeat/database';
import { createTestClock } from '@everbeat/testkit';
import { beforeEach, expect, it } from 'vitest';
import { RunMoney, reservedFor } from './runMoney';

/** What the steps of a run say of calls of the model that were reserved for. */

const ids = { row: () => 'row-1', token: () => 'token', secret: () => 'secret' };
/** Nothing is read here. */
const { pool: db } = createDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' });

let money: RunMoney;
beforeEach(() => {
  const run = { taskId: 't', agentId: null, userId: 'u', occurrence: 'o', isFurtherAttempt: false };
  money = new RunMoney({ db, clock: createTestClock(), ids }, run);
});

const reserve = (stepIndex: number, isPriced = true): void => {
  const made: Reservation = {
    id: `entry-${stepIndex}`,
    stepIndex,
    isPriced,
    isCostedLater: false,
    worstMicros: 9,
    worstTokens: 9,
    scopes: [],
    taskId: 't',
    agentId: null,
    userId: 'u',
    occurrence: 'o',
    model: 'openai/x',
  };
  money.committed([], made);
};
const step = (index: number, changes: Partial<RunStep> = {}): RunStep => ({
  index,
  kind: 'model',
  name: 'openai/x',
  status: 'done',
  policy: null,
  input: {},
  result: {},
  usage: { inputTokens: 10, outputTokens: 2, costUsd: 0.5 },
  ...changes,
});
const told = (...steps: RunStep[]) => money.reportsOf(steps);
const entry = { id: 'entry-0', inputTokens: 10, outputTokens: 2 };
const none = { id: 'entry-0', micros: 0, inputTokens: 0, outputTokens: 0 };

it('a call that was reserved for costs what it reports', () => {
  reserve(0);
  expect(told(step(0))).toEqual([{ ...entry, outcome: 'spent', micros: 500_000 }]);
});

it('a call whose answer was of no use costs what it reports', () => {
  reserve(0);
  expect(told(step(0, { status: 'failed' }))).toEqual([{ ...entry, outcome: 'spent', micros: 500_000 }]);
});

it('a call that does not say what it cost costs what was reserved', () => {
  reserve(0);
  const assumed = [{ ...none, outcome: 'assumed' }];
  expect(told(step(0, { status: 'failed', usage: null }))).toEqual(assumed);
  expect(told(step(0, { usage: null }))).toEqual(assumed);
  expect(told(step(0, { usage: { inputTokens: 0, outputTokens: 0, costUsd: 1 } }))).toEqual(assumed);
  expect(told(step(0, { usage: { inputTokens: 10, outputTokens: 2 } }))).toEqual(assumed);
});

it('a call whose price is not known costs tokens', () => {
  reserve(0, false);
  expect(told(step(0, { usage: { inputTokens: 10, outputTokens: 2 } }))).toEqual([
    { ...entry, outcome: 'spent', micros: 0 },
  ]);
});

it('a model whose price is not known may still say what it has cost', () => {
  const asked = (micros: number | null, isReported?: true) =>
    reservedFor({ model: 'openrouter/x', micros, tokens: 9, ...(isReported && { isReported }) });
  expect(asked(null, true)).toMatchObject({ isPriced: false, isCostedLater: true, worstMicros: 0 });
  expect(asked(null)).toMatchObject({ isPriced: false, isCostedLater: false, worstMicros: 0 });
  expect(asked(9, true)).toMatchObject({ isPriced: true, isCostedLater: false, worstMicros: 9 });
});

it('a call that was not made gives back what was reserved', () => {
  reserve(0);
  expect(told(step(0, { charge: 'none' }))).toEqual([{ ...none, outcome: 'released' }]);
});

it('what is no call of the model, or was not reserved for, says nothing', () => {
  reserve(0);
  expect(told(step(0, { kind: 'tool' }), step(1))).toEqual([]);
});

it('what is committed is not told again, and the others are', () => {
  reserve(0);
  reserve(1);
  money.committed(told(step(0)), undefined);
  expect(told(step(0), step(1)).map(({ id }) => id)).toEqual(['entry-1']);
});
