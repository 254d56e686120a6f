import { expect, it } from 'vitest';
import { sectionsOf } from './groups';

const harbour = { identifier: 'T-1', name: 'Harbour' };
const tasks = [
  { status: 'running', agentId: 'a', parent: harbour },
  { status: 'running', agentId: 'b', parent: harbour },
  { status: 'paused', agentId: null, parent: null },
] as const;
const names = new Map([['a', 'Ada']]);
const headings = (group: Parameters<typeof sectionsOf>[1]) =>
  sectionsOf(tasks, group, names).map(({ heading, tasks: { length } }) => [heading, length]);

it('stands below one heading for each group, or below none', () => {
  expect(headings(null)).toEqual([[null, 3]]);
  expect(headings('status')).toEqual([
    ['Running', 2],
    ['Paused', 1],
  ]);
  expect(headings('agent')).toEqual([
    ['Ada', 1],
    ['An agent', 1],
    ['No agent', 1],
  ]);
  expect(headings('parent')).toEqual([
    ['Part of T-1 Harbour', 2],
    ['Part of no other task', 1],
  ]);
});

it('keeps agents apart that have the same name, or none that is known yet', () => {
  const keys = (byId: ReadonlyMap<string, string>) => sectionsOf(tasks, 'agent', byId).map(({ key }) => key);
  for (const byId of [new Map<string, string>(), new Map([...names, ['b', 'Ada']])])
    expect(new Set(keys(byId)).size).toBe(3);
});
