'use client';

import { LIMITS, type TaskDetailView } from '@everbeat/domain';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { Dialog, DialogButtons } from '@/components/ui/dialog';
import { Field, Select, Textarea } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import type { OpenState } from '@/components/ui/overlay';
import { useUnsaved } from '@/components/ui/unsaved';
import { useDraft } from '@/lib/drafts/useDraft';
import { runName } from './runLabels';
import { useTaskActions } from './useTaskActions';

const draftSchema = z.object({ prompt: z.string(), topicId: z.string() });

interface RunFormProps {
  task: TaskDetailView;
  onClose: () => void;
}

function RunForm({ task, onClose }: RunFormProps) {
  const { run } = useTaskActions(task);
  const draft = useDraft(`run:${task.id}`, draftSchema);
  const form = useForm({ defaultValues: draft.restored ?? { prompt: '', topicId: '' } });
  const { register, handleSubmit } = form;
  useUnsaved(form, {
    isChanged: ({ prompt }) => prompt.trim() !== '',
    keep: draft.keep,
    discard: draft.discard,
  });
  const onSuccess = () => {
    draft.discard();
    onClose();
  };
  const submit = handleSubmit(({ prompt, topicId }) =>
    run.mutate(
      { id: task.id, prompt: prompt.trim() || undefined, continueTopicId: topicId || undefined },
      { onSuccess },
    ),
  );
  return (
    <Form onSubmit={submit} className="space-y-5">
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
    </Form>
  );
}

/** Starts a run now, with an optional prompt and an optional earlier conversation to continue. */
export function RunDialog({ task, open, onOpenChange }: OpenState & { task: TaskDetailView }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Run ${task.identifier} now`}
      className="sm:max-w-lg"
    >
      <RunForm task={task} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}
