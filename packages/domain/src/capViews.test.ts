import { describe, expect, it } from 'vitest';
import { capViews } from './capViews';

const NOW = new Date('2026-11-28T22:00:00Z');
const AT = { now: NOW, timezone: 'Europe/Berlin' };

describe('what is used up of the caps', () => {
  it('is what is counted in the present period of each, and when that ends in the zone', () => {
    const budget = { perRunUsd: 1, perDayUsd: 2, perMonthUsd: 10, totalUsd: 50, perDayTokens: 1_000 };
    const day = { period: 'day', spentUsd: 0.5, reservedUsd: 0.1, tokens: 700, reservedTokens: 50 } as const;
    const total = { ...day, period: 'total', spentUsd: 20 } as const;
    expect(capViews({ scope: 'task', budget }, [day, total], AT)).toEqual([
      {
        scope: 'task',
        cap: 'perDayUsd',
        limit: 2,
        spent: 0.5,
        reserved: 0.1,
        renewsAt: new Date('2026-11-28T23:00:00Z'),
      },
      {
        scope: 'task',
        cap: 'perMonthUsd',
        limit: 10,
        spent: 0,
        reserved: 0,
        renewsAt: new Date('2026-11-30T23:00:00Z'),
      },
      { scope: 'task', cap: 'totalUsd', limit: 50, spent: 20, reserved: 0.1, renewsAt: null },
      {
        scope: 'task',
        cap: 'perDayTokens',
        limit: 1_000,
        spent: 700,
        reserved: 50,
        renewsAt: new Date('2026-11-28T23:00:00Z'),
      },
    ]);
  });

  it('is nothing without caps', () => {
    expect(capViews({ scope: 'owner', budget: {} }, [], AT)).toEqual([]);
  });
});
