'use client';

import type { BriefView } from '@everbeat/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTRPC } from '@/lib/trpc/client';
import { isToBeMarked } from './isToBeMarked';
import { briefQueries, patchBrief } from './patchBrief';

/** How long a card must be in view to count as read. */
const READING_MS = 2_000;
/** Half of it, or of the window, which a long one never shows half of. */
const THRESHOLDS = [0, 0.1, 0.2, 0.3, 0.4, 0.5];

/**
 * Marks a brief as read once its card has been in view, if that means that the person reads it. Returns the
 * ref for the card.
 */
export function useMarkRead(
  brief: BriefView,
  { isBeingRead, onRead }: { isBeingRead: boolean; onRead: (() => void) | undefined },
): RefObject<HTMLElement | null> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const card = useRef<HTMLElement>(null);
  const { mutate } = useMutation(
    trpc.brief.markRead.mutationOptions({
      onSuccess: ({ id, readAt }) => void patchBrief(queryClient, briefQueries(trpc), id, { readAt }),
      meta: { refresh: false },
    }),
  );
  const { id } = brief;
  const read = useRef(() => {});
  useEffect(() => {
    read.current = onRead ?? (() => mutate({ id }));
  });
  const version = brief.updatedAt.getTime();
  const [readVersion, setReadVersion] = useState<number | null>(null);
  if (brief.readAt !== null && readVersion !== version) setReadVersion(version);
  const unread = isBeingRead && isToBeMarked(brief, readVersion);
  useEffect(() => {
    if (!unread || card.current === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const gone = new AbortController();
    const markNow = () => {
      setReadVersion(version);
      read.current();
    };
    const markRead = () => {
      // Nobody reads in a hidden tab: it is marked when the person comes back to the tab.
      if (document.visibilityState === 'visible') markNow();
      else document.addEventListener('visibilitychange', markNow, { once: true, signal: gone.signal });
    };
    const observer = new IntersectionObserver(
      ([entry]) => {
        clearTimeout(timer);
        if (entry !== undefined && isHalfInView(entry)) timer = setTimeout(markRead, READING_MS);
      },
      { threshold: THRESHOLDS },
    );
    observer.observe(card.current);
    return () => {
      observer.disconnect();
      gone.abort();
      clearTimeout(timer);
    };
  }, [unread, version]);
  return card;
}

const isHalfInView = ({
  intersectionRatio,
  intersectionRect,
  rootBounds,
}: IntersectionObserverEntry): boolean =>
  intersectionRatio >= 0.5 || (rootBounds !== null && intersectionRect.height >= rootBounds.height / 2);
