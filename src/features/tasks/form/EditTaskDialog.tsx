'use client';

import type { TaskView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { useTRPC } from '@/lib/trpc/client';
import { TaskForm } from './TaskForm';
import { fieldsOf, type TaskFormValues, toTaskInput } from './taskForm';

interface EditTaskDialogProps {
  task: TaskView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function EditTaskDialog({ task, open, onOpenChange }: EditTaskDialogProps) {
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
        <Button onClick={() => onOpenChange(false)}>Cancel</Button>
        <Button type="submit" variant="primary" busy={update.isPending}>
          Save
        </Button>
      </TaskForm>
    </Dialog>
  );
}
