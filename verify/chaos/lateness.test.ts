import { expect, test } from 'vitest';
import type { TickRow } from './databaseMonitor';
import { lateBesideHeldRows } from './lateness';
import type { InjectedFault } from './recovery';

const hold: InjectedFault = {
  kind: 'locked-rows-alone',
  injectedAtMs: 10_000,
  repairedAtMs: 30_000,
  heldTaskIds: ['held'],
};

const tick = (taskId: string, dueMs: number, endedMs: number | null): TickRow => ({
  token: `${taskId}-${dueMs}`,
  taskId,
  outcome: 'fired',
  operationId: 'run',
  publications: 1,
  dueMs,
  endedMs,
});

test('a tick of another task that waits for the end of the hold is found', () => {
  const waiting = tick('other', 12_000, 30_500);
  expect(lateBesideHeldRows([waiting], [hold])).toEqual([
    'task other: 18.5 s, tick other-12000, due 1970-01-01T00:00:12.000Z, published 1 times',
  ]);
  expect(lateBesideHeldRows([{ ...waiting, endedMs: null }], [hold])).toHaveLength(1);
});

test('the held task itself may wait, and so may whoever is hit by another fault', () => {
  expect(lateBesideHeldRows([tick('held', 12_000, 30_500)], [hold])).toEqual([]);
  expect(lateBesideHeldRows([tick('other', 12_000, 30_500)], [{ ...hold, kind: 'locked-rows' }])).toEqual([]);
  expect(lateBesideHeldRows([tick('other', 9_000, 30_500)], [hold])).toEqual([]);
});

test('a tick that comes in time is no case', () => {
  expect(lateBesideHeldRows([tick('other', 12_000, 13_000)], [hold])).toEqual([]);
});
