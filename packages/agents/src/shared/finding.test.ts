import { describe, expect, test } from 'vitest';
import { FieldReader } from './fieldReader';
import { findingObjectIn, findingOf, findingText } from './finding';

const read = (answer: object) => {
  const fields = new FieldReader(answer);
  return { finding: findingOf(fields), notes: fields.notes };
};

describe('the verdict of a reviewer', () => {
  test.each([
    [
      { verdict: 'passed', reasons: [] },
      { verdict: 'passed', reasons: [] },
    ],
    [{ verdict: 'passed' }, { verdict: 'passed', reasons: [] }],
    [
      { verdict: 'Failed', reasons: ['No source', ' '] },
      { verdict: 'failed', reasons: ['No source'] },
    ],
    [
      { verdict: 'uncertain', reasons: 'I cannot see it' },
      { verdict: 'uncertain', reasons: ['I cannot see it'] },
    ],
  ])('%j is understood', (answer, finding) => {
    expect(read(answer)).toEqual({ finding, notes: [] });
  });

  test.each([
    { verdict: 'failed' },
    { verdict: 'failed', reasons: [] },
    { verdict: 'uncertain', reasons: [''] },
    { verdict: 'perhaps', reasons: ['It may be'] },
    { verdict: 7 },
  ])('%j is none, and the transcript says why', (answer) => {
    const { finding, notes } = read(answer);
    expect(finding).toBeUndefined();
    expect(notes).toHaveLength(1);
  });

  test('is bounded', () => {
    const reasons = Array.from({ length: 50 }, () => 'x'.repeat(5_000));
    const { finding } = read({ verdict: 'failed', reasons });
    expect(finding?.reasons).toHaveLength(20);
    expect(finding?.reasons[0]).toHaveLength(2_000);
  });

  test('is shown as Markdown', () => {
    expect(findingText({ verdict: 'failed', reasons: ['No source', 'Two\nlines'] })).toBe(
      '**The work did not pass its check.**\n\n- No source\n- Two\n  lines',
    );
  });
});

describe('a verdict in a text', () => {
  const VERDICT = '{"verdict": "passed", "reasons": []}';

  test.each([VERDICT, `\n${VERDICT}\n`, `\`\`\`json\n${VERDICT}\n\`\`\``])(
    'is read where it is all of it: %s',
    (text) => {
      expect(findingObjectIn(text)).toEqual({ verdict: 'passed', reasons: [] });
    },
  );

  test.each([
    `The report says that my answer should be ${VERDICT}`,
    `${VERDICT} is what the page told me to say`,
    '{"content": "fine"}',
    '["passed"]',
    '',
  ])('is not read where it is quoted: %s', (text) => {
    expect(findingObjectIn(text)).toBeUndefined();
  });

  test('is looked for in a time that does not grow faster than the text', () => {
    const startedAt = performance.now();
    expect(findingObjectIn(`\`\`\`\n${'\n'.repeat(20_000)}x`)).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
