import { TRPCClientError } from '@trpc/client';
import { describe, expect, it } from 'vitest';
import { appCodeOf, isNotFound, isRefusal, issuesOf, messageOf } from './errors';

const serverError = (data: object, message = 'No such task') =>
  TRPCClientError.from({ error: { message, code: -32_000, data } });

describe('an error of the server', () => {
  it('is shown with the message of the server', () => {
    expect(messageOf(serverError({ code: 'NOT_FOUND' }))).toBe('No such task');
  });

  it('is a refusal when a retry would not help', () => {
    expect(isRefusal(serverError({ code: 'CONFLICT' }))).toBe(true);
    expect(isRefusal(serverError({ code: 'SERVICE_UNAVAILABLE' }))).toBe(false);
    expect(isNotFound(serverError({ code: 'NOT_FOUND' }))).toBe(true);
  });

  it("has the domain's code and the invalid parts of the input", () => {
    const error = serverError({
      code: 'BAD_REQUEST',
      appCode: 'invalid-input',
      issues: [{ path: ['config', 'watch', 'url'], message: 'Invalid URL' }],
    });

    expect(appCodeOf(error)).toBe('invalid-input');
    expect(issuesOf(error)).toEqual([{ path: 'config.watch.url', message: 'Invalid URL' }]);
  });
});

describe('a lost connection', () => {
  it('is shown as such, and may be retried', () => {
    const error = TRPCClientError.from(new TypeError('Failed to fetch'));

    expect(messageOf(error)).toMatch(/could not be reached/);
    expect(isRefusal(error)).toBe(false);
    expect(appCodeOf(error)).toBeNull();
  });
});
