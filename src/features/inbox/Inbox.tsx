'use client';

import { INBOX_VIEWS, type InboxCounts, type InboxView } from '@everbeat/domain';
import { useQueryStates } from 'nuqs';
import { useCallback, useState } from 'react';
import { Tabs } from '@/components/ui/tabs';
import { inboxParsers } from './inboxParams';
import { VIEW_LABELS } from './rowTexts';
import { TriageView } from './TriageView';
import { useInboxCounts } from './useInboxCounts';

/** What has something to show: first what waits. Null: nothing has, or it is not known yet. */
function viewToShow(counts: InboxCounts | undefined): InboxView | null {
  if (counts === undefined) return null;
  if (counts.waiting > 0) return 'waiting';
  return counts.unread > 0 ? 'unread' : null;
}

/**
 * The view that the address names, or one with something to show. It stays when something comes into another
 * one, and changes only when it is empty.
 */
function useView(counts: InboxCounts | undefined) {
  const [{ view: named }, set] = useQueryStates(inboxParsers);
  const [held, setHeld] = useState<InboxView | null>(null);
  const [isEmpty, setEmpty] = useState(true);
  const better = viewToShow(counts);
  if (named === null && better !== null && better !== held && (held === null || isEmpty)) {
    setHeld(better);
    setEmpty(false);
  }
  const view = named ?? held ?? 'waiting';
  return {
    view,
    setEmpty: useCallback((empty: boolean) => setEmpty(empty), []),
    choose: (chosen: InboxView) => void set({ view: chosen, brief: null }, { history: 'push' }),
  };
}

/** The views of the inbox, as tabs with how much there is in each. */
export function Inbox() {
  const { data: counts } = useInboxCounts();
  const { view, setEmpty, choose } = useView(counts);
  return (
    <Tabs
      label="Views of the inbox"
      value={view}
      onValueChange={choose}
      items={INBOX_VIEWS.map((each) => ({
        value: each,
        label: VIEW_LABELS[each],
        count: each === 'done' ? undefined : counts?.[each],
        content: <TriageView view={each} onEmpty={setEmpty} />,
      }))}
    />
  );
}
