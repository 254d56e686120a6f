'use client';

import type { InboxView } from '@everbeat/domain';
import { BellOff } from 'lucide-react';
import { type RefObject, useEffect } from 'react';
import { EmptyState, ErrorState, ListSkeleton } from '@/components/ui/states';
import { BriefCard } from '@/features/briefs/BriefCard';
import { usePageTitle } from '@/lib/pageTitle';
import { isNotFound } from '@/lib/trpc/errors';
import { BriefToolbar, type RowActs } from './BriefToolbar';
import type { InboxRow } from './inboxRow';
import { OtherBriefs } from './OtherBriefs';
import { useShownBrief } from './useShownBrief';

interface BriefPaneProps extends RowActs {
  pane: RefObject<HTMLElement | null>;
  view: InboxView;
  row: InboxRow | null;
  briefId: string | null;
  /** The person has opened it; otherwise it is only the first of the list. */
  isChosen: boolean;
  onBack: () => void;
  onShow: (briefId: string) => void;
  onRead: () => void;
  onAnswered: (answering: Promise<boolean>) => (() => void) | undefined;
}

/** The brief of the current row, with what can be done: the right side, or a page of its own on a phone. */
export function BriefPane(props: BriefPaneProps) {
  const { pane, view, row, briefId, isChosen, onBack, onShow, onAnswered } = props;
  const onRead = row === null ? undefined : props.onRead;
  const { brief, query } = useShownBrief(briefId, row);
  usePageTitle(isChosen && brief !== null ? `${brief.taskName} · Everbeat` : null);
  useEffect(() => {
    if (briefId !== null) pane.current?.scrollTo({ top: 0 });
  }, [briefId, pane]);
  return (
    <section
      ref={pane}
      tabIndex={-1}
      aria-label="The brief"
      className="min-w-0 rounded-2xl outline-none md:sticky md:top-16 md:max-h-[calc(100dvh-8rem)] md:overflow-y-auto md:p-0.5 lg:top-4 lg:max-h-[calc(100dvh-2rem)]"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onBack();
      }}
    >
      <BriefToolbar {...props} />
      {row?.muted === true && (
        <p className="mb-3 flex items-center gap-2 text-sm text-muted">
          <BellOff aria-hidden className="size-4 shrink-0" />
          {row.taskIdentifier} is muted: what it finds counts as read as it comes in. What needs you still
          waits here.
        </p>
      )}
      {brief === null && query.isLoading && <ListSkeleton rows={1} rowClass="h-48" />}
      {brief === null && query.isError && isNotFound(query.error) && (
        <EmptyState title="There is no such brief">It may have been deleted with its task.</EmptyState>
      )}
      {brief === null && query.isError && !isNotFound(query.error) && (
        <ErrorState
          title="The brief could not be loaded"
          error={query.error}
          onRetry={() => query.refetch()}
        />
      )}
      {brief !== null && (
        <BriefCard
          key={brief.id}
          brief={brief}
          showTask
          isBeingRead={isChosen}
          inbox={{ hasDone: row !== null && row.kind !== 'needs-me', onRead, onAnswered }}
        />
      )}
      {brief !== null && row !== null && (
        <OtherBriefs row={row} view={view} shownId={brief.id} onShow={onShow} key={row.key} />
      )}
    </section>
  );
}
