'use client';

import type { TaskView } from '@everbeat/domain';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TaskForm } from './TaskForm';
import { fieldsOf, type TaskFormValues } from './taskForm';
import { useUpdateTask } from './useSaveTask';

interface EditTaskDialogProps {
  task: TaskView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function EditTaskDialog({ task, open, onOpenChange }: EditTaskDialogProps) {
  const update = useUpdateTask(task);
  const save = async (values: TaskFormValues) => {
    await update.mutateAsync(values);
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
