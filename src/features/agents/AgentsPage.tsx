'use client';

import { Bot, Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/pageHeader';
import { EmptyState, ErrorState, ListSkeleton } from '@/components/ui/states';
import { AgentCard } from './AgentCard';
import { AgentDialog } from './dialogs';
import { useAgents } from './useAgents';

function AgentList({ onCreate }: { onCreate: () => void }) {
  const agents = useAgents();
  if (agents.isPending) return <ListSkeleton rows={3} rowClass="h-24" />;
  if (agents.isLoadingError) {
    return (
      <ErrorState
        title="The agents could not be loaded"
        error={agents.error}
        onRetry={() => agents.refetch()}
      />
    );
  }
  if (agents.data.length === 0) {
    return (
      <EmptyState icon={<Bot aria-hidden />} title="No agents yet">
        <p>An agent does the work of a task. A page watcher works without a key.</p>
        <Button variant="primary" className="mt-4" onClick={onCreate}>
          Create the first agent
        </Button>
      </EmptyState>
    );
  }
  return (
    <ul className="space-y-3">
      {agents.data.map((agent) => (
        <AgentCard key={agent.id} agent={agent} />
      ))}
    </ul>
  );
}

export function AgentsPage() {
  const [creating, setCreating] = useState(false);
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader
        title="Agents"
        lead="The agents that do the work of your tasks."
        actions={
          <Button variant="primary" onClick={() => setCreating(true)}>
            <Plus aria-hidden /> New agent
          </Button>
        }
      />
      <AgentList onCreate={() => setCreating(true)} />
      <AgentDialog agent={null} open={creating} onOpenChange={setCreating} />
    </div>
  );
}
