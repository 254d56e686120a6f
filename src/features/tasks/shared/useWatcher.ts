'use client';

import { IN_USE_STATUSES } from '@everbeat/domain';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc/client';
import { useSettled } from '@/lib/useSettled';
import { pageAddressSchema } from '@/lib/webAddress';

/** A task that watches this page already, or undefined. Asks nothing while the text is not an address. */
export function useWatcher(typed: string) {
  const trpc = useTRPC();
  const url = pageAddressSchema.safeParse(useSettled(typed)).data;
  const input = { watches: url ?? '', statuses: [...IN_USE_STATUSES], limit: 1 };
  const { data } = useQuery(trpc.task.list.queryOptions(input, { enabled: url !== undefined }));
  return url === undefined ? undefined : data?.items[0];
}
