'use client';

import type { ImportedTask } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button, buttonVariants } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { FormError } from '@/components/ui/field';
import { useTRPC } from '@/lib/trpc/client';

interface ImportDoneProps {
  tasks: readonly ImportedTask[];
  /** Why the rest was not imported. */
  problem: string | null;
  onStartOver: () => void;
}

const SHOWN_MAX = 100;

/** What was created, and the way back. */
export function ImportDone({ tasks, problem, onStartOver }: ImportDoneProps) {
  const trpc = useTRPC();
  const [isAsking, setIsAsking] = useState(false);
  const count = `${tasks.length} ${tasks.length === 1 ? 'watch' : 'watches'}`;
  const undo = useMutation(
    trpc.watch.undoImport.mutationOptions({
      onSuccess: onStartOver,
      onSettled: () => setIsAsking(false),
      meta: { done: `${count} deleted`, failed: 'The import was not undone' },
    }),
  );
  return (
    <div className="space-y-5">
      <p role="status" className="flex items-center gap-2 font-medium">
        <CircleCheck aria-hidden className="size-5 text-accent" /> {count} imported. They run one after
        another.
      </p>
      {problem !== null && (
        <FormError>
          The rest was not imported: {problem} Import the file again: what is there is not chosen.
        </FormError>
      )}
      <ul className="divide-y overflow-hidden rounded-2xl border bg-surface">
        {tasks.slice(0, SHOWN_MAX).map(({ id, identifier, name }) => (
          <li key={id} className="flex items-baseline gap-2 px-4 py-2.5 sm:px-5">
            <span className="shrink-0 text-[0.8125rem] text-muted tabular-nums">{identifier}</span>
            <Link href={`/tasks/${identifier}`} className="min-w-0 truncate font-medium">
              {name}
            </Link>
          </li>
        ))}
      </ul>
      {tasks.length > SHOWN_MAX && (
        <p className="text-sm text-muted">… and {tasks.length - SHOWN_MAX} more.</p>
      )}
      <div className="flex flex-wrap gap-3">
        <Link href="/tasks" className={buttonVariants({ variant: 'primary' })}>
          Go to the tasks
        </Link>
        <Button onClick={onStartOver}>Import more</Button>
        <Button variant="ghost" onClick={() => setIsAsking(true)}>
          Undo this import
        </Button>
      </div>
      <Confirm
        open={isAsking}
        onOpenChange={setIsAsking}
        title="Undo this import?"
        action={`Delete ${count}`}
        keep="Keep them"
        busy={undo.isPending}
        onConfirm={() => undo.mutate({ ids: tasks.map(({ id }) => id) })}
      >
        The {count} are deleted, with what they have found so far.
      </Confirm>
    </div>
  );
}
