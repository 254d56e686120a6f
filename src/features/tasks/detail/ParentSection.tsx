'use client';

import type { TaskDetailView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { useTRPC } from '@/lib/trpc/client';
import { TaskRef } from './TaskRef';
import { TaskRefForm } from './TaskRefForm';

/** The task that this one is a part of, which can be changed. */
export function ParentSection({ task }: { task: TaskDetailView }) {
  const trpc = useTRPC();
  const move = useMutation(trpc.task.update.mutationOptions());
  const { id, parent } = task;
  return (
    <section aria-label="Part of">
      <h3 className="font-semibold">Part of</h3>
      {parent === null ? (
        <p className="mt-1 text-sm text-muted">This task stands for itself.</p>
      ) : (
        <ul>
          <TaskRef task={parent}>
            <Button
              variant="ghost"
              size="small"
              aria-label={`Take it out of ${parent.identifier}`}
              busy={move.isPending && move.variables.parentTaskId === null}
              onClick={() => move.mutate({ id, parentTaskId: null })}
            >
              <X aria-hidden />
            </Button>
          </TaskRef>
        </ul>
      )}
      <TaskRefForm
        label="Identifier of the task that it becomes a part of"
        action={parent === null ? 'Make it a part of this task' : 'Move it to this task'}
        isPending={move.isPending && move.variables.parentTaskId !== null}
        error={move.error}
        onChoose={(parentTaskId, onDone) => move.mutate({ id, parentTaskId }, { onSuccess: onDone })}
      />
    </section>
  );
}
