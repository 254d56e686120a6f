import { expect, it } from 'vitest';
import { swipeAct, swipeOffset } from './swipe';

it.each<[number, number, number]>([
  [120, 5, 120],
  [-120, 40, -120],
  [8, 0, 0],
  [120, 100, 0],
  [0, 300, 0],
])('a finger that moved %i px aside and %i px down draws the row %i px aside', (dx, dy, offset) => {
  expect(swipeOffset(dx, dy)).toBe(offset);
});

it.each<[number, ReturnType<typeof swipeAct>]>([
  [120, 'done'],
  [-120, 'snooze'],
  [40, null],
  [0, null],
])('a row let go at %i px: %s', (offset, act) => {
  expect(swipeAct(offset)).toBe(act);
});
