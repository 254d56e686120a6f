import { describe, expect, it } from 'vitest';
import { briefOfLoopEnd } from './loopEnd';
import type { PlanReason } from './plan';
import type { TaskStatus } from './status';

const hourly = { automationMode: 'heartbeat' } as const;

describe('the brief that says why a task no longer runs by itself', () => {
  it.each<[TaskStatus, PlanReason, 'failure' | 'end' | null]>([
    ['completed', 'goal-met', 'end'],
    ['completed', 'max-topics', 'end'],
    ['completed', 'end-date', 'end'],
    ['completed', 'no-next-run', 'end'],
    ['paused', 'fuse', 'failure'],
    ['paused', 'error', 'failure'],
    ['failed', 'no-interval', 'failure'],
    ['failed', 'bad-pattern', 'failure'],
    // The person's own acts.
    ['paused', 'paused', null],
    ['paused', 'interrupted', null],
    ['paused', 'automation-removed', null],
    ['canceled', 'canceled', null],
    ['completed', 'approved', null],
    ['backlog', 'resumed', null],
    // It is still in its loop.
    ['scheduled', 'error', null],
    ['scheduled', 'done', null],
  ])('of a task that becomes %s by %s is %s', (status, reason, purpose) => {
    expect(briefOfLoopEnd(hourly, { status, reason })).toBe(purpose);
  });

  it('is not needed by a task that had no loop', () => {
    expect(briefOfLoopEnd({ automationMode: null }, { status: 'paused', reason: 'error' })).toBeNull();
  });
});
