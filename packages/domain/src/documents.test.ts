import { describe, expect, test } from 'vitest';
import { documentContentSchema, documentNameSchema } from './documentSchemas';
import { documentFileName } from './documents';
import { LIMITS } from './limits';

describe('the name of a document', () => {
  test.each([
    ['Report', 'Report'],
    ['  Weekly   report ', 'Weekly report'],
    ["Anna's notes (draft), v1.2", "Anna's notes (draft), v1.2"],
    ['preise_2026.md', 'preise_2026.md'],
    ['Übersicht', 'Übersicht'],
    // A letter and its mark become one letter, so that no two names look alike.
    ['U\u0308bersicht', 'Übersicht'],
    ['日報', '日報'],
    ['memory', 'Memory'],
    ['MEMORY', 'Memory'],
    ['a'.repeat(LIMITS.documentNameCharsMax), 'a'.repeat(LIMITS.documentNameCharsMax)],
  ])('%j is taken as %j', (given, name) => {
    expect(documentNameSchema.parse(given)).toBe(name);
  });

  test.each([
    '',
    '   ',
    '../secrets',
    'a/b',
    'a\\b',
    '.env',
    '-rf',
    'a..b',
    'report.',
    'C:report',
    'a\u0000b',
    'two\u202Elines',
    '<b>',
    '[data',
    'a'.repeat(LIMITS.documentNameCharsMax + 1),
  ])('%j is refused', (given) => {
    expect(documentNameSchema.safeParse(given).success).toBe(false);
  });
});

test('the text of a document may have as many bytes as the limit says, and not one more', () => {
  const longest = 'ü'.repeat(LIMITS.documentBytesMax / 2);
  expect(documentContentSchema.safeParse(longest).success).toBe(true);
  expect(documentContentSchema.safeParse(`${longest}.`).success).toBe(false);
  expect(documentContentSchema.safeParse('').success).toBe(true);
  expect(documentContentSchema.safeParse('a\u0000').success).toBe(false);
});

test('a document is downloaded as a Markdown file', () => {
  expect(documentFileName('Report')).toBe('Report.md');
  expect(documentFileName('notes.MD')).toBe('notes.MD');
});
