import { LIMITS } from '@everbeat/domain';
import { expect, it } from 'vitest';
import { isHeard } from './isHeard';
import { webhookUrlOf } from './receivingBots';

const NOW = new Date('2026-11-29T12:00:00Z');
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1_000);
const APP_URL = 'https://beat.example.com';
const REPORTED = { webhookSetAt: ago(86_400), webhookUrl: webhookUrlOf(APP_URL, 'k') };
const POLLED = { polledAt: ago(LIMITS.botHeardSeconds) };

it.each<[string, Partial<Parameters<typeof isHeard>[0]>, boolean, boolean]>([
  ['what Telegram reports here', REPORTED, true, true],
  ['what a server asks for that has answered lately', POLLED, false, true],
  ['what another server asks for', POLLED, true, true],
  ['nothing while there is a problem', { ...REPORTED, ...POLLED, problem: 'no' }, true, false],
  ['nothing once no answer has come for long', { polledAt: ago(LIMITS.botHeardSeconds + 1) }, false, false],
  ['nothing that Telegram has not taken', { ...REPORTED, webhookSetAt: null }, true, false],
  [
    'nothing that is reported to the former address',
    { ...REPORTED, webhookUrl: webhookUrlOf('https://old.example.com', 'k') },
    ...([true, false] as const),
  ],
  ['nothing that is reported to a server that asks', REPORTED, false, false],
])('a server hears %s', (_what, known, hasReports, expected) => {
  const row = { key: 'k', polledAt: null, webhookSetAt: null, webhookUrl: null, problem: null, ...known };
  expect(isHeard(row, { appUrl: APP_URL, hasReports }, NOW)).toBe(expected);
});
