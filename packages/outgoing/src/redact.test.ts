import { describe, expect, it } from 'vitest';
import { redact, redactCut, secretsIn } from './redact';

describe('a text without secrets', () => {
  it('has nothing left of one that holds another', () => {
    expect(redact('a sk-secret-long b sk-secret', ['sk-secret', 'sk-secret-long'])).toBe(
      'a [redacted] b [redacted]',
    );
  });

  it('keeps what is too short to be one', () => {
    expect(redact('in the end', ['the'])).toBe('in the end');
  });

  it('that was cut ends before the beginning of one', () => {
    expect(redactCut('the key is sk-sec', ['sk-secret'])).toBe('the key is [redacted]');
  });
});

describe('the secrets of a configuration', () => {
  it('come without the scheme of a header, and as programs write them', () => {
    const found = secretsIn({ headers: { authorization: 'Bearer a"key+1' } }, ['headers']);
    expect(found).toEqual(
      expect.arrayContaining(['Bearer a"key+1', 'a"key+1', 'a\\"key+1', 'a%22key%2B1', btoa('a"key+1')]),
    );
  });

  it('are none of what every request says', () => {
    const headers = { Accept: 'application/json', 'Content-Type': 'text/plain', 'x-key': 'a-secret' };
    expect(secretsIn({ headers, url: 'http://example.com' }, ['headers'])).not.toContain('application/json');
    expect(secretsIn({ headers }, ['headers'])).toContain('a-secret');
  });
});
