import { describe, expect, it } from 'vitest';
import type { AutomationRule } from './nextDue';
import { beatsPerMonth, forecastMonthUsd, monthCapUsd } from './spendForecast';

const NOW = new Date('2026-03-01T00:00:00Z');
const NONE: AutomationRule = {
  automationMode: null,
  heartbeatInterval: null,
  schedulePattern: null,
  scheduleTimezone: null,
};
const every = (seconds: number): AutomationRule => ({
  ...NONE,
  automationMode: 'heartbeat',
  heartbeatInterval: seconds,
});
const at = (pattern: string, zone = 'UTC'): AutomationRule => ({
  ...NONE,
  automationMode: 'schedule',
  schedulePattern: pattern,
  scheduleTimezone: zone,
});
const DAY_MS = 86_400_000;

describe('the beats of a month', () => {
  it.each([
    ['every hour', every(3_600), 0, 720],
    ['an hour after runs that take an hour', every(3_600), 3_600_000, 360],
    ['every morning', at('0 9 * * *'), 0, 30],
    ['on weekdays', at('0 9 * * 1-5'), 0, 21],
    ['every minute, without counting them all', at('* * * * *'), 0, 43_200],
    ['once a year, not in this month', at('0 0 24 12 *'), 0, 0],
  ])('are counted for a task that runs %s', (_what, rule, runMs, beats) => {
    expect(beatsPerMonth(rule, runMs, NOW)).toBe(beats);
  });

  it.each([
    ['no automation', NONE],
    ['no interval', { ...NONE, automationMode: 'heartbeat' as const }],
  ])('are not known with %s', (_what, rule) => {
    expect(beatsPerMonth(rule, 0, NOW)).toBeNull();
  });
});

describe('the forecast for a month', () => {
  const recent = { runs: 10, costUsd: 0.05, runMs: 0, sinceMs: DAY_MS };

  it('is the cost of a beat times the beats of its rhythm', () => {
    expect(forecastMonthUsd(every(3_600), recent, {}, NOW)).toBeCloseTo(3.6);
    expect(forecastMonthUsd(at('0 9 * * *'), recent, {}, NOW)).toBeCloseTo(0.15);
  });

  it('of a task without a rhythm takes it to be run as often as in the last 30 days', () => {
    expect(forecastMonthUsd(NONE, recent, {}, NOW)).toBeCloseTo(0.05);
    expect(forecastMonthUsd(NONE, { ...recent, sinceMs: 60 * DAY_MS }, {}, NOW)).toBeCloseTo(0.025);
  });

  it.each([
    ['has not run', { runs: 0, costUsd: 0, runMs: 0, sinceMs: 0 }],
    ['costs nothing', { ...recent, costUsd: 0 }],
  ])('is nothing for a task that %s', (_what, of) => {
    expect(forecastMonthUsd(every(60), of, {}, NOW)).toBe(0);
  });

  it.each([
    ['a day', { perDayUsd: 0.1 }, 3],
    ['a month', { perMonthUsd: 2 }, 2],
    ['both', { perDayUsd: 0.1, perMonthUsd: 10 }, 3],
    ['more than it needs', { perDayUsd: 1, perMonthUsd: 10 }, 3.6],
    ['other things', { perRunUsd: 0.001, totalUsd: 1, perDayTokens: 1 }, 3.6],
  ])('is no more than its caps allow: those of %s', (_what, budget, usd) => {
    expect(forecastMonthUsd(every(3_600), recent, budget, NOW)).toBeCloseTo(usd);
  });
});

it('without a cap of a day or a month there is no most for a month', () => {
  expect([monthCapUsd({}), monthCapUsd({ totalUsd: 1 })]).toEqual([
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
});
