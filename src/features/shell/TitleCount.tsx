'use client';

import { useEffect } from 'react';
import { useOpenBriefs, useUrgentCount } from '@/features/briefs/useBriefs';
import { useTitleCount } from '@/lib/pageTitle';

/** A hidden tab has no event stream; it asks this often, so that its title still brings news. */
const HIDDEN_REFETCH_MS = 60_000;

/** Shows in the title of the tab how many urgent briefs wait. */
export function TitleCount() {
  const { refetch } = useOpenBriefs('urgent').query;
  useTitleCount(useUrgentCount());
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'hidden') void refetch();
    }, HIDDEN_REFETCH_MS);
    return () => clearInterval(timer);
  }, [refetch]);
  return null;
}
