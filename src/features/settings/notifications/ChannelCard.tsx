'use client';

import type { ChannelView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { RelativeTime } from '@/components/ui/time';
import { useTRPC } from '@/lib/trpc/client';
import { Answer } from '../Answer';
import { CoolDown } from './CoolDown';
import { CHANNEL_LOOKS } from './channelLooks';
import { Deliveries } from './Deliveries';
import { ChannelDialog } from './dialogs';
import { QuietHours } from './QuietHours';
import { Rules } from './Rules';

/** Whether messages arrive. */
function State({ channel }: { channel: ChannelView }) {
  const { isEnabled, failingSince, problem, lastSentAt } = channel;
  if (!isEnabled) return <p className="mt-1 text-sm text-muted">Switched off: nothing is sent.</p>;
  if (failingSince !== null) {
    return (
      <Answer isReady={false}>
        Messages do not arrive; the first one failed <RelativeTime at={failingSince} />. {problem}
      </Answer>
    );
  }
  return (
    <p className="mt-1 text-sm text-muted">
      {lastSentAt === null ? (
        'Nothing was sent yet.'
      ) : (
        <>
          Last message <RelativeTime at={lastSentAt} />
        </>
      )}
    </p>
  );
}

/** Whether answers that are given there arrive. */
function Receiving({ channel: { receiving } }: { channel: ChannelView }) {
  if (receiving === null) return null;
  const { isOn, problem, requestUrl } = receiving;
  return (
    <>
      {problem !== null && <Answer isReady={false}>Buttons do not work there. {problem}</Answer>}
      {isOn && <p className="text-sm text-muted">You can answer there.</p>}
      {requestUrl !== null && (
        <p className="text-sm text-muted">
          Request URL for Interactivity &amp; Shortcuts: <code className="wrap-anywhere">{requestUrl}</code>
        </p>
      )}
    </>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="mt-3" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="w-fit cursor-pointer rounded-md text-sm font-medium text-muted hover:text-ink">
        {title}
      </summary>
      {isOpen && <div className="mt-2 space-y-4">{children}</div>}
    </details>
  );
}

function Actions({ channel }: { channel: ChannelView }) {
  const trpc = useTRPC();
  const { id, kind, name, isEnabled } = channel;
  const [opened, setOpened] = useState<'edit' | 'remove' | null>(null);
  const close = () => setOpened(null);
  const toggle = (which: typeof opened) => (open: boolean) => setOpened(open ? which : null);
  const trial = useMutation(
    trpc.channel.test.mutationOptions({
      onSuccess: ({ ok, problem }) => {
        if (ok) toast.success(`A trial message was sent to ${name}`);
        else toast.error(`${name} did not take the trial message`, { description: problem });
      },
      meta: { failed: `No trial message was sent to ${name}` },
    }),
  );
  const update = useMutation(
    trpc.channel.update.mutationOptions({ meta: { failed: `${name} was not changed` } }),
  );
  const remove = useMutation(
    trpc.channel.delete.mutationOptions({
      onSuccess: close,
      onError: close,
      meta: { done: `${name} was removed`, failed: `${name} was not removed` },
    }),
  );
  return (
    <div className="flex flex-wrap gap-2">
      <Button
        size="small"
        busy={trial.isPending}
        onClick={() => trial.mutate({ id })}
        aria-label={`Test ${name}`}
      >
        <Send aria-hidden /> Test
      </Button>
      {kind !== 'push' && (
        <Button size="small" onClick={() => setOpened('edit')} aria-label={`Edit ${name}`}>
          Edit
        </Button>
      )}
      <Button
        size="small"
        busy={update.isPending}
        onClick={() => update.mutate({ id, isEnabled: !isEnabled })}
        aria-label={`Switch ${isEnabled ? 'off' : 'on'} ${name}`}
      >
        {isEnabled ? 'Switch off' : 'Switch on'}
      </Button>
      <Button size="small" onClick={() => setOpened('remove')} aria-label={`Remove ${name}`}>
        Remove
      </Button>
      <ChannelDialog channel={channel} open={opened === 'edit'} onOpenChange={toggle('edit')} />
      <Confirm
        open={opened === 'remove'}
        onOpenChange={toggle('remove')}
        title={`Remove ${name}?`}
        action="Remove"
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ id })}
      >
        Its settings are deleted, and what waits to be sent there is not sent.
      </Confirm>
    </div>
  );
}

/** One channel: where it leads, whether messages arrive, what it sends and what it has sent. */
export function ChannelCard({ channel }: { channel: ChannelView }) {
  const { label, icon: Icon, summarize } = CHANNEL_LOOKS[channel.kind];
  return (
    <li className="rounded-2xl border bg-surface p-4 sm:px-5" aria-label={channel.name}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <span className="grid size-10 shrink-0 place-items-center rounded-xl bg-accent-soft text-accent">
          <Icon aria-hidden className="size-5" />
        </span>
        <div className="min-w-0 flex-1 basis-48">
          <h2 className="flex flex-wrap items-center gap-2 font-medium wrap-anywhere">
            {channel.name} <Badge>{label}</Badge>
          </h2>
          <p className="truncate text-[0.8125rem] text-muted">{summarize(channel.config)}</p>
          <State channel={channel} />
          <Receiving channel={channel} />
        </div>
        <Actions channel={channel} />
      </div>
      <Section title="What it sends, and when">
        <Rules channel={channel} />
        <CoolDown channel={channel} />
        <QuietHours channel={channel} />
      </Section>
      <Section title="What was sent">
        <Deliveries channelId={channel.id} />
      </Section>
    </li>
  );
}
