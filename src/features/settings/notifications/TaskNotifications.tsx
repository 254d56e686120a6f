'use client';

import { type ChannelOfTaskView, type NewsKind, RULE_VALUES, type TaskView } from '@everbeat/domain';
import { useMutation, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { buttonVariants } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { OpenState } from '@/components/ui/overlay';
import { EmptyState, ErrorState, ListSkeleton } from '@/components/ui/states';
import { useTRPC } from '@/lib/trpc/client';
import { USUAL_LABELS } from './labels';
import { RuleTable } from './RuleTable';

type NotifiedTask = Pick<TaskView, 'id' | 'identifier'>;

/** What one channel tells of the task. Each choice is saved as it is made. */
function OfChannel({ task, channel }: { task: NotifiedTask; channel: ChannelOfTaskView }) {
  const trpc = useTRPC();
  const { channelId, name, isEnabled, rules } = channel;
  const save = useMutation(
    trpc.channel.setForTask.mutationOptions({ meta: { failed: `What ${name} tells was not saved` } }),
  );
  const chosen = save.isPending ? save.variables.rules : channel.taskRules;
  const choose = (kind: NewsKind, value: string) => {
    const { [kind]: _, ...others } = chosen;
    const rule = RULE_VALUES.find((candidate) => candidate === value);
    save.mutate({
      taskId: task.id,
      channelId,
      rules: rule === undefined ? others : { ...others, [kind]: rule },
    });
  };
  return (
    <section aria-label={name}>
      <h3 className="mb-1 flex flex-wrap items-center gap-2 font-medium wrap-anywhere">
        {name} {!isEnabled && <Badge>Switched off</Badge>}
      </h3>
      <RuleTable
        caption={`What ${name} tells of ${task.identifier}`}
        ruleOf={(kind) => chosen[kind] ?? ''}
        onChoose={choose}
        without={(kind) => USUAL_LABELS[rules[kind]]}
      />
    </section>
  );
}

function Channels({ task }: { task: NotifiedTask }) {
  const trpc = useTRPC();
  const channels = useQuery(trpc.channel.ofTask.queryOptions({ taskId: task.id }));
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
      <EmptyState title="No channel yet">
        <p>
          A channel tells you by e-mail, chat or push what your tasks found, also while Everbeat is closed.
        </p>
        <Link href="/settings/notifications" className={buttonVariants({ className: 'mt-4' })}>
          Set one up
        </Link>
      </EmptyState>
    );
  }
  return (
    <div className="space-y-6">
      {channels.data.map((channel) => (
        <OfChannel key={channel.channelId} task={task} channel={channel} />
      ))}
    </div>
  );
}

/** What each channel tells of one task, where that is not what it tells of all. */
export function TaskNotifications({ task, ...state }: OpenState & { task: NotifiedTask }) {
  return (
    <Dialog
      {...state}
      title={`Notifications of ${task.identifier}`}
      description="What you choose here holds for this task alone. “Usual” is what the channel sends of every task."
    >
      <Channels task={task} />
    </Dialog>
  );
}
