import { expect, test } from 'vitest';
import { lineDiff } from './lineDiff';

test('two texts are compared by line, with some lines around each change', () => {
  expect(lineDiff('# Boats\n\nThree boats\nAll red\n', '# Boats\n\nFour boats\nAll red')).toBe(
    ['@@ line 1 → 1 @@', ' # Boats', ' ', '-Three boats', '+Four boats', ' All red'].join('\n'),
  );
});

test('equal texts have no differing lines, whether they end with a line feed or not', () => {
  expect(lineDiff('a\nb', 'a\nb\n')).toBe('');
});

test('the first version differs from nothing by all of its lines', () => {
  expect(lineDiff('', 'One\nTwo')).toBe('@@ line 1 → 1 @@\n+One\n+Two');
});
