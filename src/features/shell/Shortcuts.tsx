'use client';

import { useNewTask } from '@/features/tasks/form/useNewTask';
import { useShortcuts } from './useShortcuts';

export function Shortcuts() {
  const { open } = useNewTask();
  useShortcuts(open);
  return null;
}
