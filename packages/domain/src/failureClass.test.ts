import { describe, expect, it } from 'vitest';
import { classifyFailure, mayBlameTask } from './failureClass';
import { farSideOf, NETWORK } from './farSide';
import { FAILURE_CLASSES, type FailureClass } from './status';

describe('the class of a failure', () => {
  it.each<[FailureClass, string[]]>([
    ['transient', ['agent_http_408', 'agent_http_425', 'agent_http_500', 'watch_http_503', 'agent_http_529']],
    ['transient', ['agent_timeout', 'agent_unreachable', 'watch_unreachable', 'model_unavailable']],
    ['rate-limit', ['agent_http_402', 'agent_http_429', 'watch_http_429', 'model_rate_limited']],
    ['needs-person', ['agent_http_401', 'agent_http_403', 'model_unauthorized', 'model_not_configured']],
    ['needs-person', ['agent_missing', 'agent_misconfigured', 'command_not_allowed']],
    ['lost', ['lease_lost', 'server_stopped', 'start_failed']],
    ['agent', ['agent_http_400', 'agent_http_404', 'agent_http_302', 'watch_http_401', 'watch_http_404']],
    ['agent', ['agent_bad_answer', 'command_exit_1', 'command_timeout', 'model_no_answer', 'agent_error']],
    ['agent', ['quota', 'my_http_503', 'agent_http_5030', 'agent_http_5', 'constructor', '__proto__', '']],
  ])('is %s for %s', (failureClass, codes) => {
    for (const errorCode of codes)
      expect([errorCode, classifyFailure({ status: 'error', errorCode })]).toEqual([errorCode, failureClass]);
  });

  it.each(FAILURE_CLASSES)('is what the agent itself says: %s', (failureClass) => {
    const end = { status: 'error', errorCode: 'agent_http_500', failureClass } as const;
    expect(classifyFailure(end)).toBe(failureClass);
  });

  it("is the agent's when nothing is known", () => {
    expect(classifyFailure({ status: 'timeout', errorCode: null })).toBe('agent');
  });

  it.each(['done', 'interrupted'] as const)('is null for a run that is %s', (status) => {
    expect(classifyFailure({ status, errorCode: null, failureClass: 'lost' })).toBeNull();
  });
});

it('a server that was stopped in order was not ended by a run; one that died may have been', () => {
  expect([mayBlameTask('server_stopped'), mayBlameTask('lease_lost'), mayBlameTask(null)]).toEqual([
    false,
    true,
    true,
  ]);
});

describe('the far side of a failure', () => {
  it('is the host that did not answer as it should', () => {
    expect(farSideOf('API.Example.com:8443', 'ECONNREFUSED')).toBe('api.example.com:8443');
    expect(farSideOf('api.example.com:8443')).toBe('api.example.com:8443');
  });

  it('is the beginning of a host that is too long', () => {
    expect(farSideOf('x'.repeat(300))).toBe('x'.repeat(260));
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'ENETDOWN'])('is the network after %s', (code) => {
    expect(farSideOf('a.example.com', code)).toBe(NETWORK);
    expect(farSideOf('b.example.com', code)).toBe(NETWORK);
  });
});
