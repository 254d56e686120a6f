import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countedMicros,
  countedTokens,
  formatUsd,
  isSameBudget,
  nextPeriodStart,
  parseBudget,
  periodKeys,
  toMicros,
} from './budget';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Africa/Cairo',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
];
const instants = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });

describe('the day and the month of a cap', () => {
  it('are those that the clocks of the zone show', () => {
    const at = new Date('2026-11-30T23:30:00Z');
    expect(periodKeys(at, 'UTC')).toEqual({ day: '2026-11-30', month: '2026-11', total: '' });
    expect(periodKeys(at, 'Europe/Berlin')).toEqual({ day: '2026-12-01', month: '2026-12', total: '' });
  });

  it('end exactly where the next begin, whatever clocks are set to meanwhile', () => {
    fc.assert(
      fc.property(
        instants,
        fc.constantFrom(...ZONES),
        fc.constantFrom('day', 'month'),
        (now, zone, period) => {
          const next = nextPeriodStart(period, now, zone);
          if (next === null) throw new Error('there is always a next one');
          const key = periodKeys(now, zone)[period];
          expect(next.getTime()).toBeGreaterThan(now.getTime());
          expect(periodKeys(next, zone)[period]).not.toBe(key);
          expect(periodKeys(new Date(next.getTime() - 1), zone)[period]).toBe(key);
        },
      ),
    );
  });

  it('never begin anew where everything is counted', () => {
    expect(nextPeriodStart('total', new Date(), 'UTC')).toBeNull();
  });
});

describe('a stored budget', () => {
  it('keeps the caps that can be read when one cannot', () => {
    expect(parseBudget({ perDayUsd: 'a lot', perMonthUsd: 5, other: 1 })).toEqual({ perMonthUsd: 5 });
  });

  it.each([null, undefined, 'no', [], 7])('without caps is what %j means', (value) => {
    expect(parseBudget(value)).toEqual({});
  });
});

describe('an amount', () => {
  it('is rounded up to a whole micro-dollar, and not by the error of a fraction', () => {
    expect([toMicros(0.1 + 0.2), toMicros(0.0000001), toMicros(0), toMicros(1.1)]).toEqual([
      300_000, 1, 0, 1_100_000,
    ]);
  });

  it('that is reported is counted as a whole one, from nothing to the most that a counter holds', () => {
    expect([-1, 0.0000001, 1e300].map(countedMicros)).toEqual([0, 1, 1e12]);
    expect([-5, 1.5, Number.POSITIVE_INFINITY].map(countedTokens)).toEqual([0, 2, 1e12]);
  });

  it('is shown with as many digits as it needs', () => {
    expect([0, 980_000, 12_345_678, 4_200, 1].map(formatUsd)).toEqual([
      '$0.00',
      '$0.98',
      '$12.35',
      '$0.0042',
      '$0.000001',
    ]);
  });
});

it('two budgets are the same where they cap the same at the same amounts', () => {
  expect(isSameBudget({ perDayUsd: 1 }, { perDayUsd: 1 })).toBe(true);
  expect(isSameBudget(undefined, {})).toBe(true);
  expect(isSameBudget({ perDayUsd: 1 }, { perDayUsd: 2 })).toBe(false);
  expect(isSameBudget({ perDayUsd: 1 }, { perDayUsd: 1, perDayTokens: 5 })).toBe(false);
  expect(isSameBudget({ perRunUsd: 1 }, undefined)).toBe(false);
});
