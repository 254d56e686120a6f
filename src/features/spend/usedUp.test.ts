import { describe, expect, it } from 'vitest';
import { usedOf, usedOfAgent, usedUpText } from './usedUp';

const today = { day: '2026-11-29', spentUsd: 1.2, idleUsd: 0, inputTokens: 900, outputTokens: 100 };
const before = { ...today, day: '2026-11-28', spentUsd: 3 };
const spend = { to: '2026-11-29', byDay: [before, today], spentUsd: 4.2, caps: [] };

describe('a cap that is typed', () => {
  it.each([
    ['perDayUsd', '1', 'Used already: $1.20. The next run stops and asks you.'],
    ['perDayUsd', '1.2', 'Used already: $1.20. The next run stops and asks you.'],
    ['perDayUsd', '1.21', null],
    ['perMonthUsd', '4', 'Used already: $4.20. The next run stops and asks you.'],
    ['totalUsd', '4', 'Used already: $4.20. The next run stops and asks you.'],
    ['perDayTokens', '1000', 'Used already: 1,000 tokens. The next run stops and asks you.'],
    ['perRunUsd', '0', null],
    ['perDayUsd', '', null],
    ['perDayUsd', 'ten', null],
  ] as const)('of %s as %j says %j', (cap, typed, text) => {
    expect(usedUpText(cap, typed, usedOf(spend))).toBe(text);
  });

  it('says nothing where nothing is spent', () => {
    expect(usedUpText('perDayUsd', '0', usedOf({ ...spend, byDay: [], spentUsd: 0 }))).toBeNull();
    expect(usedUpText('perDayUsd', '0', usedOfAgent(undefined, undefined))).toBeNull();
  });

  it('counts what is reserved, and what was spent in all before this month', () => {
    const caps = [
      { scope: 'task', cap: 'totalUsd', limit: 50, spent: 20, reserved: 0.5, renewsAt: null } as const,
    ];
    expect(usedUpText('totalUsd', '20.1', usedOf({ ...spend, caps }))).toMatch(/^Used already: \$20\.50/);
  });

  it('of an agent is compared with what its tasks have spent', () => {
    const of = (spentUsd: number) => ({ agentId: 'a', spentUsd, inputTokens: 10, outputTokens: 10 });
    const used = usedOfAgent(of(4), of(1));
    expect([usedUpText('perDayUsd', '1', used), usedUpText('perMonthUsd', '5', used)]).toEqual([
      'Used already: $1.00. The next run stops and asks you.',
      null,
    ]);
  });
});
