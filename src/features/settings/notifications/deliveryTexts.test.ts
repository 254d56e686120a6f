import type { DeliveryReason, DeliveryStatus } from '@everbeat/domain';
import { expect, it } from 'vitest';
import { deliveryText, timeOf } from './deliveryTexts';

const NOW = new Date(2031, 4, 3, 8, 0).getTime();
const at = (seconds: number) => new Date(NOW + seconds * 1_000);

const delivery = (status: DeliveryStatus, reason: DeliveryReason | null, dueAt: Date) => ({
  status,
  reason,
  dueAt,
  sentAt: null,
  createdAt: at(-90),
  attemptedAt: at(-18),
});

it.each<[string, DeliveryStatus, DeliveryReason | null, number, string]>([
  ['is tried again', 'pending', 'retry', 42, 'to be tried again in 42 s'],
  ['is tried again at this moment', 'pending', 'retry', -1, 'to be tried again now'],
  [
    'waits for another reason',
    'pending',
    'cool-down',
    42,
    'because the task was told of a moment ago, due in 42 s',
  ],
  ['waits for nothing else', 'pending', null, 0, 'due now'],
  ['is being sent', 'sending', null, 42, '18 s ago'],
  ['was given up', 'failed', 'gave-up', 42, 'it was tried for a day 18 s ago'],
])('a message that %s says when', (_what, status, reason, due, text) => {
  const shown = delivery(status, reason, at(due));
  expect(deliveryText(shown, NOW)).toBe(text);
  expect(timeOf(shown)).toEqual(status === 'pending' ? at(due) : at(-18));
});

it('a message that was sent says when it was taken', () => {
  expect(deliveryText({ ...delivery('sent', null, at(42)), sentAt: at(-10) }, NOW)).toBe('10 s ago');
});
