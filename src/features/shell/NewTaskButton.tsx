'use client';

import { Plus } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { useNewTask } from '@/features/tasks/form/useNewTask';

interface NewTaskButtonProps {
  variant?: 'primary' | 'outline';
  /** Shows the key that does the same. */
  hint?: boolean;
  className?: string;
}

export function NewTaskButton({ variant = 'primary', hint = false, className }: NewTaskButtonProps) {
  const { open } = useNewTask();
  return (
    <Button variant={variant} className={className} onClick={() => open()}>
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
