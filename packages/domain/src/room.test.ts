import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freePlaces, perPool, poolOf, type RoomLimits, RUN_POOLS } from './room';

const limits = (totalMb: number): RoomLimits => ({
  pools: {
    watch: { runsMax: 64, runMb: 8 },
    http: { runsMax: 1_024, runMb: 1 },
    model: { runsMax: 32, runMb: 4 },
    command: { runsMax: 4, runMb: 4 },
    none: { runsMax: 64, runMb: 0.1 },
  },
  totalMb,
});
const NOBODY = perPool(() => 0);

it('a run needs a place of its kind of agent, or of the pool of tasks without one', () => {
  expect([poolOf('http'), poolOf(null)]).toEqual(['http', 'none']);
});

describe('freePlaces', () => {
  it('is the limit of the pool where memory is plentiful', () => {
    const free = RUN_POOLS.map((pool) => freePlaces(limits(4_000), NOBODY, pool));
    expect(free).toEqual([64, 1_024, 32, 4, 64]);
  });

  it('keeps every pool its part of a small memory, whatever another uses', () => {
    const small = limits(256);
    const http = freePlaces(small, NOBODY, 'http');
    expect(http).toBeLessThan(1_024);
    const crowded = { ...NOBODY, http };

    expect(freePlaces(small, crowded, 'http')).toBe(0);
    expect(freePlaces(small, crowded, 'watch')).toBe(3);
    expect(freePlaces(small, crowded, 'model')).toBe(6);
    expect(freePlaces(small, crowded, 'command')).toBe(4);
  });

  it.each(RUN_POOLS)('fits into the memory when every pool takes what it may, %s first', (first) => {
    const small = limits(256);
    const used = { ...NOBODY };
    for (const pool of [first, ...RUN_POOLS]) used[pool] += Math.max(0, freePlaces(small, used, pool));
    expect(
      RUN_POOLS.reduce((sum, pool) => sum + used[pool] * small.pools[pool].runMb, 0),
    ).toBeLessThanOrEqual(256);
  });

  it('gives what a pool does not need of the common part to the others', () => {
    expect(freePlaces(limits(256), NOBODY, 'watch')).toBeGreaterThan(3);
  });

  it('is negative by as much as a pool is over its limit', () => {
    expect(freePlaces(limits(4_000), { ...NOBODY, command: 6 }, 'command')).toBe(-2);
  });

  it('never lets the runs of all pools need more than the memory, in whatever order they come and go', () => {
    const step = fc.record({ pool: fc.constantFrom(...RUN_POOLS), comes: fc.boolean() });
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 2_000 }),
        fc.array(step, { maxLength: 400 }),
        (totalMb, steps) => {
          const room = limits(totalMb);
          const used = { ...NOBODY };
          for (const { pool, comes } of steps) {
            if (!comes) used[pool] = Math.max(0, used[pool] - 1);
            else if (freePlaces(room, used, pool) > 0) used[pool] += 1;
            const usedMb = RUN_POOLS.reduce((sum, each) => sum + used[each] * room.pools[each].runMb, 0);
            expect(usedMb).toBeLessThanOrEqual(totalMb);
          }
          for (const pool of RUN_POOLS)
            if (used[pool] === 0) expect(freePlaces(room, used, pool)).toBeGreaterThan(0);
        },
      ),
    );
  });
});
