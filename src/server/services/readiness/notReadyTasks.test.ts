import { LIMITS } from '@everbeat/domain';
import { expect, test } from 'vitest';
import { groupNotReady, notStarted } from './notReadyTasks';

const tasks = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    identifier: `T-${index + 1}`,
    agentId: 'a',
    agentName: 'Reader',
    problem: 'It has no key.',
  }));

test('of tasks that are not started together, the first are named and the others counted', () => {
  const max = LIMITS.notReadyTasksNamedMax;
  expect(groupNotReady(tasks(max))).toMatchObject([{ count: max, identifiers: { length: max } }]);
  expect(groupNotReady(tasks(max + 1))).toMatchObject([{ count: max + 1, identifiers: { length: max } }]);
  expect(notStarted(tasks(max)).message).not.toContain('more');
  expect(notStarted(tasks(max + 1)).message).toContain(`T-${max} and 1 more were not started`);
});
