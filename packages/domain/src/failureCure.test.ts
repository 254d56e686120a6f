import { describe, expect, it } from 'vitest';
import { taskState } from '../test/taskStates';
import { cureAction, isCure } from './failureCure';

const AGENT = '77777777-7777-4777-8777-777777777777';

describe('the option that leads to where a cause is removed', () => {
  it.each([
    ['agent_http_401', {}, `/agents?edit=${AGENT}`],
    ['model_unauthorized', {}, '/settings/models'],
    ['command_not_allowed', {}, '/system#settings'],
    ['agent_missing', { agentId: null }, '/tasks/T-1?edit=true'],
    ['watch_not_configured', {}, '/tasks/T-1?edit=true'],
    ['watch_bad_url', {}, `/agents?edit=${AGENT}`],
    ['watch_bad_url', { config: { watch: { url: 'ftp://a.example.com' } } }, '/tasks/T-1?edit=true'],
    ['watch_http_401', {}, `/agents?edit=${AGENT}`],
    ['watch_http_403', { config: { watch: { url: 'https://a.example.com' } } }, '/tasks/T-1?edit=true'],
    ['login_ended', {}, `/agents?edit=${AGENT}`],
    [null, { agentId: null }, '/tasks/T-1?edit=true'],
  ])('of %s is the page of its settings (%j)', (code, changes, url) => {
    const action = cureAction(taskState({ agentId: AGENT, ...changes }), code);
    expect(action.url).toBe(url);
    expect(isCure(action.key)).toBe(true);
  });

  it('is told from the other options', () => {
    expect(isCure('retry')).toBe(false);
  });
});
