'use client';

import { type AgentView, readsWords, STARTER_AGENT } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import Link from 'next/link';
import { type ReactNode, useCallback, useEffect } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Select } from '@/components/ui/field';
import { KindFields } from '@/features/agents/KindFields';
import type { KindFieldSet, TaskSettingsForm } from '@/features/agents/kindForm';
import { KIND_LOOKS } from '@/features/agents/kindLooks';
import { KIND_FORMS } from '@/features/agents/kinds';
import { useAgents } from '@/features/agents/useAgents';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { AlreadyWatched } from '../shared/AlreadyWatched';
import { ownSetting } from './agentNeeds';
import type { TaskFormApi } from './taskForm';

function NoAgents({ onCreated }: { onCreated: (id: string) => void }) {
  const trpc = useTRPC();
  const create = useMutation(
    trpc.agent.create.mutationOptions({
      onSuccess: (agent) => onCreated(agent.id),
      meta: { failed: 'The agent was not created' },
    }),
  );
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-xl bg-sunken px-4 py-3 text-sm sm:col-span-2">
      <span className="min-w-0 flex-1">
        There is no agent yet. A page watcher works immediately, without a key.
      </span>
      <Button size="small" busy={create.isPending} onClick={() => create.mutate(STARTER_AGENT)}>
        Add a page watcher
      </Button>
      <Link href="/agents" className="font-medium text-accent underline underline-offset-2">
        Other agents
      </Link>
    </div>
  );
}

/** The task's settings for this agent. */
function Settings({ agent, form, isNew }: { agent: AgentView; form: TaskFormApi; isNew: boolean }) {
  const { register, getFieldState, setValue, watch, formState } = form;
  const { kind } = agent;
  const { taskSettings } = KIND_FORMS[kind];
  const fill = useCallback(
    (name: string, text: string) =>
      setValue(`settings.${kind}.${name}`, text, { shouldDirty: true, shouldValidate: true }),
    [setValue, kind],
  );
  if (taskSettings === undefined) return null;
  const own = ownSetting(agent);
  const { Fields = KindFields, mainField, isToldOfDoubles = false } = taskSettings;
  const texts = watch(`settings.${kind}`) ?? {};
  // The one field with which a new task begins is that of its page.
  const isAskedAbove = isNew && !readsWords(kind);
  const fields =
    own === '' ? taskSettings.fields : withHint(taskSettings, `If empty, the agent's own: ${own}`);
  return (
    <div className="grid items-start gap-4 sm:col-span-2 sm:grid-cols-2">
      <Fields
        fields={isAskedAbove ? without(fields, mainField) : fields}
        register={(name) => register(`settings.${kind}.${name}`)}
        errorOf={(name) => getFieldState(`settings.${kind}.${name}`, formState).error?.message}
        agent={agent}
        texts={texts}
        fill={fill}
      />
      {isNew && isToldOfDoubles && (
        <div className="empty:hidden sm:col-span-2">
          <AlreadyWatched address={texts[mainField] ?? ''} />
        </div>
      )}
    </div>
  );
}

const withHint = ({ fields, mainField }: TaskSettingsForm, hint: string): KindFieldSet =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, name === mainField ? { ...field, hint } : field]),
  );

const without = (fields: KindFieldSet, name: string): KindFieldSet =>
  Object.fromEntries(Object.entries(fields).filter(([each]) => each !== name));

/** Says that runs of the chosen agent must fail, before a task is made for it. */
function AgentProblem({ problem }: { problem: string }) {
  return (
    <p role="status" className="rounded-xl bg-warn-soft px-4 py-3 text-sm sm:col-span-2">
      This agent cannot run yet. {problem}{' '}
      <Link href="/agents" className="font-medium underline underline-offset-2">
        Look at the agent
      </Link>
    </p>
  );
}

interface AgentFieldsProps {
  form: TaskFormApi;
  suggests: boolean;
  /** Shown beside the choice of the agent. */
  children: ReactNode;
}

export function AgentFields({ form, suggests, children }: AgentFieldsProps) {
  const { register, getValues, setValue, watch, formState } = form;
  const agents = useAgents();
  const agentId = watch('agentId');
  const agent = agents.data?.find(({ id }) => id === agentId);
  const kind = agents.data === undefined ? undefined : (agent?.kind ?? null);
  useEffect(() => {
    if (kind !== undefined) setValue('agentKind', kind);
  }, [setValue, kind]);
  const mayChoose = suggests && !formState.dirtyFields.agentId;
  const suggestion = mayChoose ? agents.data?.find(({ problem }) => problem === null)?.id : undefined;
  useEffect(() => {
    if (suggestion !== undefined && getValues('agentId') === '') setValue('agentId', suggestion);
  }, [suggestion, getValues, setValue]);

  if (agents.data?.length === 0) {
    return (
      <>
        <NoAgents onCreated={(id) => setValue('agentId', id)} />
        {children}
      </>
    );
  }
  return (
    <>
      <Field
        label="Agent"
        error={agents.isError ? messageOf(agents.error) : formState.errors.agentId?.message}
        hint={
          <>
            The agent that does the work.{' '}
            <Link href="/agents" className="text-accent underline underline-offset-2">
              Manage agents
            </Link>
          </>
        }
      >
        <Select {...register('agentId')}>
          <option value="">{agents.isPending ? 'Loading…' : 'No agent yet'}</option>
          {agents.data?.map(({ id, name, kind: itsKind, problem }) => (
            <option key={id} value={id}>
              {name} ({KIND_LOOKS[itsKind].label}){problem !== null && ' – cannot run yet'}
            </option>
          ))}
        </Select>
      </Field>
      {children}
      {agent !== undefined && agent.problem !== null && <AgentProblem problem={agent.problem} />}
      {agent !== undefined && <Settings key={agent.kind} agent={agent} form={form} isNew={suggests} />}
    </>
  );
}
