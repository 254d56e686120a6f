import { describe, expect, it } from 'vitest';
import { spendRange } from './spendRange';

const NOW = new Date('2026-03-01T23:30:00Z');

describe('the days of which the spend is read', () => {
  it('are this month until today, where the clocks of the zone are', () => {
    expect(spendRange({}, NOW, 'UTC')).toMatchObject({ from: '2026-03-01', to: '2026-03-01' });
    expect(spendRange({}, NOW, 'Asia/Tokyo')).toMatchObject({ from: '2026-03-01', to: '2026-03-02' });
    expect(spendRange({}, NOW, 'Pacific/Honolulu')).toMatchObject({ from: '2026-03-01', to: '2026-03-01' });
  });

  it('begin and end at the midnights of the zone', () => {
    const range = spendRange({ from: '2026-03-28', to: '2026-03-29' }, NOW, 'Europe/Berlin');
    expect([range.startsAt, range.endsAt].map((at) => at.toISOString())).toEqual([
      '2026-03-27T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
  });

  it('begin with the month of their last day', () => {
    expect(spendRange({ to: '2025-12-05' }, NOW, 'UTC')).toMatchObject({
      from: '2025-12-01',
      to: '2025-12-05',
    });
  });

  it.each([
    ['in the wrong order', { from: '2026-03-02', to: '2026-03-01' }],
    ['that do not exist', { from: '2026-02-30' }],
    ['of no calendar', { from: 'yesterday' }],
    ['too many', { from: '2024-01-01', to: '2026-01-01' }],
  ])('are refused %s', (_what, asked) => {
    expect(() => spendRange(asked, NOW, 'UTC')).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});
