'use client';

import type { BriefView } from '@everbeat/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef } from 'react';
import { useTRPC } from '@/lib/trpc/client';
import { briefQueries, patchBrief } from './patchBrief';

/** How long at least half of a card must be in view to count as read. */
const READING_MS = 2_000;

/** Marks a brief as read once its card has been in view. Returns the ref for the card. */
export function useMarkRead(brief: BriefView): RefObject<HTMLElement | null> {
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
  const unread = brief.readAt === null;
  useEffect(() => {
    if (!unread || card.current === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        clearTimeout(timer);
        if (entry?.isIntersecting) timer = setTimeout(() => mutate({ id }), READING_MS);
      },
      { threshold: 0.5 },
    );
    observer.observe(card.current);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, [unread, id, mutate]);
  return card;
}
