import { expect, test } from 'vitest';
import { Random } from '../support/random';
import { drawPlan, type FaultKind, partsOf } from './plan';

const kinds: FaultKind[] = ['server-kill', 'server-freeze', 'postgres-kill', 'connections', 'qstash-kill'];
const wish = { seconds: 300, servers: 3, kinds, leaseSecondsMax: 7 };
const plan = drawPlan(new Random('1'), wish);

test('a seed gives one plan', () => {
  expect(drawPlan(new Random('1'), wish)).toEqual(plan);
  expect(drawPlan(new Random('2'), wish)).not.toEqual(plan);
});

test('every kind comes, and every server is struck', () => {
  expect(new Set(plan.map(({ kind }) => kind))).toEqual(new Set(kinds));
  expect(new Set(plan.map(({ server }) => server)).size).toBe(3);
});

test('a part is never broken twice at once, and what freezes outlasts every lease', () => {
  const freeAtMs = new Map<string, number>();
  for (const fault of plan) {
    for (const part of partsOf(fault)) {
      expect(freeAtMs.get(part) ?? 0).toBeLessThanOrEqual(fault.atMs);
      freeAtMs.set(part, fault.atMs + fault.lastsMs);
    }
    if (fault.kind === 'server-freeze') expect(fault.lastsMs).toBeGreaterThan(7_000);
  }
});
