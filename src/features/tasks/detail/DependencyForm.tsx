'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';

/** `12` means `T-12`. */
const toIdentifier = (text: string): string => (/^\d+$/.test(text) ? `T-${text}` : text.toUpperCase());

export function DependencyForm({ taskId }: { taskId: string }) {
  const trpc = useTRPC();
  const add = useMutation(trpc.task.addDependency.mutationOptions());
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ id: taskId, dependsOnId: toIdentifier(text.trim()) }, { onSuccess: () => setText('') });
  };
  return (
    <form onSubmit={submit} className="mt-3 flex items-start gap-2">
      <Field
        label={<span className="sr-only">Identifier of the task to wait for</span>}
        error={add.isError ? messageOf(add.error) : undefined}
        className="w-44 space-y-0"
      >
        <Input
          className="h-8 text-sm"
          placeholder="T-12"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <Button type="submit" size="small" busy={add.isPending} disabled={text.trim() === ''}>
        Wait for this task
      </Button>
    </form>
  );
}
