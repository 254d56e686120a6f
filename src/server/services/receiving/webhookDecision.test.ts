import type { StoredWebhook } from '@everbeat/database';
import { LIMITS } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { decideWebhook, faultOf, isWebhookDue, type WebhookFacts } from './webhookDecision';

const NOW = new Date('2026-11-29T12:00:00Z');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1_000);
const OWN = 'https://beat.example.com/api/channels/telegram/1';
const BEFORE = 'https://old.example.com/api/channels/telegram/1';
const ELSEWHERE = 'https://elsewhere.example.com/';

const facts = (change: Partial<WebhookFacts> & { to?: string; faultAt?: Date }): WebhookFacts => {
  const { to = OWN, faultAt, ...rest } = change;
  const fault = faultAt === undefined ? null : { at: faultAt, text: '404' };
  const recorded = { url: OWN, isSet: true };
  return { told: { url: to, fault }, own: OWN, recorded, isWanted: true, ...rest };
};

describe('the decision where Telegram is to report', () => {
  it.each<[string, Parameters<typeof facts>[0], string]>([
    ['what is right is kept', {}, 'keep'],
    ['nowhere', { to: '' }, 'set'],
    [
      'the former address of this installation',
      { to: BEFORE, recorded: { url: BEFORE, isSet: true } },
      'set',
    ],
    ['its address, and nobody knows the secret', { recorded: { url: null, isSet: false } }, 'set'],
    ['its address, and the last look was not ended', { recorded: { url: OWN, isSet: false } }, 'set'],
    ['its address, which it cannot reach', { faultAt: ago(60) }, 'set'],
    ['its address, which it could not reach for a while', { faultAt: ago(3_601) }, 'keep'],
    ['another program', { to: ELSEWHERE }, 'foreign'],
    ['a copy of this installation', { to: BEFORE, recorded: { url: null, isSet: false } }, 'foreign'],
    ['here, without a channel', { isWanted: false }, 'delete'],
    [
      'the former address, without a channel',
      { isWanted: false, to: BEFORE, recorded: { url: BEFORE, isSet: true } },
      'delete',
    ],
    ['another program, without a channel', { isWanted: false, to: ELSEWHERE }, 'leave'],
    ['nowhere, without a channel', { isWanted: false, to: '', recorded: { url: '', isSet: false } }, 'leave'],
  ])('%s', (_what, change, act) => expect(decideWebhook(facts(change), NOW)).toBe(act));
});

it('says what Telegram has met, as long as that is new', () => {
  const told = { url: OWN, fault: { at: ago(10), text: 'Connection refused' } };
  expect(faultOf({ told, own: OWN }, NOW)).toContain('Connection refused');
  const later = new Date(NOW.getTime() + LIMITS.webhookFaultSeconds * 1_000);
  expect(faultOf({ told, own: OWN }, later)).toBeNull();
});

it('says nothing of what Telegram has met at the former address', () => {
  const told = { url: BEFORE, fault: { at: ago(10), text: 'Connection refused' } };
  expect(faultOf({ told, own: OWN }, NOW)).toBeNull();
});

describe('a look is due', () => {
  const row = { key: '1', channelIds: ['a'], url: OWN, isSet: true, problem: null, checkedAt: ago(60) };
  const isDue = (change: Partial<StoredWebhook> = {}, channelIds = ['a']): boolean =>
    isWebhookDue({ ...row, ...change }, { own: OWN, channelIds }, NOW);

  it('at first, and when the channels are others', () => {
    expect(isWebhookDue(undefined, { own: OWN, channelIds: ['a'] }, NOW)).toBe(true);
    expect(isDue({}, ['b'])).toBe(true);
    expect(isDue({}, ['a', 'b'])).toBe(true);
    expect(isDue()).toBe(false);
  });

  it('soon where something is reported that is not to be', () => {
    const { webhookRetrySeconds } = LIMITS;
    expect(isDue({ channelIds: [], checkedAt: ago(webhookRetrySeconds - 1) }, [])).toBe(false);
    expect(isDue({ channelIds: [], checkedAt: ago(webhookRetrySeconds) }, [])).toBe(true);
  });

  it('seldom while all is well, sooner when it is not, and also after a clock that was ahead', () => {
    const { webhookCheckSeconds, webhookRetrySeconds } = LIMITS;
    expect(isDue({ checkedAt: ago(webhookCheckSeconds - 1) })).toBe(false);
    expect(isDue({ checkedAt: ago(webhookCheckSeconds) })).toBe(true);
    expect(isDue({ checkedAt: ago(-webhookCheckSeconds) })).toBe(true);
    for (const bad of [{ problem: 'no' }, { isSet: false }, { url: BEFORE }]) {
      expect(isDue({ ...bad, checkedAt: ago(webhookRetrySeconds - 1) })).toBe(false);
      expect(isDue({ ...bad, checkedAt: ago(webhookRetrySeconds) })).toBe(true);
    }
  });
});
