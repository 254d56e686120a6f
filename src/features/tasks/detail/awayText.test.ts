import type { FailureStreak } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { formatClock } from '@/lib/format/time';
import { awayText } from './awayText';

const nextRunAt = new Date('2026-06-01T12:05:00.000Z');
const times = { nextRunAt, now: new Date('2026-06-01T12:01:00.000Z') };
const streak: FailureStreak = {
  class: 'transient',
  count: 3,
  since: '2026-06-01T12:00:00.000Z',
  farSide: 'api.example.com',
  told: false,
};

describe('what a task waits for', () => {
  it('is the limit of a provider, until it is asked again', () => {
    const { title, text } = awayText({ ...streak, class: 'rate-limit', count: 1 }, 'task-1', times);
    expect(title).toBe(`Waits for the limit of api.example.com until ${formatClock(nextRunAt)}`);
    expect(text).toMatch(/^The last run failed .* counts as a failure\.$/);
  });

  it('names the day of a time that is not today', () => {
    const tomorrow = { ...times, nextRunAt: new Date('2026-06-02T12:00:00.000Z') };
    const { title, text } = awayText({ ...streak, class: 'rate-limit' }, 'task-1', tomorrow);
    expect(title).toMatch(/ until tomorrow \d/);
    expect(text).toMatch(/ by itself in 23 h 59 min, tomorrow \d/);
  });

  it.each([
    ['api.example.com', 'Waits for api.example.com'],
    ['network', 'Waits for the network'],
    ['task task-1', 'Waits for what its agent calls'],
  ])('is a far side that is away: %s', (farSide, title) => {
    expect(awayText({ ...streak, farSide }, 'task-1', times).title).toBe(title);
  });
});
