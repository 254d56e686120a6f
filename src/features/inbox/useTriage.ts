'use client';

import type { InboxView } from '@everbeat/domain';
import { useQueryClient } from '@tanstack/react-query';
import type { inferRouterInputs } from '@trpc/server';
import { useCallback } from 'react';
import { toast } from 'sonner';
import { type AppRouter, useTRPCClient } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { underUndo, useUndo } from '@/lib/undo/useUndo';
import { hideRows } from './hiddenRows';
import type { InboxRow } from './inboxRow';
import { actable, callsFor, failedText, LEAVES, type RowAct, subjectOf } from './rowActs';

type ApplyInput = inferRouterInputs<AppRouter>['inbox.apply'];

const DONE_TEXTS: Record<RowAct, string> = {
  done: 'Done',
  read: 'Marked as read',
  unread: 'Marked as unread',
  snooze: 'Snoozed',
  unsnooze: 'Back in the inbox',
};

/** What the list does when an act has worked, and when it was taken back. */
export interface ActEnds {
  onDone: () => void;
  onUndone: () => void;
}

interface Said {
  what: string;
  /** What it was done to. */
  subject: string;
  ends?: ActEnds;
}

const sayLeft = (count: number) =>
  toast.info(count === 1 ? 'A question is left' : `${count} questions are left`, {
    description: 'A question is done when one of its options is chosen.',
  });

/** Acts on rows at once; what fails comes back with the reason, and what worked can be taken back. */
export function useTriage() {
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const { offer } = useUndo();

  const run = useCallback(
    async (calls: readonly ApplyInput[], said: Said): Promise<void> => {
      let made = 0;
      let left = 0;
      try {
        for (const call of calls) {
          const change = await client['inbox.apply'].mutate(call);
          made += 1;
          left += change.left;
          const { what, subject, ends } = said;
          ends?.onDone();
          if (change.undoToken === null) continue;
          offer({ what, token: change.undoToken, onUndone: ends?.onUndone }, subject);
        }
      } catch (error) {
        toast.error(failedText(said.subject, made), { description: messageOf(error) });
      }
      if (left > 0) sayLeft(left);
      // Also after a failure: an earlier call has changed something, or the answer to one that did was lost.
      await queryClient.invalidateQueries();
    },
    [client, queryClient, offer],
  );

  return {
    /** The keys of the rows that the act takes off this view. */
    leaving: (rows: readonly InboxRow[], what: RowAct, view: InboxView): ReadonlySet<string> =>
      new Set(LEAVES[what].includes(view) ? actable(rows, what).map(({ key }) => key) : []),

    act: async (
      chosen: readonly InboxRow[],
      what: RowAct,
      until: Date | 'changes' | undefined,
      ends: ActEnds,
    ): Promise<void> => {
      const rows = actable(chosen, what);
      if (rows.length < chosen.length) sayLeft(chosen.length - rows.length);
      if (rows.length === 0) return;
      const putBack = hideRows(LEAVES[what], rows);
      const time = until instanceof Date ? until.toISOString() : until;
      await underUndo(
        run(callsFor(rows, what, time), { what: DONE_TEXTS[what], subject: subjectOf(rows), ends }),
      );
      putBack();
    },

    /** `rows`: those of the task that are shown. */
    doneWithTask: async (
      { taskId, taskIdentifier }: InboxRow,
      rows: readonly InboxRow[],
      ends: ActEnds,
    ): Promise<void> => {
      const putBack = hideRows(LEAVES.done, actable(rows, 'done'));
      const subject = `Everything of ${taskIdentifier}`;
      await underUndo(run([{ taskId, act: 'done' }], { what: 'Done', subject, ends }));
      putBack();
    },

    /**
     * The row was read, which is nothing to tell or to take back. The event stream then brings the page up to
     * date.
     */
    read: async (row: InboxRow): Promise<void> => {
      try {
        for (const call of callsFor([row], 'read', undefined)) await client['inbox.apply'].mutate(call);
      } catch {
        // It stays unread, and is marked when it is looked at again.
      }
    },

    mute: ({ taskId, taskIdentifier, taskTitle, muted }: InboxRow): Promise<void> =>
      underUndo(
        run([{ taskId, act: muted ? 'unmute' : 'mute' }], {
          what: muted ? 'Unmuted' : 'Muted',
          subject: `${taskIdentifier} · ${taskTitle}`,
        }),
      ),
  };
}
