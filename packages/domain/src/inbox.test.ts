import { describe, expect, test } from 'vitest';
import { excerptOf, inboxKindOf, isBlocking, needsAnswer, waitsForPerson } from './inbox';

const brief = (...[type, priority, purpose = null]: Parameters<typeof facts>) =>
  facts(type, priority, purpose);
const facts = (
  type: 'decision' | 'result' | 'insight' | 'error',
  priority: 'urgent' | 'normal' | 'info',
  purpose: 'approval' | 'report' | 'failure' | null = null,
) => ({ type, priority, purpose });

describe('the inbox', () => {
  test.each([
    [brief('decision', 'urgent'), 'needs-me', true, true],
    [brief('decision', 'normal'), 'needs-me', true, true],
    [brief('result', 'normal', 'approval'), 'needs-me', true, true],
    [brief('insight', 'urgent'), 'needs-me', true, true],
    [brief('error', 'urgent', 'failure'), 'failed', true, false],
    [brief('error', 'normal'), 'failed', false, false],
    [brief('insight', 'normal'), 'change', false, false],
    [brief('result', 'normal', 'report'), 'change', false, false],
    [brief('result', 'info'), 'good-to-know', false, false],
  ] as const)('shows %o as %s', (shown, kind, waits, asks) => {
    expect([inboxKindOf(shown), waitsForPerson(shown), needsAnswer(shown)]).toEqual([kind, waits, asks]);
  });

  test.each([
    [brief('decision', 'urgent'), true],
    [brief('insight', 'urgent'), true],
    [brief('decision', 'normal'), false],
    [brief('result', 'normal', 'approval'), false],
    [brief('error', 'urgent', 'failure'), false],
  ])('of %o: that it blocks the loop is %o', (shown, blocks) => {
    expect(isBlocking(shown)).toBe(blocks);
  });
});

describe('an excerpt', () => {
  test('is one line without the marks of Markdown', () => {
    expect(excerptOf('## Two ships\n\n- **Anna** [came in](https://example.com)\n> at `dawn`')).toBe(
      'Two ships Anna came in at dawn',
    );
  });

  test('says what has changed in words, without the lines that differ', () => {
    const change = (fence: string) =>
      `Changed: <https://shop.example/mugs_2>\n\n* Mug: € ~~49.90~~ **44.90** (−10 %), ~~sold~~\n\n\`\`\`diff\n@@ -1,2 +1,2 @@\n Mugs\n-Mug\n${fence}`;
    const words = 'Changed: https://shop.example/mugs_2 Mug: € 49.90 → 44.90 (−10 %), gone: sold';
    expect(excerptOf(change('```\n\nSince _noon_.'))).toBe(`${words} Since noon.`);
    expect(excerptOf(change('+a diff that is cut'))).toBe(words);
  });

  test('says of words that are gone that they are, whatever the fence of the lines that differ', () => {
    const change = '* Blue mug ~~sold out~~, ~~not~~ **now** here\n\n````diff\n-```\n+x\n````\n\nmy__var';
    expect(excerptOf(change)).toBe('Blue mug gone: sold out, not → now here my__var');
  });

  test('shows signs that were written as signs', () => {
    expect(excerptOf('2 \\* 3 \\_ 4, C:\\temp')).toBe('2 * 3 _ 4, C:\\temp');
  });

  test('ends where it gets long, between no two halves of a sign', () => {
    const text = excerptOf('🚢'.repeat(500));
    expect(text.isWellFormed()).toBe(true);
    expect(text.length).toBeLessThanOrEqual(200);
    expect(text.endsWith('…')).toBe(true);
  });
});
