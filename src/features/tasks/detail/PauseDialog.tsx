'use client';

import { LIMITS, type TaskDetailView } from '@everbeat/domain';
import type { FormEvent } from 'react';
import { Dialog, DialogButtons, type OpenState } from '@/components/ui/dialog';
import { Field, Textarea } from '@/components/ui/field';
import { useTaskActions } from './useTaskActions';

/** Pauses the task with a note, which its page shows until it leaves the pause. */
export function PauseDialog({ task, open, onOpenChange }: OpenState & { task: TaskDetailView }) {
  const { pause } = useTaskActions(task);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '');
    pause.mutate({ id: task.id, reason }, { onSuccess: () => onOpenChange(false) });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Pause ${task.identifier}`}
      className="sm:max-w-lg"
    >
      <form onSubmit={submit} className="space-y-5">
        <Field label="Reason (optional)" hint="It is shown on this page until the task leaves the pause.">
          <Textarea autoFocus name="reason" maxLength={LIMITS.pausedReasonCharsMax} />
        </Field>
        <DialogButtons submit="Pause" busy={pause.isPending} />
      </form>
    </Dialog>
  );
}
