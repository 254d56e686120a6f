import type { StoredAgent } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { agentView } from './agentView';

const AT = new Date('2026-06-01T12:00:00.000Z');
const NEVER: StoredAgent = {
  id: 'a-1',
  name: 'Reader',
  kind: 'model',
  config: {},
  createdAt: AT,
  updatedAt: AT,
  checkVerdict: null,
  checkProblem: null,
  checkCure: null,
  checkedAt: null,
};
const BROKEN: StoredAgent = {
  ...NEVER,
  checkVerdict: 'reauth-required',
  checkProblem: 'The key is refused. Set another',
  checkedAt: AT,
  checkCure: 'open-models',
};

describe('an agent as clients see it', () => {
  it('has nothing to say before it was checked', () => {
    expect(agentView(NEVER, null)).toEqual({
      id: 'a-1',
      name: 'Reader',
      kind: 'model',
      config: {},
      createdAt: AT,
      updatedAt: AT,
      problem: null,
      readiness: { verdict: null, problem: null, cure: null, checkedAt: null },
    });
  });

  it('says what the last check has found, and leads to the cure', () => {
    expect(agentView(BROKEN, null)).toMatchObject({
      problem: 'The key is refused. Set another',
      readiness: { verdict: 'reauth-required', cure: { key: 'open-models' }, checkedAt: AT },
    });
  });

  it('has no problem that stops it while what it needs is only away', () => {
    const away = { ...BROKEN, checkVerdict: 'unavailable', checkProblem: 'No answer' } as const;
    expect(agentView(away, null)).toMatchObject({
      problem: null,
      readiness: { verdict: 'unavailable', problem: 'No answer' },
    });
  });

  it('says what stands in its way as the server is set up now, before what an earlier check found', () => {
    const found = { verdict: 'misconfigured', problem: 'Commands are off', cure: null } as const;
    for (const [agent, checkedAt] of [[NEVER, null] as const, [BROKEN, AT] as const]) {
      expect(agentView(agent, 'Commands are off')).toMatchObject({
        problem: 'Commands are off',
        readiness: { ...found, checkedAt },
      });
    }
  });

  it('says it once where the check has found it too', () => {
    expect(agentView(BROKEN, 'The key is refused')).toMatchObject({
      problem: 'The key is refused. Set another',
      readiness: { verdict: 'reauth-required' },
    });
  });
});
