'use client';

import { LIMITS, type TaskDetailView } from '@everbeat/domain';
import { useForm } from 'react-hook-form';
import { Dialog, DialogButtons, type OpenState } from '@/components/ui/dialog';
import { Field, Select, Textarea } from '@/components/ui/field';
import { runName } from './runLabels';
import { useTaskActions } from './useTaskActions';

/** Starts a run now, with an optional prompt and an optional earlier conversation to continue. */
export function RunDialog({ task, open, onOpenChange }: OpenState & { task: TaskDetailView }) {
  const { run } = useTaskActions(task);
  const { register, handleSubmit, resetField } = useForm({ defaultValues: { prompt: '', topicId: '' } });
  const submit = handleSubmit(({ prompt, topicId }) =>
    run.mutate(
      { id: task.id, prompt: prompt.trim() || undefined, continueTopicId: topicId || undefined },
      {
        onSuccess: () => {
          resetField('prompt');
          onOpenChange(false);
        },
      },
    ),
  );
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Run ${task.identifier} now`}
      className="sm:max-w-lg"
    >
      <form onSubmit={submit} className="space-y-5">
        <Field
          label="Anything to add for this run? (optional)"
          hint="It is added to the task's instruction for this run only."
        >
          <Textarea {...register('prompt')} autoFocus maxLength={LIMITS.promptCharsMax} />
        </Field>
        {task.topics.length > 0 && (
          <Field label="Conversation">
            <Select {...register('topicId')}>
              <option value="">Start a new conversation</option>
              {task.topics.map((topic) => (
                <option key={topic.id} value={topic.id}>
                  Continue #{topic.number} {runName(topic)}
                </option>
              ))}
            </Select>
          </Field>
        )}
        <DialogButtons submit="Run now" busy={run.isPending} />
      </form>
    </Dialog>
  );
}
