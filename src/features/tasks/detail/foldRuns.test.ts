import type { TopicView } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { foldRuns } from './foldRuns';

const run = (number: number, report: Partial<TopicView> = {}): TopicView => ({
  id: `run-${number}`,
  taskId: 'task',
  number,
  trigger: 'heartbeat',
  status: 'done',
  title: 'Watching News',
  handoff: 'Nothing has changed',
  error: null,
  failureClass: null,
  session: null,
  usage: null,
  runs: 1,
  workedMs: 1,
  createdAt: new Date(0),
  endedAt: new Date(1),
  ...report,
});

/** "9 [8 7] 6": the numbers of the runs, those that are folded in brackets. */
const shown = (runs: TopicView[], kept: number[] = []): string =>
  foldRuns(runs, ({ number }) => kept.includes(number))
    .map((part) =>
      'run' in part ? part.run.number : `[${part.alike.map(({ number }) => number).join(' ')}]`,
    )
    .join(' ');

describe('runs that bring the same again and again', () => {
  it('are folded behind the newest of them', () => {
    const news = run(4, { handoff: 'The mill is closed' });
    expect(shown([run(7), run(6), run(5), news, run(3), run(2), run(1)])).toBe('7 [6 5] 4 3 [2 1]');
  });

  it('are shown while there are two', () => {
    expect(shown([run(2), run(1)])).toBe('2 1');
  });

  it('are never folded when they failed, wait or are under way', () => {
    const failed = { status: 'error', error: 'No answer' } as const;
    expect(shown([run(3, failed), run(2, failed), run(1, failed)])).toBe('3 2 1');
  });

  it('are shown where the address names one of them', () => {
    expect(shown([run(5), run(4), run(3), run(2), run(1)], [3])).toBe('5 4 3 [2 1]');
  });
});
