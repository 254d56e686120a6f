'use client';

import { isSlowed, LIMITS, type TaskDetailView } from '@everbeat/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Turtle } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { LocalText } from '@/components/ui/time';
import { formatDate } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc/client';
import { Notice } from './Notice';

/**
 * To open the page of a task is to look at it (PROTOCOL §4.5). Says so where the task had been slowed down,
 * because nobody did.
 */
export function AbsenceNotice({ task }: { task: TaskDetailView }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { since } = task.context.scheduler.absence ?? {};
  const isLate = isSlowed({ ...task, scheduler: task.context.scheduler });
  const [slowedSince, setSlowedSince] = useState<string | null>(null);
  if (isLate && since !== undefined && slowedSince !== since) setSlowedSince(since);
  const look = useMutation(
    trpc.task.look.mutationOptions({
      onSuccess: () => (isLate ? queryClient.invalidateQueries() : undefined),
      meta: { refresh: false },
    }),
  );
  const keep = useMutation(
    trpc.task.update.mutationOptions({
      meta: {
        done: `${task.identifier} keeps its rhythm`,
        failed: `${task.identifier} could not be changed`,
      },
    }),
  );
  const { id } = task;
  const lookNow = useEffectEvent(() => {
    if (document.visibilityState === 'visible' && (isLate || !wasJustSeen(task.seenAt))) look.mutate({ id });
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another task is another look.
  useEffect(() => {
    lookNow();
    const onVisible = () => lookNow();
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, [id]);
  if (slowedSince === null || task.config.absence === 'keep') return null;
  const day = <LocalText read={() => formatDate(new Date(slowedSince))} />;
  if (isLate) {
    return (
      <Notice
        icon={Turtle}
        tone="info"
        title="This task runs less often, because nobody looks at it"
        remedy={
          <Button size="small" busy={look.isPending} onClick={() => look.mutate({ id })}>
            Back to its own rhythm
          </Button>
        }
      >
        Nothing that it reports has been read since {day}.
      </Notice>
    );
  }
  return (
    <Notice
      icon={Turtle}
      tone="info"
      title="This task is back to its own rhythm"
      remedy={
        <Button
          size="small"
          busy={keep.isPending}
          onClick={() =>
            keep.mutate({
              id,
              config: { ...task.config, absence: 'keep' },
              base: { config: task.config },
            })
          }
        >
          Always keep its rhythm
        </Button>
      }
    >
      It had run less often, because nothing that it reports had been read since {day}.
    </Notice>
  );
}

const wasJustSeen = (seenAt: Date | null): boolean =>
  seenAt !== null && Date.now() - seenAt.getTime() < LIMITS.lookSeconds * 1_000;
