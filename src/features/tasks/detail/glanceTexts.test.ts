import {
  EMPTY_SCHEDULER_STATE,
  type OperationStatus,
  type SchedulerState,
  type TaskStatus,
} from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { howItGoes, usualTime, whatIsNext } from './glanceTexts';

const runs = (...statuses: OperationStatus[]) =>
  statuses.map((status, index) => ({
    status,
    startedAt: new Date(0),
    finishedAt: status === 'running' ? null : new Date((index + 1) * 1_000),
  }));

describe('how a task goes', () => {
  it.each<[OperationStatus[], number, string]>([
    [[], 0, 'It has not run yet.'],
    [['running'], 1, 'Its first run is not over yet.'],
    [['interrupted'], 1, 'No run has come to its end yet.'],
    [['done'], 1, 'Its only run succeeded.'],
    [['error'], 1, 'Its only run failed.'],
    [['running', 'interrupted'], 2, 'No run has come to its end yet.'],
    [['interrupted', 'interrupted'], 90, 'None of the last 2 runs came to its end.'],
    [['interrupted', 'done'], 2, 'Only one of 2 runs came to its end: it succeeded.'],
    [['error', 'interrupted'], 90, 'Only one of the last 2 runs came to its end: it failed.'],
    [['running', 'done', 'done'], 3, 'All 2 runs succeeded.'],
    [['done', 'done'], 90, 'All of the last 2 runs succeeded.'],
    [['error', 'timeout'], 2, 'All 2 runs failed.'],
    [['done', 'error', 'done'], 90, '2 of the last 3 runs succeeded, the last one too.'],
    [['error', 'done'], 2, 'The last run failed; 1 of 2 runs succeeded.'],
    [
      ['error', 'interrupted', 'timeout', 'done'],
      90,
      'The last 2 runs failed; 1 of the last 3 runs succeeded.',
    ],
  ])('after %j of %i runs', (statuses, total, text) => {
    expect(howItGoes(runs(...statuses), total)).toBe(text);
  });

  it('and how long a run usually takes: half of the successful ones are as short', () => {
    expect(usualTime(runs('done', 'error', 'done', 'done'))).toBe('A run usually takes 3.0 s.');
    expect(usualTime(runs('done', 'done', 'done', 'done'))).toBe('A run usually takes 2.0 s.');
    expect(usualTime(runs('done', 'error', 'running', 'done'))).toBeNull();
  });
});

describe('what comes next', () => {
  const now = new Date(2031, 4, 3, 8, 9).getTime();
  const next = (status: TaskStatus, at: Date | null, scheduler: Partial<SchedulerState> = {}) =>
    whatIsNext(
      {
        ...{ status, nextRunAt: at, dependencies: [] },
        context: { scheduler: { ...EMPTY_SCHEDULER_STATE, ...scheduler } },
      },
      now,
    );

  it('is a day, a time and the time until then', () => {
    expect(next('scheduled', new Date(2031, 4, 4, 8, 0))).toMatch(/^Tomorrow 0?8:00.*, in 23 h 51 min$/);
    expect(next('scheduled', new Date(2031, 4, 3, 8, 21))).toMatch(/^Today 0?8:21.*, in 12 min$/);
    expect(next('scheduled', new Date(now - 1))).toBe('Its run is due now.');
  });

  it('is what the task waits for', () => {
    expect(next('scheduled', null, { blockedBy: 'urgent-brief' })).toBe(
      'It runs as soon as you have answered.',
    );
    expect(next('running', null)).toBe('It is running now.');
    expect(next('paused', null)).toBe('Nothing, until you resume it.');
    const context = { scheduler: EMPTY_SCHEDULER_STATE };
    const dependency = { id: '', identifier: 'T-3', name: '', status: 'running', context } as const;
    const waiting = { status: 'backlog', nextRunAt: null, context, dependencies: [dependency] } as const;
    expect(whatIsNext({ ...waiting, dependencies: [...waiting.dependencies] }, now)).toBe(
      'It starts when T-3 is completed.',
    );
  });
});
