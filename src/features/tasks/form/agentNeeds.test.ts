import type { AgentView } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { assertRunnable, assertSettings, FormProblem } from './agentNeeds';
import { emptyFields } from './taskFields';

const agent: AgentView = {
  id: '0197a3c2-6f2e-7cc0-9d6a-3c1c2f6f8d11',
  name: 'Watcher',
  kind: 'watch',
  config: {},
  problem: null,
  readiness: { verdict: null, problem: null, cure: null, checkedAt: null },
  createdAt: new Date(0),
  updatedAt: new Date(0),
};
const { settings } = emptyFields('');

function fieldOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof FormProblem)) throw error;
    return error.field;
  }
}

describe('before a task is saved', () => {
  it('its page is asked for, unless the agent has one of its own', () => {
    expect(fieldOf(() => assertSettings(agent, settings))).toBe('settings.watch.url');
    expect(fieldOf(() => assertSettings(agent, { ...settings, watch: { url: ' ' } }))).toBe(
      'settings.watch.url',
    );
    expect(fieldOf(() => assertSettings(agent, { ...settings, watch: { url: 'example.com' } }))).toBeNull();
    const own = { ...agent, config: { url: 'https://example.com/' } };
    expect(fieldOf(() => assertSettings(own, settings))).toBeNull();
  });

  it('nothing is asked for by an agent that needs nothing of the task', () => {
    expect(fieldOf(() => assertSettings({ ...agent, kind: 'http' }, settings))).toBeNull();
  });
});

describe('before a task is started', () => {
  it('it needs an agent that can run', () => {
    expect(fieldOf(() => assertRunnable(undefined))).toBe('agentId');
    expect(fieldOf(() => assertRunnable({ ...agent, problem: 'There is no key' }))).toBe('agentId');
    expect(fieldOf(() => assertRunnable(agent))).toBeNull();
  });
});
