import type { AgentToCheck } from '@everbeat/database';
import type { AgentReadiness } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { checkWrite } from './checkWrite';

const NOW = new Date('2026-06-01T12:00:00.000Z');
const EARLIER = new Date('2026-06-01T11:00:00.000Z');
const ids = { row: () => 'brief-1', token: () => 'token', secret: () => 'secret' };

const MISCONFIGURED = { verdict: 'misconfigured', problem: 'It has no address', cure: 'open-agent' } as const;

const AGENT: AgentToCheck = {
  id: 'a-1',
  userId: 'ada',
  name: 'Reader',
  kind: 'http',
  config: {},
  checkVerdict: null,
  checkProblem: null,
  checkCure: null,
  checkedAt: null,
  checkSince: null,
  checkDueAt: NOW,
  createdAt: NOW,
  updatedAt: NOW,
};

const written = (readiness: AgentReadiness, before: Partial<AgentToCheck> = {}) =>
  checkWrite({ ...AGENT, ...before }, readiness, { ids, now: NOW });

describe('what is written of a check', () => {
  it('is since when the verdict holds', () => {
    expect(written(MISCONFIGURED).since).toEqual(NOW);
    expect(written(MISCONFIGURED, { checkVerdict: 'ready', checkSince: EARLIER }).since).toEqual(NOW);
    const same = { checkVerdict: 'misconfigured', checkSince: EARLIER } as const;
    expect(written(MISCONFIGURED, same).since).toEqual(EARLIER);
    expect(written(MISCONFIGURED, { ...same, checkSince: null }).since).toEqual(NOW);
  });

  it('is a brief that says what is wrong, and leads to where it is put right', () => {
    expect(written(MISCONFIGURED).brief).toMatchObject({
      act: 'open',
      priority: 'urgent',
      id: 'brief-1',
      title: 'The agent Reader cannot run: its next runs would fail',
      summary: expect.stringMatching(/^It has no address\n\nIt is checked every day\./),
      actions: [{ key: 'open-agent', url: '/agents?edit=a-1' }, { key: 'acknowledge' }, { key: 'dismiss' }],
    });
  });

  it('is a brief about what is away, once it has stayed away, with nowhere to lead to', () => {
    const away = { verdict: 'unavailable', problem: 'No answer', cure: null } as const;
    const before = { checkVerdict: 'unavailable', checkSince: EARLIER } as const;
    expect(written(away, before).brief).toMatchObject({
      act: 'open',
      priority: 'normal',
      title: 'What the agent Reader needs is away',
      actions: [{ key: 'acknowledge' }, { key: 'dismiss' }],
    });
    expect(written(away).brief).toEqual({ act: 'keep' });
  });

  it('closes the brief when nothing is wrong, and says when the next check is', () => {
    const { brief, nextAt } = written({ verdict: 'ready', problem: null, cure: null });
    expect(brief).toEqual({ act: 'close' });
    expect(nextAt.getTime()).toBeGreaterThan(NOW.getTime() + 19 * 3_600_000);
  });
});
