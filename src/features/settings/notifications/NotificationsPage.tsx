'use client';

import { useQuery } from '@tanstack/react-query';
import { BellRing } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/pageHeader';
import { EmptyState, ErrorState, ListSkeleton } from '@/components/ui/states';
import { useTRPC } from '@/lib/trpc/client';
import { SettingsTabs } from '../SettingsTabs';
import { ChannelCard } from './ChannelCard';
import { ChannelDialog } from './dialogs';
import { ThisDevice } from './ThisDevice';

function Channels({ onAdd }: { onAdd: () => void }) {
  const trpc = useTRPC();
  const channels = useQuery(trpc.channel.list.queryOptions());
  if (channels.isPending) return <ListSkeleton rows={2} rowClass="h-24" />;
  if (channels.isLoadingError) {
    return (
      <ErrorState
        title="The channels could not be loaded"
        error={channels.error}
        onRetry={() => channels.refetch()}
      />
    );
  }
  if (channels.data.length === 0) {
    return (
      <EmptyState icon={<BellRing aria-hidden />} title="No channel yet">
        <p>
          A channel tells you by e-mail, chat or push what your tasks found and what they need from you, also
          while Everbeat is closed.
        </p>
        <Button variant="primary" className="mt-4" onClick={onAdd}>
          Add a channel
        </Button>
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="space-y-3">
        {channels.data.map((channel) => (
          <ChannelCard key={channel.id} channel={channel} />
        ))}
      </ul>
      <TimeZone />
    </>
  );
}

function TimeZone() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.system.budget.queryOptions());
  if (data === undefined) return null;
  return (
    <p className="mt-4 text-sm text-muted">
      Quiet hours and the digest at 8:00 follow the time zone {data.timezone ?? 'UTC'}.{' '}
      <Link href="/settings/budget" className="font-medium text-accent hover:underline">
        Change it
      </Link>
    </p>
  );
}

export function NotificationsPage() {
  const [isAdding, setAdding] = useState(false);
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title="Notifications"
        lead="How Everbeat reaches you outside this page."
        actions={
          <Button onClick={() => setAdding(true)} aria-label="Add a channel">
            Add
          </Button>
        }
      />
      <SettingsTabs />
      <div className="mb-4">
        <ThisDevice />
      </div>
      <Channels onAdd={() => setAdding(true)} />
      <ChannelDialog channel={null} open={isAdding} onOpenChange={setAdding} />
    </div>
  );
}
