import {
  type BriefType,
  EMPTY_SCHEDULER_STATE,
  MEMORY_DOCUMENT,
  type OperationStatus,
  type SchedulerState,
  type TaskStatus,
} from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { findingsOf, howItGoes, usualTime, whatIsNext } from './glanceTexts';

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

describe('what a task has found', () => {
  const NOTHING = { briefs: [], documents: [], topics: [], agent: null };
  const at = (second: number): Date => new Date(second * 1_000);
  const brief = (type: BriefType, id: string, second: number) => ({
    id,
    type,
    title: `Brief ${id}`,
    updatedAt: at(second),
  });
  const topic = (number: number, status: OperationStatus, title: string | null, endedAt: Date | null) => ({
    number,
    status,
    title,
    createdAt: at(number),
    endedAt,
  });

  it('is the newest brief that tells something, and not a question', () => {
    const briefs = [brief('decision', 'c', 3), brief('insight', 'b', 2), brief('result', 'a', 1)];
    expect(findingsOf({ ...NOTHING, briefs })).toEqual([{ text: 'Brief b', href: '/?brief=b', at: at(2) }]);
  });

  it('is the document that was changed last, and not the memory of the agent', () => {
    const documents = [
      { name: 'Harbours', version: 4, updatedAt: at(1) },
      { name: MEMORY_DOCUMENT, version: 9, updatedAt: at(3) },
      { name: 'Ferries & tides', version: 2, updatedAt: at(2) },
    ];
    const topics = [topic(1, 'done', 'All ferries sail', at(4))];
    expect(findingsOf({ ...NOTHING, documents, topics })).toEqual([
      {
        text: 'Ferries & tides (version 2)',
        href: '?tab=documents&document=Ferries+%26+tides',
        at: at(2),
      },
    ]);
  });

  it('is the last run that succeeded where nothing else was found', () => {
    const topics = [topic(3, 'error', null, at(30)), topic(2, 'done', null, null)];
    const seen = { href: '?run=2', at: at(2) };
    expect(findingsOf({ ...NOTHING, topics })).toEqual([{ text: 'No news so far', ...seen }]);
    expect(findingsOf({ ...NOTHING, topics, agent: { kind: 'watch' } })).toEqual([
      { text: 'No change so far', ...seen },
    ]);
    const [told] = findingsOf({ ...NOTHING, topics: [topic(1, 'done', 'All ferries sail', at(9))] });
    expect(told).toEqual({ text: 'All ferries sail', href: '?run=1', at: at(9) });
  });
});

describe('what comes next', () => {
  const now = new Date(2031, 4, 3, 8, 9).getTime();
  const next = (status: TaskStatus, at: Date | null, scheduler: Partial<SchedulerState> = {}) =>
    whatIsNext(
      {
        status,
        nextRunAt: at,
        dependencies: [],
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
