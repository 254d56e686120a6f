'use client';

import type { InboxView } from '@everbeat/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DisclosureButton } from '@/components/ui/disclosureButton';
import { LoadMore } from '@/components/ui/loadMore';
import { ErrorState, ListSkeleton } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { useTRPC } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';
import type { InboxRow } from './inboxRow';

interface OtherBriefsProps {
  row: InboxRow;
  view: InboxView;
  shownId: string;
  onShow: (briefId: string) => void;
}

function List({ row, view, shownId, onShow }: OtherBriefsProps) {
  const trpc = useTRPC();
  const unresolved = view === 'done' ? undefined : true;
  const query = useInfiniteQuery(
    trpc.brief.list.infiniteQueryOptions({ taskId: row.taskId, unresolved, limit: 50 }, byCursor),
  );
  if (query.isPending) return <ListSkeleton rows={2} rowClass="h-9" />;
  if (query.isLoadingError) {
    return (
      <ErrorState title="They could not be loaded" error={query.error} onRetry={() => query.refetch()} />
    );
  }
  const ofRow = new Set(row.briefIds);
  const others = query.data.pages
    .flatMap(({ items }) => items)
    .filter(({ id }) => ofRow.has(id) && id !== shownId);
  return (
    <>
      <ul className="divide-y">
        {others.map((brief) => (
          <li key={brief.id}>
            <button
              type="button"
              className="flex w-full items-baseline gap-3 rounded-md py-2 text-left text-sm hover:bg-sunken"
              onClick={() => onShow(brief.id)}
            >
              <span className="min-w-0 flex-1 truncate">{brief.title}</span>
              <span className="shrink-0 text-[0.8125rem] text-muted">
                <RelativeTime at={brief.updatedAt} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <LoadMore query={query} what="briefs" which="earlier" />
    </>
  );
}

/** The other briefs of the row, folded away and read when they are asked for. */
export function OtherBriefs(props: OtherBriefsProps) {
  const [open, setOpen] = useState(false);
  const count = props.row.briefIds.filter((id) => id !== props.shownId).length;
  if (count === 0) return null;
  return (
    <section aria-label="Others of this row" className="mt-4">
      <DisclosureButton open={open} onOpenChange={setOpen}>
        {count === 1 ? '1 more of this row' : `${count} more of this row`}
      </DisclosureButton>
      {open && <List {...props} />}
    </section>
  );
}
