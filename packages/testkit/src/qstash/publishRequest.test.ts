import { describe, expect, it } from 'vitest';
import { BadRequestError, parseDurationMs, parsePublishRequest } from './publishRequest';

describe('parseDurationMs', () => {
  it.each([
    ['10s', 10],
    ['1m', 60],
    ['1h', 3_600],
    ['1d', 86_400],
    ['1d10h30m5s', 86_400 + 36_000 + 1_800 + 5],
    ['0s', 0],
  ])('reads %s as %i seconds', (text, seconds) => {
    expect(parseDurationMs(text)).toBe(seconds * 1_000);
  });

  it.each(['', '10', 's', '1.5s', '-1s', '1w', '10 s'])('refuses "%s"', (text) => {
    expect(() => parseDurationMs(text)).toThrow('invalid duration');
  });
});

describe('parsePublishRequest', () => {
  const parse = (headers: Record<string, string>) =>
    parsePublishRequest('http://app.example/hook', headers, Buffer.from(''));

  it('fills in what QStash fills in', () => {
    expect(parse({})).toMatchObject({
      method: 'POST',
      delayMs: 0,
      notBefore: null,
      maxRetries: 3,
      timeoutMs: null,
    });
  });

  it('reads the waits', () => {
    const headers = {
      'upstash-retry-delay': '500',
      'upstash-timeout': '30s',
      'upstash-not-before': '1772366400',
    };
    expect(parse(headers)).toMatchObject({
      retryDelayMs: 500,
      timeoutMs: 30_000,
      notBefore: new Date('2026-03-01T12:00:00Z'),
    });
  });

  it.each([
    ['upstash-retries', 'many'],
    ['upstash-not-before', 'tomorrow'],
    ['upstash-retry-delay', 'pow(2, retried)'],
    ['upstash-callback', 'nowhere'],
  ])('refuses what it cannot read: %s %s', (name, value) => {
    expect(() => parse({ [name]: value })).toThrow(BadRequestError);
  });
});
