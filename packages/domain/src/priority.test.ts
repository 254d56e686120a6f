import { expect, it } from 'vitest';
import { priorityRank } from './priority';

it('orders urgent, high, medium and low; a task without a priority counts as medium', () => {
  expect([1, 2, 3, 4].map(priorityRank)).toEqual([1, 2, 3, 4]);
  expect(priorityRank(0)).toBe(priorityRank(3));
});
