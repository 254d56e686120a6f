import { describe, expect, it } from 'vitest';
import { spendOfEveryDay } from './days';

describe('the days of a chart', () => {
  it('are all of the range, also those without spend, over the end of a month', () => {
    const spent = { day: '2026-03-01', spentUsd: 2, idleUsd: 1, inputTokens: 3, outputTokens: 4 };
    const days = spendOfEveryDay({ from: '2026-02-27', to: '2026-03-02', byDay: [spent] });
    expect(days.map(({ day, spentUsd }) => [day, spentUsd])).toEqual([
      ['2026-02-27', 0],
      ['2026-02-28', 0],
      ['2026-03-01', 2],
      ['2026-03-02', 0],
    ]);
    expect(days[2]).toBe(spent);
  });

  it('is one for a range of one day', () => {
    expect(spendOfEveryDay({ from: '2026-03-01', to: '2026-03-01', byDay: [] })).toHaveLength(1);
  });
});
