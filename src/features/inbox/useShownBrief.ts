'use client';

import type { BriefView } from '@everbeat/domain';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/lib/trpc/client';
import type { InboxRow } from './inboxRow';

/**
 * The brief to show: from its row, or read by itself when it is no row's newest brief (any more), or the row
 * is only kept. What is shown never turns into another brief by itself, because a click could then answer
 * that one.
 */
export function useShownBrief(id: string | null, row: InboxRow | null) {
  const trpc = useTRPC();
  const newest = row !== null && row.brief.id === id ? row.brief : null;
  const ofRow = row?.isKept === true ? null : newest;
  const query = useQuery({
    ...trpc.brief.get.queryOptions({ id: id ?? '' }),
    enabled: id !== null && ofRow === null,
  });
  const [last, setLast] = useState<BriefView | null>(null);
  if (ofRow !== null && last !== ofRow) setLast(ofRow);
  const known = last?.id === id ? last : newest;
  return { brief: ofRow ?? query.data ?? known, query };
}
