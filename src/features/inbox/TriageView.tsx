'use client';

import type { InboxView } from '@everbeat/domain';
import { HeartPulse } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { LoadMore } from '@/components/ui/loadMore';
import { EmptyState, ErrorState, ListSkeleton } from '@/components/ui/states';
import { cn } from '@/lib/cn';
import { useShortcuts } from '@/lib/shortcuts/useShortcuts';
import { BriefPane } from './BriefPane';
import { SNOOZE_BUTTON_ID } from './BriefToolbar';
import { InboxFilters } from './InboxFilters';
import { InboxRowItem } from './InboxRowItem';
import { INBOX_SEARCH_ID, isFiltered } from './inboxParams';
import type { InboxRow } from './inboxRow';
import { ListBar } from './ListBar';
import { EMPTY_TEXTS } from './rowTexts';
import { type InboxActs, useInboxActs } from './useInboxActs';
import { isWide, rowLink, useInboxFocus } from './useInboxFocus';
import { useInboxList } from './useInboxList';

const SnoozeMenu = dynamic(() => import('./SnoozeMenu'), { ssr: false });

interface Snoozing {
  rows: readonly InboxRow[];
  anchor: HTMLElement;
}

/** Everything of one view of the inbox, held together: rows, focus, acts, and the menu of times. */
function useTriageView(view: InboxView) {
  const list = useInboxList(view);
  const focus = useInboxFocus();
  const acts = useInboxActs(view, list, focus);
  const [snoozing, setSnoozing] = useState<Snoozing | null>(null);
  const snooze = (rows: readonly InboxRow[], anchor: HTMLElement | null) => {
    if (rows.length === 0 || view === 'done') return;
    if (view === 'snoozed') acts.act(rows, 'unsnooze');
    else if (anchor !== null) setSnoozing({ rows, anchor });
  };
  const open = (row: InboxRow) => {
    list.open(row.brief.id, 'push');
    focus.focusPane();
    if (!isWide()) window.scrollTo({ top: 0 });
  };
  const back = () => {
    const key = list.current?.key ?? null;
    if (!isWide()) list.close();
    focus.focusRow(key);
  };
  return { list, focus, acts, snoozing, setSnoozing, snooze, open, back };
}

type TriageState = ReturnType<typeof useTriageView>;

function useKeys(view: InboxView, { list, focus, acts, snooze, open }: TriageState): void {
  const { current } = list;
  const withCurrent = (act: (row: InboxRow) => void) => () => current !== null && act(current);
  const anchor = (): HTMLElement | null => {
    const button = acts.selected.length > 0 ? null : document.getElementById(SNOOZE_BUTTON_ID);
    const [first] = acts.targets;
    return button ?? (first === undefined ? null : rowLink(focus.list.current, first.key));
  };
  useShortcuts({
    'next-row': () => acts.step(1),
    'previous-row': () => acts.step(-1),
    'open-row': withCurrent(open),
    done: () => view !== 'done' && acts.act(acts.targets, 'done'),
    'done-task': withCurrent((row) => view !== 'done' && acts.doneWithTask(row)),
    snooze: () => snooze(acts.targets, anchor()),
    mute: withCurrent((row) => void acts.mute(row)),
    unread: withCurrent((row) => acts.act([row], row.readAt === null ? 'read' : 'unread')),
    select: withCurrent(acts.toggle),
    'select-range': withCurrent(acts.selectTo),
    search: () => document.getElementById(INBOX_SEARCH_ID)?.focus(),
  });
}

function Rows({ view, state }: { view: InboxView; state: TriageState }) {
  const { list, acts, snooze, open } = state;
  const { rows, current } = list;
  const canFinish = view !== 'done';
  return (
    <div className="overflow-clip rounded-2xl border bg-surface">
      <ListBar
        rows={rows.length}
        selected={acts.selected.length}
        waiting={list.waiting}
        canFinish={canFinish}
        onSelectAll={acts.selectAll}
        onClear={acts.selectNone}
        onShowAll={list.showAll}
        onDone={() => acts.act(acts.selected, 'done')}
        onSnooze={(anchor) => snooze(acts.selected, anchor)}
      />
      <ul aria-label="Briefs" className="divide-y">
        {rows.map((row) => (
          <InboxRowItem
            key={row.key}
            row={row}
            href={`/?brief=${row.brief.id}`}
            isCurrent={row === current}
            isSelected={acts.isSelected(row)}
            canFinish={canFinish}
            onOpen={() => open(row)}
            onSelect={(isRange) => (isRange ? acts.selectTo(row) : acts.toggle(row))}
            onDone={() => acts.act([row], 'done')}
            onSnooze={(anchor) => snooze([row], anchor)}
          />
        ))}
      </ul>
    </div>
  );
}

