'use client';

import { useQuery } from '@tanstack/react-query';
import { Plug } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/pageHeader';
import { EmptyState, ErrorState, ListSkeleton } from '@/components/ui/states';
import { useTRPC } from '@/lib/trpc/client';
import { SettingsTabs } from '../SettingsTabs';
import { ServerCard } from './ServerCard';
import { ServerForm } from './ServerForm';

function Servers({ onAdd }: { onAdd: () => void }) {
  const trpc = useTRPC();
  const servers = useQuery(trpc.mcpServer.list.queryOptions());
  if (servers.isPending) return <ListSkeleton rows={2} rowClass="h-20" />;
  if (servers.isLoadingError) {
    return (
      <ErrorState
        title="The tool servers could not be loaded"
        error={servers.error}
        onRetry={() => servers.refetch()}
      />
    );
  }
  if (servers.data.length === 0) {
    return (
      <EmptyState icon={<Plug aria-hidden />} title="No tool server yet">
        <p>
          A server of the Model Context Protocol brings tools, such as a mailbox or a calendar. Add it here
          once, then choose in each model agent what it may call.
        </p>
        <Button variant="primary" className="mt-4" onClick={onAdd}>
          Add a server
        </Button>
      </EmptyState>
    );
  }
  return (
    <ul className="space-y-3">
      {servers.data.map((server) => (
        <ServerCard key={server.id} server={server} />
      ))}
    </ul>
  );
}

export function ServersPage() {
  const [isAdding, setAdding] = useState(false);
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title="Tool servers"
        lead="Servers whose tools your model agents may call (Model Context Protocol)."
        actions={
          isAdding ? undefined : (
            <Button onClick={() => setAdding(true)} aria-label="Add a tool server">
              Add
            </Button>
          )
        }
      />
      <SettingsTabs />
      {isAdding && (
        <div className="mb-6 rounded-2xl border bg-surface p-4 sm:px-5">
          <h2 className="font-medium">A new tool server</h2>
          <ServerForm server={null} onClose={() => setAdding(false)} />
        </div>
      )}
      <Servers onAdd={() => setAdding(true)} />
    </div>
  );
}
