import { LIMITS } from '@everbeat/domain';
import { createTestClock, type TestClock } from '@everbeat/testkit';
import { beforeEach, expect, it } from 'vitest';
import { FailedRepairs } from './FailedRepairs';

const { watchdogBatchRows, watchdogBatchesMax, failedRepairWaitSeconds, failedRepairWaitSecondsMax } = LIMITS;

let clock: TestClock;
let repairs: FailedRepairs;
beforeEach(() => {
  clock = createTestClock();
  repairs = new FailedRepairs(clock);
});

/** Rows, the first `bad` of which fail, and what was tried. */
function rowsOf(count: number, bad: number) {
  const broken = new Set(Array.from({ length: count }, (_, row) => `row ${row}`));
  const tried: string[] = [];
  const sweep = () =>
    repairs.sweep<string>({
      find: async (limit) => [...broken].slice(0, limit),
      idOf: (row) => row,
      repair: async (rows) =>
        rows.map((row) => {
          tried.push(row);
          if (Number(row.split(' ')[1]) < bad) {
            repairs.failed(row);
            return false;
          }
          return broken.delete(row);
        }),
    });
  return { sweep, tried, left: () => broken.size };
}

it('a full batch that fails holds up nothing behind it', async () => {
  const { sweep, left } = rowsOf(watchdogBatchRows + 5, watchdogBatchRows);
  expect(await sweep()).toBe(5);
  expect(left()).toBe(watchdogBatchRows);
});

it('what fails is tried once a pass, and after waits that grow to ten minutes', async () => {
  const { sweep, tried } = rowsOf(1, 1);
  const waits: number[] = [];
  let waitedSeconds = 0;
  while (waits.length < 8) {
    const before = tried.length;
    await sweep();
    if (tried.length > before) {
      waits.push(waitedSeconds);
      waitedSeconds = 0;
    }
    waitedSeconds += 10;
    await clock.advance(10_000);
  }
  const doubled = [1, 2, 4, 8, 16].map((times) => times * failedRepairWaitSeconds);
  expect(waits.slice(1)).toEqual([...doubled, failedRepairWaitSecondsMax, failedRepairWaitSecondsMax]);
});

it('what was repaired is tried at once when it is found again', async () => {
  const { sweep, tried } = rowsOf(1, 1);
  await sweep();
  await clock.advance(failedRepairWaitSeconds * 1_000);
  const good = rowsOf(1, 0);
  expect(await good.sweep()).toBe(1);
  await sweep();
  expect(tried).toHaveLength(2);
  await clock.advance(failedRepairWaitSeconds * 1_000);
  await sweep();
  expect(tried, 'it has failed once since then').toHaveLength(3);
});

it('what has not failed for long waits as if it never had', async () => {
  const { sweep, tried } = rowsOf(1, 1);
  await sweep();
  await clock.advance(failedRepairWaitSeconds * 1_000);
  await sweep();
  await clock.advance((2 * failedRepairWaitSeconds + failedRepairWaitSecondsMax) * 1_000 + 1);
  await sweep();
  await clock.advance(failedRepairWaitSeconds * 1_000);
  await sweep();
  expect(tried).toHaveLength(4);
});

it('what is neither repaired nor fails is looked at once a pass, and holds up nothing', async () => {
  const rows = Array.from({ length: watchdogBatchRows + 1 }, (_, row) => `row ${row}`);
  const looked: string[] = [];
  const pass = () =>
    repairs.sweep<string>({
      find: async (limit) => rows.slice(0, limit),
      idOf: (row) => row,
      repair: async (batch) => batch.map((row) => looked.push(row) < 0),
    });
  await pass();
  expect(looked).toEqual(rows);
  await pass();
  expect(looked).toHaveLength(2 * rows.length);
});

it('a pass is bounded', async () => {
  const bound = watchdogBatchRows * watchdogBatchesMax;
  const { sweep, left } = rowsOf(bound + 1, 0);
  expect(await sweep()).toBe(bound);
  expect(left()).toBe(1);
});

it('a clock that was ahead leaves nothing alone for longer than ten minutes', async () => {
  const { sweep, tried } = rowsOf(1, 1);
  clock.set(new Date('2050-01-01T00:00:00Z'));
  await sweep();
  clock.set(new Date('2026-01-01T00:00:00Z'));
  await sweep();
  expect(tried).toHaveLength(2);
});
