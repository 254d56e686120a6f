'use client';

import type { McpServerView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { useTRPC } from '@/lib/trpc/client';
import { Answer } from '../Answer';
import { ServerForm } from './ServerForm';

const STATE_LABELS = { accepted: null, changed: 'Changed', new: 'New' } as const;

function answerOf({ status, problem, tools }: McpServerView): string {
  const count = tools.length;
  const ready = status === 'ready' ? [`Ready, with ${count} ${count === 1 ? 'tool' : 'tools'}.`] : [];
  if (status === null) return 'It has not been asked yet.';
  return [...ready, ...(problem === null ? [] : [problem])].join(' ');
}

/** What the server offers, with what changed since the person accepted it. */
function Tools({ server }: { server: McpServerView }) {
  const trpc = useTRPC();
  const accept = useMutation(
    trpc.mcpServer.update.mutationOptions({
      meta: { done: `The tools of ${server.name} are accepted`, failed: 'The tools were not accepted' },
    }),
  );
  const changed = server.tools.filter(({ state }) => state !== 'accepted').length;
  if (server.tools.length === 0) return null;
  return (
    <>
      {changed > 0 && (
        <div className="mt-3 flex flex-wrap items-center gap-3 rounded-xl bg-warn-soft px-4 py-3 text-sm">
          <p className="min-w-0 flex-1 basis-60">
            {changed === 1 ? 'One tool is' : `${changed} tools are`} not as you accepted{' '}
            {changed === 1 ? 'it' : 'them'}. Agents ask before they call {changed === 1 ? 'it' : 'them'}. Read
            the descriptions below first.
          </p>
          <Button
            size="small"
            busy={accept.isPending}
            onClick={() => accept.mutate({ id: server.id, acceptTools: server.checkedAt ?? undefined })}
          >
            Accept as they are now
          </Button>
        </div>
      )}
      <details className="mt-3" open={changed > 0}>
        <summary className="w-fit cursor-pointer rounded-md text-sm font-medium text-muted hover:text-ink">
          Tools
        </summary>
        <ul className="mt-2 space-y-2">
          {server.tools.map(({ name, description, readOnly, state }) => (
            <li key={name} className="text-sm wrap-anywhere">
              <span className="font-mono">{name}</span> {readOnly && <Badge>changes nothing</Badge>}{' '}
              {STATE_LABELS[state] !== null && <Badge tone="warn">{STATE_LABELS[state]}</Badge>}
              <p className="line-clamp-6 text-muted">{description}</p>
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

/** One server: where it is, whether it answers, and what it offers. */
export function ServerCard({ server }: { server: McpServerView }) {
  const trpc = useTRPC();
  const [opened, setOpened] = useState<'edit' | 'remove' | null>(null);
  const close = () => setOpened(null);
  const { id, name } = server;
  const check = useMutation(
    trpc.mcpServer.check.mutationOptions({ meta: { failed: `${name} could not be asked` } }),
  );
  const remove = useMutation(
    trpc.mcpServer.delete.mutationOptions({
      onSuccess: close,
      onError: close,
      meta: { done: `${name} was removed`, failed: `${name} was not removed` },
    }),
  );
  return (
    <li className="rounded-2xl border bg-surface p-4 sm:px-5" aria-label={name}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-48">
          <h2 className="font-medium">{name}</h2>
          <p className="truncate text-[0.8125rem] text-muted">
            {server.url ?? `Program ${server.command ?? ''}`}
          </p>
          <Answer isReady={server.status === 'ready'}>{answerOf(server)}</Answer>
        </div>
        <div className="flex gap-2">
          <Button
            size="small"
            busy={check.isPending}
            onClick={() => check.mutate({ id })}
            aria-label={`Check ${name} again`}
          >
            <RotateCw aria-hidden /> Check
          </Button>
          {opened !== 'edit' && (
            <Button size="small" onClick={() => setOpened('edit')} aria-label={`Change ${name}`}>
              Change
            </Button>
          )}
          <Button size="small" onClick={() => setOpened('remove')} aria-label={`Remove ${name}`}>
            Remove
          </Button>
        </div>
      </div>
      <Tools server={server} />
      {opened === 'edit' && <ServerForm server={server} onClose={close} />}
      <Confirm
        open={opened === 'remove'}
        onOpenChange={(open) => setOpened(open ? 'remove' : null)}
        title={`Remove ${name}?`}
        action="Remove"
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ id })}
      >
        Its address and headers are deleted here. Agents that have chosen it cannot run until you take it out
        of them.
      </Confirm>
    </li>
  );
}
