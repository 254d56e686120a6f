'use client';

import type { AgentView } from '@everbeat/domain';
import { toast } from 'sonner';
import { useResumeAll } from '@/features/system/useResumeAll';
import { useTRPCClient } from '@/lib/trpc/client';

/**
 * After an agent was edited: offers to resume its tasks that were stopped until a person has changed
 * something.
 */
export function useOfferResume(): (agent: AgentView) => Promise<void> {
  const client = useTRPCClient();
  const { mutate: resumeAll } = useResumeAll();
  return async ({ id: agentId, name }) => {
    const { items } = await client.task.list.query({ agentId, attention: 'needs-person', limit: 1 });
    if (items.length === 0) return;
    toast.info(`Tasks of ${name} are stopped until you have changed something`, {
      description: 'If that is done now, they can run again.',
      duration: 20_000,
      action: { label: 'Resume them', onClick: () => resumeAll({ cause: 'needs-person', agentId }) },
    });
  };
}
