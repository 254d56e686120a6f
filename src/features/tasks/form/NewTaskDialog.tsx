'use client';

import { useRouter } from 'next/navigation';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TaskForm } from './TaskForm';
import { emptyFields, type TaskFormValues } from './taskForm';
import { useCreateTask } from './useCreateTask';
import { useNewTask } from './useNewTask';

const ONLY_CREATE = 'create';

function NewTaskForm({ parent }: { parent: string | null }) {
  const router = useRouter();
  const create = useCreateTask();

  const save = async (values: TaskFormValues, submitter: string) => {
    const task = await create.mutateAsync({ values, parent, startNow: submitter !== ONLY_CREATE });
    router.push(`/tasks/${task.identifier}`);
  };
  return (
    <TaskForm fields={emptyFields('')} suggestsAgent onSave={save}>
      <div className="flex flex-wrap justify-end gap-2">
        <Button type="submit" value={ONLY_CREATE} disabled={create.isPending}>
          Only create
        </Button>
        <Button type="submit" variant="primary" busy={create.isPending}>
          Create and start
        </Button>
      </div>
    </TaskForm>
  );
}

export function NewTaskDialog() {
  const { isOpen, parent, close } = useNewTask();
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => !open && close()}
      title={parent === null ? 'New task' : `New subtask of ${parent}`}
      description="A job for an agent. It runs by itself again and again, and reports to your inbox."
    >
      <NewTaskForm parent={parent} />
    </Dialog>
  );
}
