'use client';

import { useMutation } from '@tanstack/react-query';
import Link from 'next/link';
import { useEffect } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Field, Input, Select } from '@/components/ui/field';
import { KIND_WORDS } from '@/features/agents/kindWords';
import { useAgents } from '@/features/agents/useAgents';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { useRefresh } from '@/lib/trpc/useRefresh';
import type { TaskFormApi } from './formApi';

function NoAgents({ onCreated }: { onCreated: (id: string) => void }) {
  const trpc = useTRPC();
  const refresh = useRefresh();
  const create = useMutation(
    trpc.agent.create.mutationOptions({
      onSuccess: async (agent) => {
        await refresh();
        onCreated(agent.id);
      },
      onError: (error) => toast.error('The agent was not created', { description: messageOf(error) }),
    }),
  );
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-xl bg-sunken px-4 py-3 text-sm sm:col-span-2">
      <span className="min-w-0 flex-1">
        There is no agent yet. A page watcher needs no key and is ready at once.
      </span>
      <Button
        size="small"
        busy={create.isPending}
        onClick={() => create.mutate({ name: 'Web page watcher', kind: 'watch', config: {} })}
      >
        Add a page watcher
      </Button>
      <Link href="/agents" className="font-medium text-accent underline underline-offset-2">
        Other agents
      </Link>
    </div>
  );
}

function WatchFields({ form: { register, formState } }: { form: TaskFormApi }) {
  return (
    <div className="grid items-start gap-4 sm:col-span-2 sm:grid-cols-2">
      <Field
        label="Page address"
        hint="Left empty: the agent's own address."
        error={formState.errors.watchUrl?.message}
      >
        {(control) => (
          <Input
            {...control}
            {...register('watchUrl')}
            inputMode="url"
            placeholder="https://example.com/news"
          />
        )}
      </Field>
      <Field
        label="Part of the page (CSS selector)"
        hint="Left empty: the whole page."
        error={formState.errors.watchSelector?.message}
      >
        {(control) => (
          <Input {...control} {...register('watchSelector')} className="font-mono" placeholder="main h2" />
        )}
      </Field>
    </div>
  );
}

export function AgentFields({ form, suggests }: { form: TaskFormApi; suggests: boolean }) {
  const { register, setValue, watch, formState } = form;
  const agents = useAgents();
  const agentId = watch('agentId');
  const watches = agents.data?.find((agent) => agent.id === agentId)?.kind === 'watch';
  useEffect(() => setValue('watches', watches), [setValue, watches]);
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
            Who does the work.{' '}
            <Link href="/agents" className="text-accent underline underline-offset-2">
              Manage agents
            </Link>
          </>
        }
      >
        {(control) => (
          <Select {...control} {...register('agentId')}>
            <option value="">{agents.isPending ? 'Loading…' : 'No agent yet'}</option>
            {agents.data?.map((agent) => (
              <option key={agent.id} value={agent.id}>
                {agent.name} ({KIND_WORDS[agent.kind].label})
              </option>
            ))}
          </Select>
        )}
      </Field>
      {watches && <WatchFields form={form} />}
    </>
  );
}
