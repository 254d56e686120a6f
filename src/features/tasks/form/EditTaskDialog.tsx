'use client';

import type { TaskView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { Dialog, DialogButtons } from '@/components/ui/dialog';
import type { OpenState } from '@/components/ui/overlay';
import { useTRPC } from '@/lib/trpc/client';
import { TaskForm } from './TaskForm';
import { fieldsOf, type TaskFields } from './taskFields';
import { type TaskFormValues, toTaskInput } from './taskForm';
import { changedParts } from './taskParts';

export function EditTaskDialog({ task, open, onOpenChange }: OpenState & { task: TaskView }) {
  const trpc = useTRPC();
  const update = useMutation(
    trpc.task.update.mutationOptions({ meta: { done: `${task.identifier} saved` } }),
  );
  const save = async (values: TaskFormValues) => {
    await update.mutateAsync({ ...toTaskInput(values), id: task.id });
    onOpenChange(false);
  };
  const isChanged = (fields: TaskFields) => changedParts(fields, fieldsOf(task)).length > 0;
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Edit ${task.identifier}`}>
      <TaskForm fields={fieldsOf(task)} unsaved={{ isChanged }} onSave={save}>
        <DialogButtons submit="Save" busy={update.isPending} />
      </TaskForm>
    </Dialog>
  );
}
