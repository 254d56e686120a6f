import type { ArmedTick } from '@everbeat/domain';
import { expect, it } from 'vitest';
import { DueLane } from './dueLane';

const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
const HORIZON = new Date(START_MS + 60_000);

const tickAt = (ms: number): ArmedTick => ({
  ...{ taskId: `task-${ms}`, userId: 'user', tickToken: `token-${ms}`, publication: 1 },
  ...{ dueAt: new Date(START_MS + ms), agentKind: 'http', priority: 0 },
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
