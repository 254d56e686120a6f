'use client';

import { type AgentView, readsWords } from '@everbeat/domain';
import { zodResolver } from '@hookform/resolvers/zod';
import { type ReactNode, useState } from 'react';
import { useForm } from 'react-hook-form';
import { Field, FormError, Input, Textarea } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { type UnsavedForm, useUnsaved } from '@/components/ui/unsaved';
import { KIND_FORMS } from '@/features/agents/kinds';
import { useAgents } from '@/features/agents/useAgents';
import { AdvancedFields } from './AdvancedFields';
import { AgentFields } from './AgentFields';
import { AutomationFields } from './AutomationFields';
import { assertSettings } from './agentNeeds';
import { ReviewFields } from './ReviewFields';
import { StartField } from './StartField';
import { showServerProblems } from './serverProblems';
import { TryIt } from './TryIt';
import type { TaskFields } from './taskFields';
import { type TaskFormValues, taskFormSchema } from './taskForm';

export interface TaskSubmission {
  values: TaskFormValues;
  typed: TaskFields;
  /** Undefined: none is chosen, or the agents could not be loaded. */
  agent: AgentView | undefined;
  /** The `value` of the submit button that was pressed. */
  submitter: string;
}

interface TaskFormProps {
  fields: TaskFields;
  unsaved: UnsavedForm<TaskFields>;
  /** Of the task that is edited. Left out: it is a new one. */
  taskId?: string;
  /** Preselects the first agent once the agents have loaded, unless the person has chosen one. */
  suggestsAgent?: boolean;
  /** If it rejects, the server's error is shown at the fields it concerns. */
  onSave: (submission: TaskSubmission) => Promise<unknown>;
  /** The submit buttons. */
  children: ReactNode;
}

function submitterOf(event: React.BaseSyntheticEvent | undefined): string {
  const native = event?.nativeEvent;
  const button = native instanceof SubmitEvent ? native.submitter : null;
  return button instanceof HTMLButtonElement ? button.value : '';
}

export function TaskForm({
  fields,
  unsaved,
  taskId,
  suggestsAgent = false,
  onSave,
  children,
}: TaskFormProps) {
  const form = useForm<TaskFields, unknown, TaskFormValues>({
    resolver: zodResolver(taskFormSchema),
    defaultValues: fields,
  });
  useUnsaved(form, unsaved);
  const agents = useAgents();
  const [formError, setFormError] = useState<string | null>(null);
  const { register, formState } = form;
  const [kind, agentId] = form.watch(['agentKind', 'agentId']);
  const agent = agents.data?.find(({ id }) => id === agentId);
  const submit = form.handleSubmit(async (values, event) => {
    setFormError(null);
    const typed = form.getValues();
    const chosen = agents.data?.find(({ id }) => id === typed.agentId);
    try {
      if (chosen !== undefined) assertSettings(chosen, typed.settings);
      await onSave({ values, typed, agent: chosen, submitter: submitterOf(event) });
    } catch (error) {
      setFormError(showServerProblems(error, form.setError));
    }
  });
  return (
    <Form onSubmit={submit} className="space-y-6">
      {suggestsAgent && <StartField form={form} />}
      {!suggestsAgent && readsWords(kind) && (
        <Field
          label="What should the agent do?"
          error={formState.errors.instruction?.message}
          hint="The agent reads this in every run. You can use Markdown."
        >
          <Textarea {...register('instruction')} autoFocus className="min-h-28" />
        </Field>
      )}
      <div className="grid items-start gap-x-4 gap-y-6 sm:grid-cols-2">
        <AgentFields form={form} suggests={suggestsAgent}>
          <Field
            label="Name (optional)"
            hint={
              (kind !== null && KIND_FORMS[kind].taskSettings?.nameHint) ||
              'If empty, the first sentence of the text above, shortened.'
            }
            error={formState.errors.name?.message}
          >
            <Input {...register('name')} autoComplete="off" />
          </Field>
        </AgentFields>
      </div>
      <AutomationFields form={form} />
      {readsWords(kind) && <ReviewFields form={form} />}
      <AdvancedFields form={form} isNew={suggestsAgent} taskId={taskId ?? null} />
      {suggestsAgent && agent !== undefined && agent.problem === null && <TryIt form={form} agent={agent} />}
      {formError !== null && <FormError>{formError}</FormError>}
      {children}
    </Form>
  );
}
