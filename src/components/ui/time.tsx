'use client';

import { formatDateTime, formatRelativeTime } from '@/lib/format/time';
import { useAtTime } from '@/lib/useNow';

/** A time in words, with the exact time and its zone as its tooltip. Renders nothing on the server. */
export function RelativeTime({ at, className }: { at: Date; className?: string }) {
  const text = useAtTime((now) => formatRelativeTime(at, now));
  if (text === null) return null;
  return (
    <time dateTime={at.toISOString()} title={formatDateTime(at)} className={className}>
      {text}
    </time>
  );
}
