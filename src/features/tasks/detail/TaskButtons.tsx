'use client';

import { mayTransition, readsWords, type TaskDetailView, type TaskStatus } from '@everbeat/domain';
import {
  Ban,
  Bell,
  CirclePlay,
  Ellipsis,
  type LucideIcon,
  MessageSquarePlus,
  OctagonX,
  Pause,
  Pencil,
  Play,
  Trash2,
  Zap,
} from 'lucide-react';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { Menu, type MenuChoice } from '@/components/ui/menu';
import { TaskNotifications } from '@/features/settings/notifications/dialogs';
import { EditTaskDialog } from '../form/dialogs';
import { PauseDialog, RunDialog } from './dialogs';
import { type TaskActions, useTaskActions } from './useTaskActions';

type Opened = 'run' | 'pause' | 'notifications' | 'delete' | 'cancel' | null;

interface ActionsProps {
  task: TaskDetailView;
  actions: TaskActions;
}

/** Whether Start is the main action: the task is not in its automation loop, and is not paused. */
const offersStart = (status: TaskStatus): boolean =>
  status !== 'paused' && status !== 'scheduled' && mayTransition('start', status);

/** A run under way is stopped by its own button, which pauses the task too. */
const offersPause = (status: TaskStatus): boolean => status === 'scheduled' && mayTransition('pause', status);

/** Start, resume and pause: shown where the transition table allows them and they change the status. */
function LoopButtons({ task, actions }: ActionsProps) {
  const { id, status } = task;
  return (
    <>
      {status === 'paused' && (
        <Button busy={actions.resume.isPending} onClick={() => actions.resume.mutate({ id })}>
          <CirclePlay aria-hidden /> Resume
        </Button>
      )}
      {offersStart(status) && (
        <Button variant="primary" busy={actions.start.isPending} onClick={() => actions.start.mutate({ id })}>
          <Play aria-hidden /> Start
        </Button>
      )}
      {offersPause(status) && (
        <Button busy={actions.pause.isPending} onClick={() => actions.pause.mutate({ id })}>
          <Pause aria-hidden /> Pause
        </Button>
      )}
    </>
  );
}

const mayRun = (task: TaskDetailView): boolean =>
  task.runningOperation === null && mayTransition('claim-manual', task.status);

function RunButtons({ task, actions }: ActionsProps) {
  if (task.runningOperation !== null) {
    const { id: operationId } = task.runningOperation;
    return (
      <Button busy={actions.interrupt.isPending} onClick={() => actions.interrupt.mutate({ operationId })}>
        <OctagonX aria-hidden /> Stop and pause
      </Button>
    );
  }
  if (!mayRun(task)) return null;
  return (
    <Button
      variant={offersStart(task.status) ? 'outline' : 'primary'}
      busy={actions.run.isPending}
      onClick={() => actions.run.mutate({ id: task.id })}
    >
      <Zap aria-hidden /> Run now
    </Button>
  );
}

/** What is rarely done, or asks for more before it is done. */
function choicesOf(task: TaskDetailView, open: (which: Opened) => void): MenuChoice[] {
  const isCancelable = task.status !== 'canceled' && mayTransition('cancel', task.status);
  const isRunning = task.runningOperation !== null;
  // An agent that reads no words is not asked for any.
  const readsThem = mayRun(task) && readsWords(task.agent?.kind ?? null);
  const choice = (text: string, icon: LucideIcon, which: Opened, isDangerous = false): MenuChoice => ({
    text,
    icon,
    isDangerous,
    onChoose: () => open(which),
  });
  return [
    ...(readsThem ? [choice('Run with words of yours', MessageSquarePlus, 'run')] : []),
    ...(offersPause(task.status) || isRunning ? [choice('Pause with a reason', Pause, 'pause')] : []),
    choice('Notifications', Bell, 'notifications'),
    ...(isCancelable ? [choice('Cancel task', Ban, 'cancel')] : []),
    choice('Delete task', Trash2, 'delete', true),
  ];
}

export function TaskButtons({ task }: { task: TaskDetailView }) {
  const actions = useTaskActions(task);
  const [opened, setOpened] = useState<Opened>(null);
  // In the address, so that briefs can lead here.
  const [isEdited, setEdited] = useQueryState('edit', parseAsBoolean.withDefault(false));
  const toggle = (which: Opened) => (open: boolean) => setOpened(open ? which : null);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RunButtons task={task} actions={actions} />
      <LoopButtons task={task} actions={actions} />
      <Button onClick={() => void setEdited(true)}>
        <Pencil aria-hidden /> Edit
      </Button>
      <Menu label="More actions" icon={<Ellipsis aria-hidden />} items={choicesOf(task, setOpened)} />
      <RunDialog task={task} open={opened === 'run'} onOpenChange={toggle('run')} />
      <PauseDialog task={task} open={opened === 'pause'} onOpenChange={toggle('pause')} />
      <TaskNotifications
        task={task}
        open={opened === 'notifications'}
        onOpenChange={toggle('notifications')}
      />
      <EditTaskDialog task={task} open={isEdited} onOpenChange={(open) => void setEdited(open)} />
      <Confirm
        open={opened === 'cancel'}
        onOpenChange={toggle('cancel')}
        title={`Cancel ${task.identifier}?`}
        action="Cancel task"
        busy={actions.cancel.isPending}
        onConfirm={() => actions.cancel.mutate({ id: task.id }, { onSuccess: () => setOpened(null) })}
      >
        {task.runningOperation !== null && 'The run under way is stopped. '}
        It no longer runs by itself. Its history is kept, and you can start it again later.
      </Confirm>
      <Confirm
        open={opened === 'delete'}
        onOpenChange={toggle('delete')}
        title={`Delete ${task.identifier}?`}
        action="Delete task"
        busy={actions.remove.isPending}
        onConfirm={() => actions.remove.mutate({ id: task.id })}
      >
        {task.runningOperation !== null && 'The run under way is stopped. '}
        This also deletes its runs, briefs, comments and history. It cannot be undone.
      </Confirm>
    </div>
  );
}
