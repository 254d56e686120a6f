'use client';

import { formatDateTime, formatRelativeTime } from '@/lib/format/time';
import { useNow } from '@/lib/useNow';

/** A relative time that keeps itself current; the exact one is its title. Empty until the page is in the browser. */
export function RelativeTime({ at, className }: { at: Date; className?: string }) {
  const now = useNow();
  if (now === null) return null;
  return (
    <time dateTime={at.toISOString()} title={formatDateTime(at)} className={className}>
      {formatRelativeTime(at, now)}
    </time>
  );
}
