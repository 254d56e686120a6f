'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { messageOf } from '@/lib/trpc/errors';

/** `12` means `T-12`. */
const toIdentifier = (text: string): string => (/^\d+$/.test(text) ? `T-${text}` : text.toUpperCase());

interface TaskRefFormProps {
  /** For screen readers: what the task is chosen for. */
  label: string;
  action: string;
  isPending: boolean;
  /** Null: there is none. */
  error: unknown;
  onChoose: (identifier: string, onDone: () => void) => void;
}

/** Chooses another task by its identifier. */
export function TaskRefForm({ label, action, isPending, error, onChoose }: TaskRefFormProps) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChoose(toIdentifier(text.trim()), () => setText(''));
  };
  return (
    <form onSubmit={submit} className="mt-3 flex items-start gap-2">
      <Field
        label={<span className="sr-only">{label}</span>}
        error={error === null ? undefined : messageOf(error)}
        className="w-44 space-y-0"
      >
        <Input
          className="h-8 text-sm"
          placeholder="T-12"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <Button type="submit" size="small" busy={isPending} disabled={text.trim() === ''}>
        {action}
      </Button>
    </form>
  );
}
