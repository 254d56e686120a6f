'use client';

import { useEffect } from 'react';
import { useInboxCounts } from '@/features/inbox/useInboxCounts';
import { useIconDot } from '@/lib/pageIcon';
import { useTitleCount } from '@/lib/pageTitle';
import { badgeOf } from './badge';

/** A hidden tab has no event stream; it asks this often, so that its title and icon still bring news. */
const HIDDEN_REFETCH_MS = 60_000;

/** Shows in the title and the icon of the tab that something waits or is unread. */
export function TabStatus() {
  const { data, refetch } = useInboxCounts();
  const badge = badgeOf(data);
  useTitleCount(badge?.text ?? null);
  useIconDot(badge?.dot ?? null);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'hidden') void refetch();
    }, HIDDEN_REFETCH_MS);
    return () => clearInterval(timer);
  }, [refetch]);
  return null;
}
