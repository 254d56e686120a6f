import { describe, expect, it } from 'vitest';
import { bulkText, concernedBy } from './bulk';

describe('an act on many tasks', () => {
  const tasks = [
    { status: 'scheduled' },
    { status: 'running' },
    { status: 'paused' },
    { status: 'completed' },
  ] as const;

  it('changes those that it fits, and leaves the others', () => {
    expect(concernedBy('pause', tasks)).toEqual([{ status: 'scheduled' }, { status: 'running' }]);
    expect(concernedBy('resume', tasks)).toEqual([{ status: 'paused' }]);
  });

  it('says how many were changed, and how many could not be', () => {
    expect(bulkText('pause', { done: 12, refused: 0 })).toBe('12 tasks were paused.');
    expect(bulkText('resume', { done: 1, refused: 1 })).toBe(
      '1 task was resumed. 1 could not be: open it to see why.',
    );
  });
});
