import { EMPTY_SCHEDULER_STATE, type SchedulerState, type TaskStatus } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { nextBeat } from './nextBeat';

const now = Date.parse('2030-05-01T12:00:00.000Z');
const task = (status: TaskStatus, dueInSeconds: number | null, scheduler: Partial<SchedulerState> = {}) => ({
  status,
  nextRunAt: dueInSeconds === null ? null : new Date(now + dueInSeconds * 1_000),
  context: { scheduler: { ...EMPTY_SCHEDULER_STATE, ...scheduler } },
});

describe('what a task waits for', () => {
  it('is the time until the armed tick, with the share of the wait that has passed', () => {
    const armed = task('scheduled', 60, { scheduledAt: '2030-05-01T11:57:00.000Z' });

    expect(nextBeat(armed, now)).toEqual({ text: 'in 1 min', kind: 'counts', progress: 0.75 });
  });

  it('is due at the due time', () => {
    expect(nextBeat(task('scheduled', 0), now)).toMatchObject({ text: 'due now', progress: 1 });
  });

  it('is told by its status when an urgent brief blocks it', () => {
    const blocked = task('scheduled', null, { blockedBy: 'urgent-brief' });

    expect(nextBeat(blocked, now)).toBeNull();
  });

  it('is the person when the fuse paused it, and nothing when a person did', () => {
    const fused = nextBeat(task('paused', null, { blockedBy: 'fuse', consecutiveFailures: 3 }), now);

    expect(fused).toMatchObject({ text: 'paused after 3 failed runs in a row', kind: 'waits' });
    expect(nextBeat(task('paused', null), now)).toBeNull();
  });

  it('is nothing for a task that is running or has ended', () => {
    expect(nextBeat(task('running', 60), now)).toBeNull();
    expect(nextBeat(task('completed', null), now)).toBeNull();
  });
});
