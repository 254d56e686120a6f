'use client';

import type { TaskView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { useTRPC } from '@/lib/trpc/client';
import { readAllowedTools } from './allowedTools';

/**
 * The tools that a person has allowed for good, in answers to questions of this task; each can be taken back.
 */
export function AllowedTools({ task }: { task: TaskView }) {
  const trpc = useTRPC();
  const { config, identifier } = task;
  const allowed = readAllowedTools(config.model);
  const save = useMutation(
    trpc.task.update.mutationOptions({
      meta: { done: `${identifier} asks about it again`, failed: 'The permission was not taken back' },
    }),
  );
  const takeBack = (tool: string) => {
    const allowedTools = allowed.filter((other) => other !== tool);
    const model = { ...config.model, allowedTools };
    save.mutate({ id: identifier, config: { ...config, model }, base: { config } });
  };
  return (
    <ul className="space-y-1">
      {allowed.map((tool) => (
        <li key={tool} className="flex flex-wrap items-center gap-x-2">
          <span className="min-w-0 font-mono text-[0.8125rem] wrap-anywhere">{tool}</span>
          <Button
            variant="ghost"
            size="small"
            busy={save.isPending}
            onClick={() => takeBack(tool)}
            aria-label={`Ask about ${tool} again`}
          >
            Ask again
          </Button>
        </li>
      ))}
    </ul>
  );
}
