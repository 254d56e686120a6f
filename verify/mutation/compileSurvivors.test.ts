import { expect, test } from 'vitest';
import { applyChange } from './compileSurvivors';

test('a change is made where it is, over several lines', () => {
  const location = { start: { line: 2, column: 3 }, end: { line: 3, column: 2 } };
  expect(applyChange('one\ntwo\nthree\n', { location, replacement: '()' })).toBe('one\ntw()hree\n');
});
