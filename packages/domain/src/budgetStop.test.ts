import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBudget } from './budget';
import {
  budgetRenewal,
  describeFullCap,
  type FullCapView,
  isRoomMade,
  raisedLimit,
  raiseLabel,
  raiseOf,
  withRaisedCaps,
} from './budgetStop';

const full = (of: Partial<FullCapView> = {}): FullCapView => ({
  scope: 'task',
  scopeId: 't',
  cap: 'perDayUsd',
  limit: 1_000_000,
  used: 980_000,
  asked: 120_000,
  name: 'T-12',
  timezone: 'Europe/Berlin',
  ...of,
});
const now = new Date('2026-11-28T12:00:00Z');

describe('what a person is asked about caps that leave no room', () => {
  it('says how much is used, and what the next call could need', () => {
    expect(describeFullCap(full())).toBe(
      'T-12 has used $0.98 of $1.00 today. The next call could need up to $0.12.',
    );
    expect(describeFullCap(full({ cap: 'perDayTokens', limit: 9_000, used: 9_500, asked: 0 }))).toBe(
      'T-12 has used 9,500 tokens of 9,000 tokens today.',
    );
  });

  it('offers to double the cap', () => {
    expect(raiseLabel([full(), full({ cap: 'perMonthUsd', limit: 5_000_000 })])).toBe(
      'Raise to $2.00 a day and $10.00 a month',
    );
    expect(raiseOf(full())).toMatchObject({ from: 1, to: 2 });
  });

  it('offers at least what lets the next call be made', () => {
    const amounts = fc.integer({ min: 0, max: 1_000_000_000 });
    fc.assert(
      fc.property(amounts, amounts, amounts, (limit, used, asked) => {
        const to = raisedLimit({ cap: 'perDayUsd', limit, used, asked });
        expect(to).toBeGreaterThanOrEqual(used + asked);
        expect(to).toBeGreaterThanOrEqual(limit * 2);
        expect(to).toBeGreaterThan(used);
      }),
    );
  });

  it.each<[string, FullCapView[], string | null]>([
    ['the next day of the zone', [full()], '2026-11-28T23:00:00.000Z'],
    [
      'the next month, where that is full too',
      [full(), full({ cap: 'perMonthUsd' })],
      '2026-11-30T23:00:00.000Z',
    ],
    ['the next run', [full({ cap: 'perRunUsd' })], 'next-run'],
    ['nothing, where everything ever is capped', [full(), full({ cap: 'totalUsd' })], null],
  ])('waits for %s', (_what, caps, expected) => {
    const renewal = budgetRenewal(caps, now);
    expect(renewal instanceof Date ? renewal.toISOString() : renewal).toBe(expected);
  });
});

it('no cap is raised above what a budget may say, because it would be none then', () => {
  const raised = [
    raiseOf(full({ limit: 600_000_000_000, used: 600_000_000_000 })),
    raiseOf(full({ cap: 'perDayTokens', limit: 600_000_000_000, used: 600_000_000_000 })),
  ];
  for (const { cap, to } of raised) expect(parseBudget({ [cap]: to })).toEqual({ [cap]: to });
});

describe('caps that an answer raises', () => {
  const raise = { scope: 'task', scopeId: 't', cap: 'perDayUsd', from: 1, to: 2 } as const;

  it('are raised once, and not if the person has changed them since', () => {
    const raised = withRaisedCaps({ perDayUsd: 1, totalUsd: 9 }, 't', [raise]);
    expect(raised).toEqual({ perDayUsd: 2, totalUsd: 9 });
    expect(withRaisedCaps(raised, 't', [raise])).toEqual(raised);
    expect(withRaisedCaps({ perDayUsd: 5 }, 't', [raise])).toEqual({ perDayUsd: 5 });
  });

  it('of others are left to others', () => {
    expect(withRaisedCaps({ perDayUsd: 1 }, 'u', [raise])).toEqual({ perDayUsd: 1 });
  });
});

describe('room that a person has made in the settings', () => {
  const asked = raiseOf(full());
  const stands = (limit: number, used = 980_000) => full({ limit, used });

  it.each<[string, FullCapView[], boolean]>([
    ['a cap that was raised', [stands(1_500_000)], true],
    ['a cap that holds no longer', [full({ cap: 'perMonthUsd' })], true],
    ['a cap as it was, although its day has begun anew', [stands(1_000_000, 0)], false],
    ['a cap that was lowered', [stands(500_000, 0)], false],
    ['a cap that was raised to what is used', [stands(1_500_000, 1_500_000)], false],
    ['a cap of another task', [full({ scopeId: 'u', limit: 500_000 })], true],
  ])('%s: %j', (_what, caps, isMade) => {
    expect(isRoomMade([asked], caps)).toBe(isMade);
  });

  it('is made once every cap of the question has some, and where one was asked about', () => {
    const month = raiseOf(full({ cap: 'perMonthUsd' }));
    const caps = [stands(2_000_000), full({ cap: 'perMonthUsd' })];
    expect(isRoomMade([asked, month], caps)).toBe(false);
    expect(isRoomMade([], caps)).toBe(false);
  });

  it('is compared in tokens where tokens are capped', () => {
    const tokens = full({ cap: 'perDayTokens', limit: 9_000, used: 9_500 });
    expect(isRoomMade([raiseOf(tokens)], [{ ...tokens, limit: 9_600 }])).toBe(true);
    expect(isRoomMade([raiseOf(tokens)], [tokens])).toBe(false);
  });
});
