'use client';

import { LIMITS, type TaskDetailView } from '@everbeat/domain';
import { useForm } from 'react-hook-form';
import { Dialog, DialogButtons } from '@/components/ui/dialog';
import { Field, Textarea } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import type { OpenState } from '@/components/ui/overlay';
import { useUnsaved } from '@/components/ui/unsaved';
import { useTaskActions } from './useTaskActions';

function PauseForm({ task, onClose }: { task: TaskDetailView; onClose: () => void }) {
  const { pause } = useTaskActions(task);
  const form = useForm({ defaultValues: { reason: '' } });
  useUnsaved(form, { isChanged: ({ reason }) => reason.trim() !== '' });
  const submit = form.handleSubmit(({ reason }) =>
    pause.mutate({ id: task.id, reason }, { onSuccess: onClose }),
  );
  return (
    <Form onSubmit={submit} className="space-y-5">
      <Field
        label="Reason (optional)"
        hint={`${task.runningOperation === null ? '' : 'The run under way is stopped. '}It is shown on this page until the task leaves the pause.`}
      >
        <Textarea {...form.register('reason')} autoFocus maxLength={LIMITS.pausedReasonCharsMax} />
      </Field>
      <DialogButtons submit="Pause" busy={pause.isPending} />
    </Form>
  );
}

/** Pauses the task with a note, which its page shows until it leaves the pause. */
export function PauseDialog({ task, open, onOpenChange }: OpenState & { task: TaskDetailView }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Pause ${task.identifier}`}
      className="sm:max-w-lg"
    >
      <PauseForm task={task} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}
