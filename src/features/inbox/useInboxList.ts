'use client';

import type { InboxView } from '@everbeat/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTRPC } from '@/lib/trpc/client';
import { useIsHidden } from './hiddenRows';
import { inboxParsers } from './inboxParams';
import { inboxPages } from './inboxQueries';
import { holdsBrief, rowOf } from './inboxRow';
import { useSteadyRows } from './useSteadyRows';

/** The rows of a view as the address filters them, and which brief is shown. */
export function useInboxList(view: InboxView) {
  const trpc = useTRPC();
  const [params, setParams] = useQueryStates(inboxParsers);
  const { task, agent, type } = params;
  const q = useDeferredValue(params.q);
  const filter = useMemo(() => ({ q, task, agent, type }), [q, task, agent, type]);
  const query = useInfiniteQuery(inboxPages(trpc, view, filter));
  const { data, isPlaceholderData } = query;
  const fresh = useMemo(
    () => (isPlaceholderData ? null : (data?.pages.flatMap(({ items }) => items.map(rowOf)) ?? null)),
    [data, isPlaceholderData],
  );
  const scope = JSON.stringify([view, filter]);
  // What is read leaves the view of the unread: not while the person is reading it.
  const steady = useSteadyRows(scope, fresh, { keepsGone: view === 'unread' });
  const isHidden = useIsHidden(view);
  const isFresh = useMemo(() => new Set(fresh?.map(({ key }) => key)), [fresh]);
  const rows = steady.rows
    .filter((row) => !isHidden(row))
    // What the list has kept was read meanwhile.
    .map((row) =>
      fresh === null || isFresh.has(row.key)
        ? row
        : { ...row, readAt: row.readAt ?? row.newestAt, isKept: true },
    );

  const [first, setFirst] = useState<{ scope: string; id: string } | null>(null);
  const [top] = rows;
  if (params.brief === null && top !== undefined && first?.scope !== scope) {
    setFirst({ scope, id: top.brief.id });
  }
  const briefId = params.brief ?? (first?.scope === scope ? first.id : null);
  const current = briefId === null ? null : (rows.find((row) => holdsBrief(row, briefId)) ?? null);

  return {
    query,
    filter,
    rows,
    briefId,
    current,
    waiting: steady.waiting,
    showAll: steady.showAll,
    leave: steady.leave,
    leaveBrief: steady.leaveBrief,
    comeBack: steady.comeBack,
    /**
     * The person has opened the brief; otherwise the first of the list is shown, where there is room for it.
     */
    isChosen: params.brief !== null,
    open: (id: string, how: 'push' | 'replace') => void setParams({ brief: id }, { history: how }),
    showOnly: (task: string) => void setParams({ task }, { history: 'push' }),
    close: () => {
      setFirst(null);
      void setParams({ brief: null }, { history: 'replace' });
    },
  };
}

export type InboxList = ReturnType<typeof useInboxList>;
