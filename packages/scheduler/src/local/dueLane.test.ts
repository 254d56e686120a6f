import type { ArmedTick } from '@everbeat/domain';
import { expect, it } from 'vitest';
import { DueLane, isAfter } from './dueLane';

const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
const HORIZON = new Date(START_MS + 60_000);

const tickAt = (ms: number): ArmedTick => ({
  taskId: `task-${ms}`,
  userId: 'user',
  tickToken: `token-${ms}`,
  publication: 1,
  dueAt: new Date(START_MS + ms),
  agentKind: 'http',
  priority: 0,
});

/** Gives the lane a page, as the scheduler does. */
function readPage(lane: DueLane, fromMs: number, rows: number): void {
  const page = Array.from({ length: rows }, (_, index) => tickAt(fromMs + index));
  for (const tick of page) lane.offer(tick);
  const last = page.at(-1);
  if (last !== undefined) lane.reached(last);
}

it('holds no more than its window, however much is offered, and goes on from there when it is half empty', () => {
  const lane = new DueLane(10);
  lane.beginReading(HORIZON);
  for (let page = 0; page < 100; page += 1) readPage(lane, page * 5, 5);

  expect(lane.queue.size).toBe(10);
  expect(lane.isReading).toBe(false);
  expect(lane.wantsMore(START_MS, 30_000)).toBe(false);
  expect(lane.readFrom).toMatchObject({ tickToken: 'token-9' });

  lane.queue.takeDue(HORIZON.getTime(), 5);
  expect(lane.wantsMore(START_MS + 1_000, 30_000)).toBe(true);
});

it('queues a new tick that is due before the end of what is read, and leaves a later one to a later read', () => {
  const lane = new DueLane(10);
  expect(lane.readUntilMs).toBe(Number.NEGATIVE_INFINITY);
  lane.beginReading(HORIZON);
  expect(lane.readUntilMs).toBe(HORIZON.getTime());
  lane.finishReading(HORIZON);
  expect(lane.readUntilMs).toBe(HORIZON.getTime());
});

it('passes over what it has read before, when it reads together with a lane that stands further back', () => {
  const lane = new DueLane(10);
  lane.beginReading(HORIZON);
  readPage(lane, 0, 3);
  lane.endReading();
  lane.queue.takeDue(HORIZON.getTime(), 3);
  for (let others = 0; others < 20_000; others += 1) lane.queue.add(tickAt(100_000 + others));
  lane.queue.takeDue(Number.POSITIVE_INFINITY, 20_000);

  lane.beginReading(HORIZON);
  readPage(lane, 0, 5);

  expect(lane.queue.takeDue(HORIZON.getTime(), 10).map(({ tickToken }) => tickToken)).toEqual([
    'token-3',
    'token-4',
  ]);
});

it('has read up to and including the last tick of a page, also when that fills its window', () => {
  const lane = new DueLane(2);
  lane.beginReading(HORIZON);
  readPage(lane, 0, 2);
  expect(lane.isReading).toBe(false);
  expect(lane.readUntilMs).toBe(START_MS + 2);
  lane.finishReading(HORIZON);
  expect(lane.readUntilMs).toBe(START_MS + 2);
});

it('wants more from the moment at which less than that is read ahead, while its window is at most half full', () => {
  const lane = new DueLane(4);
  lane.beginReading(HORIZON);
  lane.finishReading(HORIZON);
  expect(lane.wantsMore(START_MS + 29_999, 30_000)).toBe(false);
  expect(lane.wantsMore(START_MS + 30_000, 30_000)).toBe(true);
  for (const ms of [1, 2]) lane.queue.add(tickAt(ms));
  expect(lane.wantsMore(START_MS + 30_000, 30_000)).toBe(true);
  lane.queue.add(tickAt(3));
  expect(lane.wantsMore(START_MS + 30_000, 30_000)).toBe(false);
});

it('reads from the beginning when the clock was set back', () => {
  const lane = new DueLane(4);
  lane.beginReading(HORIZON);
  lane.finishReading(HORIZON);
  lane.startOver();
  expect([lane.readFrom, lane.readUntilMs]).toEqual([null, Number.NEGATIVE_INFINITY]);
});

it('takes nothing while it does not read', () => {
  const lane = new DueLane(4);
  readPage(lane, 0, 1);
  expect([lane.queue.size, lane.readFrom]).toEqual([0, null]);
});

it('a position is after an earlier one; of the same time, after one with a lower token', () => {
  const at = (ms: number, tickToken: string) => ({ dueAt: new Date(START_MS + ms), tickToken });
  expect(isAfter(at(1, 'a'), null)).toBe(true);
  expect(isAfter(at(2, 'a'), at(1, 'b'))).toBe(true);
  expect(isAfter(at(1, 'b'), at(2, 'a'))).toBe(false);
  expect(isAfter(at(1, 'b'), at(1, 'a'))).toBe(true);
  expect(isAfter(at(1, 'a'), at(1, 'a'))).toBe(false);
  expect(isAfter(at(1, 'a'), at(1, 'b'))).toBe(false);
});
