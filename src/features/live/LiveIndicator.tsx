'use client';

import { CloudOff } from 'lucide-react';
import { cn } from '@/lib/cn';
import { formatDay } from '@/lib/format/time';
import { type LiveState, useLive } from './LiveProvider';

const LABELS: Record<LiveState, { text: string; title: string; dot: string }> = {
  connecting: { text: 'Connecting', title: 'Opening the live connection', dot: 'bg-line-strong' },
  live: { text: 'Live', title: 'This page updates by itself', dot: 'bg-accent' },
  reconnecting: {
    text: 'Reconnecting',
    title: 'The live connection was lost; it is being opened again',
    dot: 'bg-warn animate-shimmer',
  },
  offline: {
    text: 'Offline',
    title: 'This browser has no network connection',
    dot: 'bg-warn',
  },
  refused: {
    text: 'Not live',
    title: 'The server refused the live connection; reload the page',
    dot: 'bg-danger',
  },
};

export function LiveIndicator() {
  const { text, title, dot } = LABELS[useLive().state];
  return (
    <p role="status" title={title} className="flex items-center gap-2 text-[0.8125rem] text-muted">
      <span aria-hidden className={cn('size-2 rounded-full', dot)} />
      {text}
    </p>
  );
}

const TROUBLES: Partial<Record<LiveState, { name: string; remedy: string }>> = {
  offline: {
    name: 'Offline',
    remedy: 'Actions fail until the connection is back; the page then updates by itself.',
  },
  reconnecting: {
    name: 'The server does not answer',
    remedy: 'The page tries to reach it and then updates by itself.',
  },
};

/** Says above the page that what it shows may be out of date, and since when. */
export function LiveBanner() {
  const { state, knownUntil } = useLive();
  const trouble = TROUBLES[state];
  return (
    <div role="status">
      {trouble !== undefined && (
        <p className="mx-auto mb-5 flex max-w-4xl items-start gap-2.5 rounded-xl border border-warn/40 bg-warn-soft px-4 py-3 text-sm">
          <CloudOff aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
          <span>
            <span className="font-medium">
              {trouble.name}
              {knownUntil === null
                ? '. '
                : `: showing what was known at ${formatDay(knownUntil, new Date())}. `}
            </span>
            {trouble.remedy}
          </span>
        </p>
      )}
    </div>
  );
}
