'use client';

import { type AgentKind, type AgentView, type KindSettings, readsWords } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { FormError } from '@/components/ui/field';
import { readTaskSettings } from '@/features/agents/kindForm';
import { KIND_FORMS } from '@/features/agents/kinds';
import { TrialResult } from '@/features/agents/TrialResult';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import type { TaskFormApi } from './taskForm';

/** One run of what the form says, before anything is saved. */
export function TryIt({ form, agent }: { form: TaskFormApi; agent: AgentView }) {
  const trpc = useTRPC();
  const trial = useMutation(trpc.agent.test.mutationOptions({ meta: { refresh: false } }));
  const { kind } = agent;
  const result = useRef<HTMLDivElement>(null);
  const hasEnded = trial.isSuccess || trial.isError;
  // Otherwise it appears behind the footer of the dialog.
  useEffect(() => {
    if (hasEnded) result.current?.scrollIntoView({ block: 'nearest' });
  }, [hasEnded]);
  const run = () => {
    const { instruction, settings } = form.getValues();
    const { taskSettings } = KIND_FORMS[kind];
    const given = taskSettings && readTaskSettings(taskSettings, settings[kind]);
    const own: Partial<Record<AgentKind, KindSettings>> = given === undefined ? {} : { [kind]: given };
    trial.mutate({ id: agent.id, ...own, ...(readsWords(kind) && { instruction }) });
  };
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <Button size="small" busy={trial.isPending} onClick={run}>
          <FlaskConical aria-hidden /> {trial.isPending ? 'Running…' : 'Try it now'}
        </Button>
        <span className="text-[0.8125rem] text-muted">
          One run of it, without a task. Nothing of it is kept but what it cost.
        </span>
      </div>
      <div ref={result} className="scroll-mb-24 empty:hidden">
        {trial.isError && <FormError>{messageOf(trial.error)}</FormError>}
        {trial.data !== undefined && !trial.isPending && <TrialResult trial={trial.data} />}
      </div>
    </div>
  );
}
