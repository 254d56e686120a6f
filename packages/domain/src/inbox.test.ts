import { describe, expect, test } from 'vitest';
import { excerptOf, inboxKindOf, needsAnswer, waitsForPerson } from './inbox';

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
});

describe('an excerpt', () => {
  test('is one line without the marks of Markdown', () => {
    expect(excerptOf('## Two ships\n\n- **Anna** [came in](https://example.com)\n> at `dawn`')).toBe(
      'Two ships Anna came in at dawn',
    );
  });

  test('ends where it gets long, between no two halves of a sign', () => {
    const text = excerptOf('🚢'.repeat(500));
    expect(text.isWellFormed()).toBe(true);
    expect(text.length).toBeLessThanOrEqual(200);
    expect(text.endsWith('…')).toBe(true);
  });
});
