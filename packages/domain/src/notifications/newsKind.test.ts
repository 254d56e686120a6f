import { describe, expect, test } from 'vitest';
import { newsKindOf } from './newsKind';

describe('what a brief is told as', () => {
  test.each([
    ['a question that stops the task', 'decision', 'urgent', null, 'needs-me'],
    ['a call of a tool that waits', 'decision', 'urgent', 'tool', 'needs-me'],
    ['a question that can wait', 'decision', 'normal', null, 'needs-me'],
    ['a result that waits for approval', 'result', 'normal', 'approval', 'needs-me'],
    ['work that did not pass its check', 'result', 'urgent', 'review', 'needs-me'],
    ['an urgent insight', 'insight', 'urgent', null, 'needs-me'],
    ['a change of a watched page', 'insight', 'normal', 'change', 'change'],
    ['the report of a run', 'result', 'normal', 'report', 'change'],
    ['what an agent calls information', 'insight', 'info', null, 'good-to-know'],
    ['a question of no weight', 'decision', 'info', null, 'good-to-know'],
    ['a run that failed', 'error', 'urgent', 'failure', 'failed'],
    ['a far side that is away', 'error', 'normal', null, 'failed'],
  ] as const)('%s', (_what, type, priority, purpose, kind) => {
    expect(newsKindOf({ type, priority, purpose })).toBe(kind);
  });
});