function NoRows({ view, filtered }: { view: InboxView; filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState title="No matching briefs">
        No brief of this view matches the search and filters.
      </EmptyState>
    );
  }
  const { title, text } = EMPTY_TEXTS[view];
  return (
    <EmptyState icon={<HeartPulse aria-hidden />} title={title}>
      {text}
    </EmptyState>
  );
}

interface TriageViewProps {
  view: InboxView;
  /** Told whenever the view has become empty, or is so no more. */
  onEmpty: (isEmpty: boolean) => void;
}

/** One view of the inbox: rows at the left, the brief of the current one at the right. */
export function TriageView({ view, onEmpty }: TriageViewProps) {
  const state = useTriageView(view);
  const { list, focus, acts, snoozing, setSnoozing } = state;
  const { query, rows, current, briefId, isChosen } = list;
  useKeys(view, state);
  const isEmpty = query.data !== undefined && rows.length === 0;
  useEffect(() => onEmpty(isEmpty), [isEmpty, onEmpty]);

  const act = (what: Parameters<InboxActs['act']>[1]) => () => {
    if (current !== null) acts.act([current], what);
  };
  return (
    <>
      <div className={cn(isChosen && 'max-md:hidden')}>
        <InboxFilters taskName={rows[0]?.taskTitle} />
      </div>
      <div className="grid items-start gap-4 md:grid-cols-[minmax(15rem,2fr)_minmax(0,3fr)]">
        <div
          ref={focus.list}
          tabIndex={-1}
          className={cn('min-w-0 space-y-3 outline-none', isChosen && 'max-md:hidden')}
        >
          {query.isPending && <ListSkeleton rows={5} rowClass="h-16" />}
          {query.isLoadingError && (
            <ErrorState
              title="The inbox could not be loaded"
              error={query.error}
              onRetry={() => query.refetch()}
            />
          )}
          {rows.length > 0 && <Rows view={view} state={state} />}
          {isEmpty && <NoRows view={view} filtered={isFiltered(list.filter)} />}
          <LoadMore query={query} what="briefs" />
        </div>
        {briefId !== null && (
          <div className={cn('min-w-0', !isChosen && 'max-md:hidden')}>
            <BriefPane
              pane={focus.pane}
              view={view}
              row={current}
              briefId={briefId}
              isChosen={isChosen}
              onBack={state.back}
              onShow={(id) => list.open(id, 'replace')}
              onRead={() => current !== null && void acts.read(current)}
              onAnswered={(answering) => {
                if (current !== null) return acts.answered(current, briefId, answering);
                focus.pane.current?.focus({ preventScroll: true });
                return undefined;
              }}
              onDone={act('done')}
              onSnooze={(anchor) => current !== null && state.snooze([current], anchor)}
              onUnsnooze={act('unsnooze')}
              onMute={() => current !== null && void acts.mute(current)}
              onToggleRead={act(current?.readAt === null ? 'read' : 'unread')}
              onOnlyTask={
                current === null || list.filter.task !== null
                  ? null
                  : () => {
                      list.showOnly(current.taskIdentifier);
                      focus.focusPane();
                    }
              }
            />
          </div>
        )}
      </div>
      {snoozing !== null && (
        <SnoozeMenu
          anchor={snoozing.anchor}
          onChoose={(until) => acts.act(snoozing.rows, 'snooze', until)}
          onClose={() => {
            setSnoozing(null);
            // A choice has moved the focus on already.
            if (document.activeElement === document.body) focus.focusRow(current?.key ?? null);
          }}
        />
      )}
    </>
  );
}
