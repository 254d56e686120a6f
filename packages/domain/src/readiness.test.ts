import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits';
import { type AgentFault, cannotRun, decideReadinessBrief, nextCheckAt, readinessOf } from './readiness';

const AWAY: AgentFault = { verdict: 'unavailable', problem: 'It is away.', cure: 'open-models' };
const REFUSED: AgentFault = { verdict: 'reauth-required', problem: 'Sign in.', cure: 'open-servers' };
const WRONG: AgentFault = { verdict: 'misconfigured', problem: 'No such model.', cure: 'open-agent' };
const NOW = new Date('2026-03-01T09:00:00Z');
const secondsBefore = (seconds: number) => new Date(NOW.getTime() - seconds * 1_000);

describe('what is wrong with an agent', () => {
  it('is nothing if no part of it has a fault', () => {
    expect(readinessOf([])).toEqual({ verdict: 'ready', problem: null, cure: null });
  });

  it('is named after the fault that no waiting removes, and says all of them', () => {
    const all = readinessOf([AWAY, REFUSED, WRONG, AWAY]);
    expect(all).toEqual({
      verdict: 'misconfigured',
      problem: 'No such model. Sign in. It is away.',
      cure: 'open-agent',
    });
    expect(readinessOf([AWAY, REFUSED])).toMatchObject({ verdict: 'reauth-required', cure: 'open-servers' });
  });

  it('keeps a task from being started only where its runs would fail until a person acts', () => {
    const stopped = (
      ['ready', 'reauth-required', 'misconfigured', 'forbidden', 'unavailable'] as const
    ).filter(cannotRun);
    expect(stopped).toEqual(['reauth-required', 'misconfigured']);
  });
});

describe('the brief of an agent that cannot run', () => {
  it.each([
    ['misconfigured', 0, { act: 'open', priority: 'urgent' }],
    ['reauth-required', 0, { act: 'open', priority: 'urgent' }],
    ['forbidden', 0, { act: 'open', priority: 'urgent' }],
    ['unavailable', LIMITS.agentAwaySeconds - 1, { act: 'keep' }],
    ['unavailable', LIMITS.agentAwaySeconds, { act: 'open', priority: 'normal' }],
    ['ready', 0, { act: 'close' }],
  ] as const)('for %s since %d s', (verdict, seconds, decided) => {
    expect(decideReadinessBrief({ verdict, since: secondsBefore(seconds), now: NOW })).toEqual(decided);
  });
});

describe('the next check', () => {
  const secondsUntil = (verdict: 'ready' | 'unavailable', id: string) =>
    (nextCheckAt(verdict, NOW, id).getTime() - NOW.getTime()) / 1_000;

  it('is within a day, and within an hour of what was only away', () => {
    for (const id of ['a', 'b', 'c', 'd']) {
      expect(secondsUntil('ready', id)).toBeLessThanOrEqual(LIMITS.agentCheckSeconds);
      expect(secondsUntil('ready', id)).toBeGreaterThanOrEqual(LIMITS.agentCheckSeconds * 0.8 - 1);
      expect(secondsUntil('unavailable', id)).toBeLessThanOrEqual(LIMITS.agentRecheckSeconds);
    }
  });

  it('differs between agents that were checked together', () => {
    const times = Array.from({ length: 20 }, (_, place) => secondsUntil('ready', `agent-${place}`));
    expect(new Set(times).size).toBeGreaterThan(15);
  });
});
