'use client';

import { mayTransition, readsWords, type TaskDetailView, type TaskStatus } from '@everbeat/domain';
import { Ban, CirclePlay, Ellipsis, OctagonX, Pause, Pencil, Play, Trash2, Zap } from 'lucide-react';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { Menu, MenuItem } from '@/components/ui/menu';
import { EditTaskDialog } from '../form/EditTaskDialog';
import { PauseDialog } from './PauseDialog';
import { RunDialog } from './RunDialog';
import { type TaskActions, useTaskActions } from './useTaskActions';

type Opened = 'run' | 'pause' | 'delete' | 'cancel' | null;

interface ActionsProps {
  task: TaskDetailView;
  actions: TaskActions;
}

/** Whether Start is the main action: the task is not in its automation loop, and is not paused. */
const offersStart = (status: TaskStatus): boolean =>
  status !== 'paused' && status !== 'scheduled' && mayTransition('start', status);

const offersPause = (status: TaskStatus): boolean =>
  (status === 'scheduled' || status === 'running') && mayTransition('pause', status);

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

function RunButtons({ task, actions, onRun }: ActionsProps & { onRun: () => void }) {
  if (task.runningOperation !== null) {
    const { id: operationId } = task.runningOperation;
    return (
      <Button busy={actions.interrupt.isPending} onClick={() => actions.interrupt.mutate({ operationId })}>
        <OctagonX aria-hidden /> Stop this run
      </Button>
    );
  }
  if (!mayTransition('claim-manual', task.status)) return null;
  // An agent that reads no words is not asked for any.
  const asks = readsWords(task.agent?.kind ?? null);
  return (
    <Button
      variant={offersStart(task.status) ? 'outline' : 'primary'}
      busy={actions.run.isPending}
      onClick={asks ? onRun : () => actions.run.mutate({ id: task.id })}
    >
      <Zap aria-hidden /> Run now
    </Button>
  );
}

export function TaskButtons({ task }: { task: TaskDetailView }) {
  const actions = useTaskActions(task);
  const [opened, setOpened] = useState<Opened>(null);
  // In the address, so that briefs can lead here.
  const [isEdited, setEdited] = useQueryState('edit', parseAsBoolean.withDefault(false));
  const toggle = (which: Opened) => (open: boolean) => setOpened(open ? which : null);
  const cancelable = task.status !== 'canceled' && mayTransition('cancel', task.status);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RunButtons task={task} actions={actions} onRun={() => setOpened('run')} />
      <LoopButtons task={task} actions={actions} />
      <Button onClick={() => void setEdited(true)}>
        <Pencil aria-hidden /> Edit
      </Button>
      <Menu label="More actions" icon={<Ellipsis aria-hidden />}>
        {offersPause(task.status) && (
          <MenuItem onClick={() => setOpened('pause')}>
            <Pause aria-hidden /> Pause with a reason
          </MenuItem>
        )}
        {cancelable && (
          <MenuItem onClick={() => setOpened('cancel')}>
            <Ban aria-hidden /> Cancel task
          </MenuItem>
        )}
        <MenuItem danger onClick={() => setOpened('delete')}>
          <Trash2 aria-hidden /> Delete task
        </MenuItem>
      </Menu>
      <RunDialog task={task} open={opened === 'run'} onOpenChange={toggle('run')} />
      <PauseDialog task={task} open={opened === 'pause'} onOpenChange={toggle('pause')} />
      <EditTaskDialog task={task} open={isEdited} onOpenChange={(open) => void setEdited(open)} />
      <Confirm
        open={opened === 'cancel'}
        onOpenChange={toggle('cancel')}
        title={`Cancel ${task.identifier}?`}
        action="Cancel task"
        busy={actions.cancel.isPending}
        onConfirm={() => actions.cancel.mutate({ id: task.id }, { onSuccess: () => setOpened(null) })}
      >
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
        This also deletes its runs, briefs, comments and history. It cannot be undone.
      </Confirm>
    </div>
  );
}
