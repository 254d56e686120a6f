'use client';

import { cn } from '@/lib/cn';
import { type LiveState, useLive } from './LiveProvider';

const LABELS: Record<LiveState, { text: string; title: string; dot: string }> = {
  connecting: { text: 'Connecting', title: 'Opening the live connection', dot: 'bg-line-strong' },
  live: { text: 'Live', title: 'This page updates by itself', dot: 'bg-accent' },
  reconnecting: {
    text: 'Reconnecting',
    title: 'The live connection was lost; it is being opened again',
    dot: 'bg-warn animate-shimmer',
  },
  refused: {
    text: 'Not live',
    title: 'The server refused the live connection; reload the page',
    dot: 'bg-danger',
  },
};

export function LiveIndicator() {
  const { text, title, dot } = LABELS[useLive()];
  return (
    <p role="status" title={title} className="flex items-center gap-2 text-[0.8125rem] text-muted">
      <span aria-hidden className={cn('size-2 rounded-full', dot)} />
      {text}
    </p>
  );
}
