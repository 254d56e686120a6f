'use client';

import { lazyDialog } from '@/components/ui/lazy';
import { useNewTask } from './useNewTask';

const NewTaskDialog = lazyDialog(() => import('./NewTaskDialog').then((module) => module.NewTaskDialog));

/** The dialog of a new task, on every page, opened by the address (`useNewTask`). */
export function NewTask() {
  const { isOpen, parent, close } = useNewTask();
  return <NewTaskDialog open={isOpen} onOpenChange={(open) => !open && close()} parent={parent} />;
}
