import type { InboxCounts } from '@everbeat/domain';
import { expect, it } from 'vitest';
import { badgeOf } from './badge';

const counts = (waiting: number, unread: number): InboxCounts => ({ waiting, unread, snoozed: 4 });

it.each<[string, InboxCounts | undefined, ReturnType<typeof badgeOf>]>([
  ['nothing before it is known', undefined, null],
  ['nothing for what is snoozed', counts(0, 0), null],
  ['what waits', counts(3, 7), { text: '3', what: 'waiting for you', dot: 'waits' }],
  ['what is unread, when nothing waits', counts(0, 7), { text: '7', what: 'unread', dot: 'unread' }],
  [
    'no number that was not counted',
    counts(1_000, 0),
    { text: '999+', what: 'waiting for you', dot: 'waits' },
  ],
])('the badge shows %s', (_what, given, badge) => {
  expect(badgeOf(given)).toEqual(badge);
});
