'use client';

import type { AgentView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { FlaskConical, Pencil, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useQueryState } from 'nuqs';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import type { OpenState } from '@/components/ui/overlay';
import { useTRPC } from '@/lib/trpc/client';
import { AgentReadiness } from './AgentReadiness';
import { AgentSpend } from './AgentSpend';
import { AgentDialog, TestDialog } from './dialogs';
import { KIND_LOOKS } from './kindLooks';

function DeleteAgent({ agent, open, onOpenChange }: OpenState & { agent: AgentView }) {
  const trpc = useTRPC();
  const close = () => onOpenChange(false);
  const remove = useMutation(
    trpc.agent.delete.mutationOptions({
      onSuccess: close,
      onError: close,
      meta: { done: `${agent.name} was deleted`, failed: `${agent.name} was not deleted` },
    }),
  );
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete ${agent.name}?`}
      action="Delete agent"
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ id: agent.id })}
    >
      Its settings are deleted with it. That is possible once no unfinished task uses it; finished tasks are
      left without an agent.
    </Confirm>
  );
}

export function AgentCard({ agent }: { agent: AgentView }) {
  const [opened, setOpened] = useState<'test' | 'delete' | null>(null);
  // In the address, so that briefs can lead here.
  const [edited, setEdited] = useQueryState('edit');
  const toggle = (which: typeof opened) => (open: boolean) => setOpened(open ? which : null);
  const { label, icon: Icon, summarize } = KIND_LOOKS[agent.kind];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-2xl border bg-surface p-4 sm:px-5">
      <span className="grid size-10 shrink-0 place-items-center rounded-xl bg-accent-soft text-accent">
        <Icon aria-hidden className="size-5" />
      </span>
      <div className="min-w-0 flex-1 basis-48">
        <h2 className="flex flex-wrap items-center gap-2 font-medium">
          {agent.name} <Badge>{label}</Badge>
        </h2>
        <p className="truncate text-sm text-muted">{summarize(agent.config)}</p>
        <AgentReadiness agent={agent} />
        <AgentSpend agent={agent} />
        <Link
          href={{ pathname: '/tasks', query: { agent: agent.id } }}
          className="text-[0.8125rem] text-accent underline underline-offset-2"
        >
          Its tasks
        </Link>
      </div>
      <div className="flex gap-2">
        <Button size="small" onClick={() => setOpened('test')}>
          <FlaskConical aria-hidden /> Test
        </Button>
        <Button size="small" aria-label={`Edit ${agent.name}`} onClick={() => void setEdited(agent.id)}>
          <Pencil aria-hidden />
        </Button>
        <Button size="small" aria-label={`Delete ${agent.name}`} onClick={() => setOpened('delete')}>
          <Trash2 aria-hidden />
        </Button>
      </div>
      <AgentDialog
        agent={agent}
        open={edited === agent.id}
        onOpenChange={(open) => void setEdited(open ? agent.id : null)}
      />
      <TestDialog agent={agent} open={opened === 'test'} onOpenChange={toggle('test')} />
      <DeleteAgent agent={agent} open={opened === 'delete'} onOpenChange={toggle('delete')} />
    </li>
  );
}
