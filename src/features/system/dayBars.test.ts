import { expect, it } from 'vitest';
import { runsOfEveryDay } from './DayBars';

it('has a bar for each day, also for those without runs', () => {
  const ran = { day: '2031-05-02', done: 3, failed: 1, other: 0 };
  const days = runsOfEveryDay({ since: new Date('2031-05-01T00:00:00Z'), byDay: [ran] }, 3);
  expect(days).toEqual([
    { day: '2031-05-01', done: 0, failed: 0, other: 0 },
    ran,
    { day: '2031-05-03', done: 0, failed: 0, other: 0 },
  ]);
});
