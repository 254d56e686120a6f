'use client';

import { LIMITS, mayTransition, type TaskDetailView, type TaskStatus } from '@everbeat/domain';
import { Ban, CirclePlay, Ellipsis, OctagonX, Pause, Pencil, Play, Trash2, Zap } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { Dialog } from '@/components/ui/dialog';
import { Field, Textarea } from '@/components/ui/field';
import { Menu, MenuItem } from '@/components/ui/menu';
import { EditTaskDialog } from '../form/EditTaskDialog';
import { RunDialog } from './RunDialog';
import { type TaskActions, useTaskActions } from './useTaskActions';

type Opened = 'run' | 'edit' | 'pause' | 'delete' | 'cancel' | null;

interface PauseDialogProps {
  task: TaskDetailView;
  pause: TaskActions['pause'];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Whether Start is the main action: the task is not in its automation loop, and is not paused. */
const offersStart = (status: TaskStatus): boolean =>
  status !== 'paused' && status !== 'scheduled' && mayTransition('start', status);

const offersPause = (status: TaskStatus): boolean =>
  (status === 'scheduled' || status === 'running') && mayTransition('pause', status);

/** Start, resume and pause: shown where the transition table allows them and they change the status. */
function LoopButtons({ task, actions }: { task: TaskDetailView; actions: TaskActions }) {
  const { id, status } = task;
  const resumes = status === 'paused';
  const starts = offersStart(status);
  const pauses = offersPause(status);
  return (
    <>
      {resumes && (
        <Button busy={actions.resume.isPending} onClick={() => actions.resume.mutate({ id })}>
          <CirclePlay aria-hidden /> Resume
        </Button>
      )}
      {starts && (
        <Button variant="primary" busy={actions.start.isPending} onClick={() => actions.start.mutate({ id })}>
          <Play aria-hidden /> Start
        </Button>
      )}
      {pauses && (
        <Button busy={actions.pause.isPending} onClick={() => actions.pause.mutate({ id })}>
          <Pause aria-hidden /> Pause
        </Button>
      )}
    </>
  );
}

function RunButtons({
  task,
  actions,
  onRun,
}: {
  task: TaskDetailView;
  actions: TaskActions;
  onRun: () => void;
}) {
  if (task.runningOperation !== null) {
    const { id: operationId } = task.runningOperation;
    return (
      <Button busy={actions.interrupt.isPending} onClick={() => actions.interrupt.mutate({ operationId })}>
        <OctagonX aria-hidden /> Stop this run
      </Button>
    );
  }
  if (!mayTransition('claim-manual', task.status)) return null;
  return (
    <Button variant={offersStart(task.status) ? 'outline' : 'primary'} onClick={onRun}>
      <Zap aria-hidden /> Run now
    </Button>
  );
}

/** Pauses the task with a note, which its page shows until it leaves the pause. */
function PauseDialog({ task, pause, open, onOpenChange }: PauseDialogProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '');
    pause.mutate({ id: task.id, reason }, { onSuccess: () => onOpenChange(false) });
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Pause ${task.identifier}`}
      className="sm:max-w-lg"
    >
      <form onSubmit={submit} className="space-y-5">
        <Field label="Reason (optional)" hint="It is shown on this page until the task leaves the pause.">
          <Textarea autoFocus name="reason" maxLength={LIMITS.pausedReasonCharsMax} />
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" variant="primary" busy={pause.isPending}>
            Pause
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function TaskButtons({ task }: { task: TaskDetailView }) {
  const actions = useTaskActions(task);
  const [opened, setOpened] = useState<Opened>(null);
  const toggle = (which: Opened) => (open: boolean) => setOpened(open ? which : null);
  const cancelable = task.status !== 'canceled' && mayTransition('cancel', task.status);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <RunButtons task={task} actions={actions} onRun={() => setOpened('run')} />
      <LoopButtons task={task} actions={actions} />
      <Button onClick={() => setOpened('edit')}>
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
      <RunDialog task={task} run={actions.run} open={opened === 'run'} onOpenChange={toggle('run')} />
      <PauseDialog
        task={task}
        pause={actions.pause}
        open={opened === 'pause'}
        onOpenChange={toggle('pause')}
      />
      <EditTaskDialog task={task} open={opened === 'edit'} onOpenChange={toggle('edit')} />
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
