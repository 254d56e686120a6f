'use client';

import { formatDateTime, formatRelativeTime } from '@/lib/format/time';
import { useNow } from '@/lib/useNow';

/**
 * A relative time, updated every second, with the exact time as its tooltip. Renders nothing on the server.
 */
export function RelativeTime({ at, className }: { at: Date; className?: string }) {
  const now = useNow();
  if (now === null) return null;
  return (
    <time dateTime={at.toISOString()} title={formatDateTime(at)} className={className}>
      {formatRelativeTime(at, now)}
    </time>
  );
}
