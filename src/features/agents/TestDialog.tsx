'use client';

import type { AgentView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { pageAddressSchema } from '@/lib/webAddress';
import { TrialResult } from './TrialResult';

interface TestDialogProps {
  agent: AgentView;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

function TestForm({ agent }: { agent: AgentView }) {
  const trpc = useTRPC();
  const trial = useMutation(trpc.agent.test.mutationOptions());
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const watches = agent.kind === 'watch';

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (trial.isPending) return;
    setProblem(undefined);
    const typed = text.trim();
    if (typed === '') return trial.mutate({ id: agent.id });
    if (!watches) return trial.mutate({ id: agent.id, instruction: typed });
    const address = pageAddressSchema.safeParse(typed);
    if (address.success) trial.mutate({ id: agent.id, watch: { url: address.data } });
    else setProblem(address.error.issues[0]?.message);
  };
  return (
    <div className="space-y-5">
      <form onSubmit={submit} className="space-y-4">
        <Field
          label={watches ? 'Page to look at' : 'What to ask (optional)'}
          hint={
            watches
              ? "Left empty: the agent's own address."
              : 'Left empty: a short greeting that changes nothing.'
          }
          error={problem}
        >
          {(control) => (
            <Input
              {...control}
              autoFocus
              inputMode={watches ? 'url' : 'text'}
              placeholder={watches ? 'https://example.com/news' : ''}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" busy={trial.isPending}>
          {trial.isPending ? 'Running…' : 'Run a trial'}
        </Button>
      </form>
      {trial.isError && (
        <p role="alert" className="rounded-xl bg-danger-soft px-4 py-3 text-sm text-danger">
          {messageOf(trial.error)}
        </p>
      )}
      {trial.data !== undefined && !trial.isPending && <TrialResult trial={trial.data} />}
    </div>
  );
}

/** One run of the agent without a task; nothing of it is kept. */
export function TestDialog({ agent, open, onOpenChange }: TestDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Test ${agent.name}`}
      description="One run without a task. Nothing of it is kept."
    >
      <TestForm agent={agent} />
    </Dialog>
  );
}
