'use client';

import type { TaskView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { Dialog, DialogButtons, type OpenState } from '@/components/ui/dialog';
import { useTRPC } from '@/lib/trpc/client';
import { TaskForm } from './TaskForm';
import { fieldsOf, type TaskFormValues, toTaskInput } from './taskForm';

export function EditTaskDialog({ task, open, onOpenChange }: OpenState & { task: TaskView }) {
  const trpc = useTRPC();
  const update = useMutation(
    trpc.task.update.mutationOptions({ meta: { done: `${task.identifier} saved` } }),
  );
  const save = async (values: TaskFormValues) => {
    await update.mutateAsync({ ...toTaskInput(values), id: task.id });
    onOpenChange(false);
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Edit ${task.identifier}`}>
      <TaskForm fields={fieldsOf(task)} onSave={save}>
        <DialogButtons submit="Save" busy={update.isPending} />
      </TaskForm>
    </Dialog>
  );
}
