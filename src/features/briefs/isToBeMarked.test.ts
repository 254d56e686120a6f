import { expect, it } from 'vitest';
import { isToBeMarked } from './isToBeMarked';

const at = (seconds: number) => new Date(seconds * 1_000);
const brief = { readAt: null, resolvedAt: null, updatedAt: at(1) };
/** Its card has marked it. */
const READ = at(1).getTime();

it.each([
  ['one that nobody has read is', brief, null, true],
  ['one that was read is not', { ...brief, readAt: at(2) }, null, false],
  ['one that was answered is not', { ...brief, resolvedAt: at(2) }, null, false],
  ['one that the person has marked as unread again is not', brief, READ, false],
  ['one with news since then is', { ...brief, updatedAt: at(3) }, READ, true],
])('a brief in view is marked as read: %s', (_what, shown, readVersion, isMarked) => {
  expect(isToBeMarked(shown, readVersion)).toBe(isMarked);
});
