import { expect, test } from 'vitest';
import { Random } from '../support/random';
import { drawFaultPlan, type FaultKind, type PlannedFault, partsOf } from './faultPlan';

const kinds: FaultKind[] = [
  ...(['server-kill', 'server-freeze', 'postgres-kill', 'connections', 'qstash-kill'] as const),
  ...(['rolling-restart', 'pooler-kill', 'locked-rows', 'locked-rows-alone'] as const),
];
const options = { seconds: 300, servers: 3, kinds, leaseSecondsMax: 7 };
const plan = drawFaultPlan(new Random('1'), options);

test('a seed always gives the same plan', () => {
  expect(drawFaultPlan(new Random('1'), options)).toEqual(plan);
  expect(drawFaultPlan(new Random('2'), options)).not.toEqual(plan);
});

test('every kind occurs, and every server is affected', () => {
  expect(new Set(plan.map(({ kind }) => kind))).toEqual(new Set(kinds));
  expect(new Set(plan.map(({ server }) => server)).size).toBe(3);
});

test('faults of one part do not overlap, and a freeze lasts longer than every lease', () => {
  const freeAtMs = new Map<string, number>();
  for (const fault of plan) {
    for (const part of partsOf(fault, options.servers)) {
      expect(freeAtMs.get(part) ?? 0).toBeLessThanOrEqual(fault.atMs);
      freeAtMs.set(part, fault.atMs + fault.lastsMs);
    }
    if (fault.kind === 'server-freeze') expect(fault.lastsMs).toBeGreaterThan(7_000);
  }
});

test('while rows are held alone, nothing else is broken', () => {
  const endOf = ({ atMs, lastsMs }: PlannedFault): number => atMs + lastsMs;
  const alone = plan.filter(({ kind }) => kind === 'locked-rows-alone');
  expect(alone.length).toBeGreaterThan(1);
  for (const held of alone) {
    const others = plan.filter((fault) => fault !== held);
    expect(others.filter((fault) => fault.atMs < endOf(held) && endOf(fault) > held.atMs)).toEqual([]);
  }
});
