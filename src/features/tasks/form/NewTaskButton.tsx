'use client';

import { Plus } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { useNewTask } from './useNewTask';

interface NewTaskButtonProps {
  variant?: 'primary' | 'outline';
  /** `key` also shows the keyboard shortcut; `icon` shows no text. */
  look?: 'text' | 'key' | 'icon';
  className?: string;
}

export function NewTaskButton({ variant = 'primary', look = 'text', className }: NewTaskButtonProps) {
  const { open } = useNewTask();
  return (
    <Button
      variant={variant}
      size={look === 'icon' ? 'icon' : 'normal'}
      aria-label={look === 'icon' ? 'New task' : undefined}
      className={className}
      onClick={() => open()}
    >
      <Plus aria-hidden /> {look !== 'icon' && 'New task'}
      {look === 'key' && (
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
