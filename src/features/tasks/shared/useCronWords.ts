'use client';

import { useQuery } from '@tanstack/react-query';

async function cronWords(pattern: string): Promise<string> {
  const { default: cronstrue } = await import('cronstrue');
  return cronstrue.toString(pattern, { use24HourTimeFormat: true, throwExceptionOnParseError: true });
}

/** A cron pattern in words, or undefined while they are on their way and when it cannot be read. */
export function useCronWords(pattern: string): string | undefined {
  const { data } = useQuery({
    queryKey: ['cron-words', pattern],
    queryFn: () => cronWords(pattern),
    enabled: pattern !== '',
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return data;
}
