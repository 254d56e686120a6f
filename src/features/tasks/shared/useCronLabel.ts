'use client';

import { useQuery } from '@tanstack/react-query';

async function cronLabel(pattern: string): Promise<string> {
  const { default: cronstrue } = await import('cronstrue');
  return cronstrue.toString(pattern, { use24HourTimeFormat: true, throwExceptionOnParseError: true });
}

/** A cron pattern in words; undefined while cronstrue is loading and when the pattern is invalid. */
export function useCronLabel(pattern: string): string | undefined {
  const { data } = useQuery({
    queryKey: ['cron-label', pattern],
    queryFn: () => cronLabel(pattern),
    enabled: pattern !== '',
    // A pattern's description never changes, so refreshing the page's data must not compute it again.
    staleTime: 'static',
    retry: false,
  });
  return data;
}
