'use client';

import type { InboxView } from '@everbeat/domain';
import { useState } from 'react';
import { hideRows } from './hiddenRows';
import type { InboxRow } from './inboxRow';
import { LEAVES, type RowAct } from './rowActs';
import { nextFocus, rangeOf, stepFrom, toggled } from './selection';
import { type InboxFocus, isWide } from './useInboxFocus';
import type { InboxList } from './useInboxList';
import { type ActEnds, useTriage } from './useTriage';

/** What the person does with the rows: by keys, by buttons, with one row or with those selected. */
export function useInboxActs(view: InboxView, list: InboxList, focus: InboxFocus) {
  const { rows, current } = list;
  const keys = rows.map(({ key }) => key);
  const triage = useTriage();
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState<string | null>(null);
  const selected = rows.filter(({ key }) => selection.has(key));

  /** To a row, or out of the list when none is left. On a phone the brief is a page, which closes. */
  const moveTo = (key: string | null) => {
    const row = rows.find((each) => each.key === key);
    if (row === undefined || !isWide()) list.close();
    else list.open(row.brief.id, 'replace');
    focus.focusRow(key);
  };
  const leave = (leaving: ReadonlySet<string>, act: (ends: ActEnds) => Promise<void>) => {
    const before = rows;
    const [first] = leaving;
    const onUndone = () => {
      if (first === undefined) return;
      list.comeBack(leaving, before);
      focus.focusRow(first);
    };
    void act({ onDone: () => list.leave(leaving), onUndone });
    setSelection(new Set());
    if (leaving.size > 0) moveTo(nextFocus(keys, leaving, current?.key ?? null));
  };
  const act = (some: readonly InboxRow[], what: RowAct, until?: Date | 'changes') =>
    leave(triage.leaving(some, what, view), (ends) => triage.act(some, what, until, ends));

  return {
    selected,
    isSelected: ({ key }: InboxRow) => selection.has(key),
    /** What an act without a row of its own is about. */
    targets: selected.length > 0 ? selected : current === null ? [] : [current],
    act,
    moveTo,
    step: (by: 1 | -1) => moveTo(stepFrom(keys, current?.key ?? null, by)),
    doneWithTask: (row: InboxRow) => {
      const ofTask = rows.filter(({ taskId }) => taskId === row.taskId);
      leave(triage.leaving(ofTask, 'done', view), (ends) => triage.doneWithTask(row, ofTask, ends));
    },
    mute: triage.mute,
    read: triage.read,
    toggle: (row: InboxRow) => {
      setSelection(toggled(selection, row.key));
      setAnchor(row.key);
    },
    selectTo: (row: InboxRow) => setSelection(new Set([...selection, ...rangeOf(keys, anchor, row.key)])),
    selectAll: () => setSelection(new Set(keys)),
    selectNone: () => setSelection(new Set()),
    /**
     * A brief of the current row is being answered: the next one of the row is shown, or the row leaves.
     * `answering` says whether that has worked. Returns what is called when the answer was taken back.
     */
    answered: (row: InboxRow, briefId: string, answering: Promise<boolean>): (() => void) => {
      const before = rows;
      const leaving = new Set([row.key]);
      const [next] = row.briefIds.filter((id) => id !== briefId);
      const putBack = next === undefined ? hideRows(LEAVES.done, [row]) : () => undefined;
      void answering.then((isAnswered) => {
        if (isAnswered && next === undefined) list.leave(leaving);
        else if (isAnswered) list.leaveBrief(row.key, briefId);
        putBack();
      });
      if (next === undefined) moveTo(nextFocus(keys, leaving, row.key));
      else {
        list.open(next, 'replace');
        if (isWide()) focus.focusRow(row.key);
        else focus.focusPane();
      }
      return () => {
        list.comeBack(leaving, before);
        focus.focusRow(row.key);
      };
    },
  };
}

export type InboxActs = ReturnType<typeof useInboxActs>;
