'use client';

import { STARTER_AGENT } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { readTaskSettings } from '@/features/agents/kindForm';
import { watch } from '@/features/agents/kinds/watch';
import { useTRPCClient } from '@/lib/trpc/client';
import type { QuickWatch } from './quickWatchSchema';

/**
 * Creates a heartbeat task for the person's watch agent, and the agent too if there is none, and starts it.
 */
export function useWatchPage() {
  const client = useTRPCClient();
  const router = useRouter();

  const watchAgentId = async (): Promise<string> => {
    const agents = await client.agent.list.query();
    const agent = agents.find((candidate) => candidate.kind === 'watch');
    return agent?.id ?? (await client.agent.create.mutate(STARTER_AGENT)).id;
  };

  return useMutation({
    mutationFn: async ({ intervalSeconds, ...texts }: QuickWatch) => {
      const { taskSettings } = watch;
      const task = await client.task.create.mutate({
        instruction: taskSettings.instructionOf(texts),
        agentId: await watchAgentId(),
        automationMode: 'heartbeat',
        heartbeatInterval: intervalSeconds,
        config: { watch: readTaskSettings(taskSettings, texts) },
      });
      return client.task.start.mutate({ id: task.id });
    },
    onSuccess: (task) => {
      toast.success(`${task.identifier} now watches the page`, {
        description: 'The first run saves the page; later runs tell you what changed.',
        action: { label: 'Open', onClick: () => router.push(`/tasks/${task.identifier}`) },
      });
    },
    meta: { failed: 'The page could not be watched' },
  });
}
