'use client';

import type { AgentKind, AgentView, KindSettings } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, FormError, Input } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import type { OpenState } from '@/components/ui/overlay';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { type KindField, readFields } from './kindForm';
import { KIND_FORMS } from './kinds';
import { TrialResult } from './TrialResult';

const INSTRUCTION: KindField = {
  label: 'What to ask (optional)',
  hint: 'If empty, a short greeting that changes nothing.',
};

/** The one field of the test: the main setting that a task has for such an agent, or else an instruction. */
function trialField({ kind }: AgentView): KindField & { setting: string | null } {
  const { taskSettings } = KIND_FORMS[kind];
  const field = taskSettings?.fields[taskSettings.mainField];
  return taskSettings?.trialLabel === undefined || field === undefined
    ? { ...INSTRUCTION, setting: null }
    : { ...field, label: taskSettings.trialLabel, setting: taskSettings.mainField };
}

function TestForm({ agent }: { agent: AgentView }) {
  const trpc = useTRPC();
  const trial = useMutation(trpc.agent.test.mutationOptions({ meta: { refresh: false } }));
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const field = trialField(agent);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    const typed = text.trim();
    if (typed === '') return trial.mutate({ id: agent.id });
    if (field.setting === null) return trial.mutate({ id: agent.id, instruction: typed });
    const { values, problems } = readFields({ [field.setting]: field }, { [field.setting]: typed });
    const settings: Partial<Record<AgentKind, KindSettings>> = { [agent.kind]: values };
    if (problems.length === 0) trial.mutate({ id: agent.id, ...settings });
    else setProblem(problems[0]?.message);
  };
  return (
    <div className="space-y-5">
      <Form onSubmit={submit} className="space-y-4">
        <Field label={field.label} hint={field.hint} error={problem}>
          <Input
            autoFocus
            inputMode={field.inputMode}
            placeholder={field.placeholder}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        <Button type="submit" variant="primary" busy={trial.isPending}>
          {trial.isPending ? 'Running…' : 'Run a trial'}
        </Button>
      </Form>
      {trial.isError && <FormError>{messageOf(trial.error)}</FormError>}
      {trial.data !== undefined && !trial.isPending && <TrialResult trial={trial.data} />}
    </div>
  );
}

export function TestDialog({ agent, open, onOpenChange }: OpenState & { agent: AgentView }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Test ${agent.name}`}
      description="One run without a task. Nothing of it is kept but what it cost."
    >
      <TestForm agent={agent} />
    </Dialog>
  );
}
