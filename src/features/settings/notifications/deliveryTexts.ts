import type { DeliveryView } from '@everbeat/domain';
import { formatRelativeTime, formatUntil } from '@/lib/format/time';
import { REASON_LABELS } from './labels';

type Shown = Pick<DeliveryView, 'status' | 'reason' | 'dueAt' | 'attemptedAt' | 'sentAt' | 'createdAt'>;

/** Of one that waits, when it is sent next; else when it was. */
export const timeOf = ({ status, dueAt, attemptedAt, sentAt, createdAt }: Shown): Date =>
  status === 'pending' ? dueAt : (sentAt ?? attemptedAt ?? createdAt);

/**
 * What follows its status: "to be tried again in 42 s", "for the digest, due in 3 h 10 min, 08:00", "18 s
 * ago". `now` in milliseconds since the epoch.
 */
export function deliveryText(delivery: Shown, now: number): string {
  const { status, reason, dueAt } = delivery;
  const why = reason === null ? '' : REASON_LABELS[reason];
  if (status !== 'pending') return `${why} ${formatRelativeTime(timeOf(delivery), now)}`.trim();
  const until = formatUntil(dueAt, now);
  if (reason === 'retry') return `${why} ${until}`;
  return why === '' ? `due ${until}` : `${why}, due ${until}`;
}
