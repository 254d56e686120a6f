'use client';

import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { STARTER_AGENT } from '@/features/agents/kinds';
import { useAgents } from '@/features/agents/useAgents';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { useRefresh } from '@/lib/trpc/useRefresh';
import type { QuickWatch } from './quickWatchSchema';

/**
 * Creates a heartbeat task for the person's watch agent, and the agent too if there is none, and starts it.
 */
export function useWatchPage() {
  const trpc = useTRPC();
  const router = useRouter();
  const refresh = useRefresh();
  const agents = useAgents();
  const createAgent = useMutation(trpc.agent.create.mutationOptions());
  const createTask = useMutation(trpc.task.create.mutationOptions());
  const startTask = useMutation(trpc.task.start.mutationOptions());

  const watchAgentId = async (): Promise<string> => {
    const known = agents.data ?? (await agents.refetch({ throwOnError: true })).data ?? [];
    const agent = known.find((candidate) => candidate.kind === 'watch');
    return agent?.id ?? (await createAgent.mutateAsync(STARTER_AGENT)).id;
  };

  return useMutation({
    mutationFn: async ({ url, intervalSeconds }: QuickWatch) => {
      const task = await createTask.mutateAsync({
        name: `Watch ${new URL(url).hostname}`,
        instruction: `Tell me when ${url} changes, and what changed.`,
        agentId: await watchAgentId(),
        automationMode: 'heartbeat',
        heartbeatInterval: intervalSeconds,
        config: { watch: { url } },
      });
      return startTask.mutateAsync({ id: task.id });
    },
    onSuccess: (task) => {
      toast.success(`${task.identifier} now watches the page`, {
        description: 'The first run saves the page; later runs tell you what changed.',
        action: { label: 'Open', onClick: () => router.push(`/tasks/${task.identifier}`) },
      });
    },
    onError: (error) => toast.error('The page could not be watched', { description: messageOf(error) }),
    onSettled: refresh,
  });
}
