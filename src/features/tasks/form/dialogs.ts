import { lazyDialog } from '@/components/ui/lazy';

export const EditTaskDialog = lazyDialog(() =>
  import('./EditTaskDialog').then((module) => module.EditTaskDialog),
);
