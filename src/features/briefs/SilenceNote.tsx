'use client';

import { type BriefView, silenceText } from '@everbeat/domain';
import { Hourglass } from 'lucide-react';
import { formatDay } from '@/lib/format/time';
import { useAtTime } from '@/lib/useNow';

/** What happens if nobody answers an open question. Nothing where it waits for as long as it takes. */
export function SilenceNote({ brief }: { brief: BriefView }) {
  const text = useAtTime((now) => silenceText(brief, (at) => formatDay(at, new Date(now))));
  if (brief.resolvedAt !== null || text === null) return null;
  return (
    <p className="flex items-start gap-1.5 text-[0.8125rem] text-muted">
      <Hourglass aria-hidden className="mt-0.5 size-4 shrink-0" /> {text}
    </p>
  );
}
