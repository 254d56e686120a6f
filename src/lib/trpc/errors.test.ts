import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { appCodeOf, isNotFound, isRefusal, issuesOf, messageOf } from './errors';

const answered = (data: object, message = 'No such task') =>
  TRPCClientError.from({ error: { message, code: -32_000, data } });

describe('an error of the server', () => {
  it('is shown in the words of the server', () => {
    expect(messageOf(answered({ code: 'NOT_FOUND' }))).toBe('No such task');
  });

  it('is a refusal when asking again would not help', () => {
    expect(isRefusal(answered({ code: 'CONFLICT' }))).toBe(true);
    expect(isRefusal(answered({ code: 'SERVICE_UNAVAILABLE' }))).toBe(false);
    expect(isNotFound(answered({ code: 'NOT_FOUND' }))).toBe(true);
  });

  it("names the domain's own code and the parts of the input", () => {
    const error = answered({
      code: 'BAD_REQUEST',
      appCode: 'invalid-input',
      issues: [{ path: ['config', 'watch', 'url'], message: 'Invalid URL' }],
    });

    expect(appCodeOf(error)).toBe('invalid-input');
    expect(issuesOf(error)).toEqual([{ path: 'config.watch.url', message: 'Invalid URL' }]);
  });
});

describe('a lost connection', () => {
  it('says so, and may be tried again', () => {
    const error = TRPCClientError.from(new TypeError('Failed to fetch'));

    expect(messageOf(error)).toMatch(/could not be reached/);
    expect(isRefusal(error)).toBe(false);
    expect(appCodeOf(error)).toBeNull();
  });
});
