'use client';

import type { BriefView } from '@everbeat/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef } from 'react';
import { useTRPC } from '@/lib/trpc/client';
import { briefQueries, patchBrief } from './patchBrief';

/** How long a card must be in view to count as read. */
const READING_MS = 2_000;
/** Half of it, or of the window, which a long one never shows half of. */
const THRESHOLDS = [0, 0.1, 0.2, 0.3, 0.4, 0.5];

/** Marks a brief as read once its card has been in view, if that means that the person reads it. Returns the ref for the card. */
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
  const unread = brief.readAt === null && brief.resolvedAt === null && isBeingRead;
  useEffect(() => {
    if (!unread || card.current === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const markRead = () => {
      // Nobody reads in a tab that is not seen. It is looked at again then.
      if (document.visibilityState === 'visible') read.current();
      else
        document.addEventListener('visibilitychange', () => read.current(), {
          once: true,
          signal: gone.signal,
        });
    };
    const gone = new AbortController();
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
  }, [unread]);
  return card;
}

const isHalfInView = ({
  intersectionRatio,
  intersectionRect,
  rootBounds,
}: IntersectionObserverEntry): boolean =>
  intersectionRatio >= 0.5 || (rootBounds !== null && intersectionRect.height >= rootBounds.height / 2);
