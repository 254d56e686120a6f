import { describe, expect, it } from 'vitest';
import { expiryText, rowHeadline, shortTime, snoozeText } from './rowTexts';

const NOW = new Date(2031, 4, 7, 12, 0);
const row = {
  count: 1,
  kind: 'change',
  title: 'Tea is dearer',
  oldestAt: new Date(2031, 4, 7, 7, 1),
} as const;

describe('a row', () => {
  it('of one brief is called as that brief', () => {
    expect(rowHeadline(row, NOW.getTime())).toBe('Tea is dearer');
  });

  it('of several says how many, of what, and since when', () => {
    expect(rowHeadline({ ...row, count: 98 }, NOW.getTime())).toMatch(/^98 changes since 0?7:01/);
    const failed = { ...row, count: 2, kind: 'failed', oldestAt: new Date(2031, 4, 6, 7, 1) } as const;
    expect(rowHeadline(failed, NOW.getTime())).toMatch(/^2 failures since yesterday 0?7:01/);
  });

  it('that is snoozed says until when', () => {
    expect(snoozeText({ snoozedUntil: null }, NOW.getTime())).toBeNull();
    expect(snoozeText({ snoozedUntil: 'changes' }, NOW.getTime())).toBe('until it changes');
    const until = new Date(2031, 4, 8, 8, 0).toISOString();
    expect(snoozeText({ snoozedUntil: until }, NOW.getTime())).toMatch(/^until tomorrow 0?8:00/);
  });

  it('of a question with an end says what silence chooses, and when', () => {
    const options = ['Yes', 'No'].map((label) => ({ key: label.toLowerCase(), label }));
    type Row = Parameters<typeof expiryText>[0];
    const question: Row['brief'] = {
      actions: options,
      expiresAt: new Date(2031, 4, 8, 8, 0),
      defaultAction: 'no',
      resolvedAt: null,
    };
    const text = (changes: Partial<Row['brief']> = {}, ofRow: Partial<Row> = {}) => {
      const brief = { ...question, ...changes };
      return expiryText({ count: 1, isKept: false, brief, ...ofRow }, NOW.getTime());
    };
    expect(text()).toMatch(/^Answers itself “No” tomorrow 0?8:00/);
    expect(text({ defaultAction: null })).toMatch(/^Ends unanswered tomorrow 0?8:00/);
    expect(text({ expiresAt: null })).toBeNull();
    expect(text({ resolvedAt: NOW })).toBeNull();
    expect(text({}, { count: 2 }), 'one of several').toBeNull();
    expect(text({}, { isKept: true }), 'as it was before it may have been answered').toBeNull();
  });

  it('names the time of today and the day of what is older', () => {
    expect(shortTime(new Date(2031, 4, 7, 9, 5), NOW.getTime())).toMatch(/^0?9:05/);
    expect(shortTime(new Date(2031, 3, 3, 9, 5), NOW.getTime())).toMatch(/3/);
  });
});
