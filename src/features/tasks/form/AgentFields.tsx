'use client';

import { type AgentKind, STARTER_AGENT } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import Link from 'next/link';
import { useEffect } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Select } from '@/components/ui/field';
import { KindFields } from '@/features/agents/KindFields';
import { KIND_FORMS } from '@/features/agents/kinds';
import { useAgents } from '@/features/agents/useAgents';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
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

/** The task's settings for agents of this kind. */
function Settings({ kind, form }: { kind: AgentKind; form: TaskFormApi }) {
  const { register, getFieldState, formState } = form;
  const { taskSettings } = KIND_FORMS[kind];
  if (taskSettings === undefined) return null;
  return (
    <div className="grid items-start gap-4 sm:col-span-2 sm:grid-cols-2">
      <KindFields
        fields={taskSettings.fields}
        register={(name) => register(`settings.${kind}.${name}`)}
        errorOf={(name) => getFieldState(`settings.${kind}.${name}`, formState).error?.message}
      />
    </div>
  );
}

export function AgentFields({ form, suggests }: { form: TaskFormApi; suggests: boolean }) {
  const { register, setValue, watch, formState } = form;
  const agents = useAgents();
  const agentId = watch('agentId');
  const kind = agents.data?.find((agent) => agent.id === agentId)?.kind ?? null;
  useEffect(() => setValue('agentKind', kind), [setValue, kind]);
  const suggestion = suggests && !formState.dirtyFields.agentId ? agents.data?.[0]?.id : undefined;
  useEffect(() => {
    if (suggestion !== undefined) setValue('agentId', suggestion);
  }, [suggestion, setValue]);

  if (agents.data?.length === 0) return <NoAgents onCreated={(id) => setValue('agentId', id)} />;
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
          {agents.data?.map((agent) => (
            <option key={agent.id} value={agent.id}>
              {agent.name} ({KIND_FORMS[agent.kind].label})
            </option>
          ))}
        </Select>
      </Field>
      {kind !== null && <Settings kind={kind} form={form} />}
    </>
  );
}
