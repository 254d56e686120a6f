import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareFairly } from './budget';

const demands = fc.array(fc.record({ need: fc.nat(10_000), weight: fc.integer({ min: 1, max: 5 }) }), {
  maxLength: 8,
});
const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

describe('dividing the available space', () => {
  it('satisfies small demands and divides the rest by weight', () => {
    const shares = shareFairly(
      [
        { need: 10, weight: 1 },
        { need: 1_000, weight: 1 },
        { need: 1_000, weight: 2 },
      ],
      310,
    );

    expect(shares).toEqual([10, 100, 200]);
  });

  it('never gives more than available or needed, and leaves nothing unused that is needed', () => {
    fc.assert(
      fc.property(demands, fc.nat(20_000), (wanted, available) => {
        const shares = shareFairly(wanted, available);
        const needed = sum(wanted.map(({ need }) => need));

        shares.forEach((share, index) => {
          expect(share).toBeLessThanOrEqual(wanted[index]?.need ?? 0);
        });
        expect(sum(shares)).toBeLessThanOrEqual(available);
        expect(sum(shares)).toBeGreaterThanOrEqual(Math.min(needed, available) - wanted.length);
      }),
    );
  });
});
