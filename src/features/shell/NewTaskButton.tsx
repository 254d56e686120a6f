'use client';

import { Plus } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { useNewTask } from '@/features/tasks/form/useNewTask';

/** `hint` shows the key that does the same. */
export function NewTaskButton({ className, hint = false }: { className?: string; hint?: boolean }) {
  const { open } = useNewTask();
  return (
    <Button variant="primary" className={className} onClick={() => open()}>
      <Plus aria-hidden /> New task
      {hint && (
        <kbd
          aria-hidden
          className="ml-1 rounded border border-on-accent/40 px-1.5 font-mono text-xs leading-5"
        >
          n
        </kbd>
      )}
    </Button>
  );
}
