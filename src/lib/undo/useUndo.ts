'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { toast } from 'sonner';
import { useTRPCClient } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import {
  takeUndoable,
  UNDO_MS,
  type Undoable,
  type UndoStack,
  withoutUndoable,
  withUndoable,
} from './undoStack';

let stack: UndoStack = [];
/** Acts that the server has not answered yet: only then they can be taken back. */
const underWay = new Set<Promise<unknown>>();

/** Lets `undoLast` wait for an act that has just been done. Returns the same promise. */
export function underUndo<Answer>(act: Promise<Answer>): Promise<Answer> {
  underWay.add(act);
  const forget = () => void underWay.delete(act);
  act.then(forget, forget);
  return act;
}

const toastOf = ({ token }: Undoable): string => `undo ${token}`;

export interface Undo {
  /** Says that something was done, with a button that takes it back as long as that is possible. */
  offer: (done: Omit<Undoable, 'at'>, description: string) => void;
  /** Takes the last act back, or says that there is none. */
  undoLast: () => Promise<void>;
}

export function useUndo(): Undo {
  const client = useTRPCClient();
  const queryClient = useQueryClient();

  const takeBack = useCallback(
    async (undoable: Undoable) => {
      toast.dismiss(toastOf(undoable));
      try {
        await client['inbox.apply'].mutate({ act: 'undo', undoToken: undoable.token });
        toast.info(`Taken back: ${undoable.what}`);
        undoable.onUndone?.();
        await queryClient.invalidateQueries();
      } catch (error) {
        toast.error('It could not be taken back', { description: messageOf(error) });
      }
    },
    [client, queryClient],
  );

  const offer = useCallback(
    (done: Omit<Undoable, 'at'>, description: string) => {
      const undoable = { ...done, at: Date.now() };
      stack = withUndoable(stack, undoable);
      toast.success(done.what, {
        id: toastOf(undoable),
        description,
        duration: UNDO_MS,
        action: {
          label: 'Undo',
          onClick: () => {
            stack = withoutUndoable(stack, done.token);
            void takeBack(undoable);
          },
        },
      });
    },
    [takeBack],
  );

  const undoLast = useCallback(async () => {
    await Promise.allSettled(underWay);
    const { undoable, rest } = takeUndoable(stack, Date.now());
    stack = rest;
    if (undoable === null) toast.info('There is nothing to undo: an act can be taken back for ten seconds');
    else await takeBack(undoable);
  }, [takeBack]);

  return { offer, undoLast };
}
