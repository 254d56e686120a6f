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

/**
 * A text that names times in the browser's zone and habits. Renders nothing on the server, which knows
 * neither. `read` is given the present time, in milliseconds since the epoch.
 */
export function LocalText({ read }: { read: (now: number) => string }) {
  return useAtTime(read);
}
