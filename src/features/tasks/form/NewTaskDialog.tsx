'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog, DialogFooter } from '@/components/ui/dialog';
import type { OpenState } from '@/components/ui/overlay';
import { RestoredNotice } from '@/components/ui/restoredNotice';
import { useDraft } from '@/lib/drafts/useDraft';
import { assertRunnable } from './agentNeeds';
import { TaskForm, type TaskSubmission } from './TaskForm';
import { emptyFields, type TaskFields, taskFieldsSchema, withoutSecrets, withSecretsOf } from './taskFields';
import { changedParts } from './taskParts';
import { useCreateTask } from './useCreateTask';

const ONLY_CREATE = 'create';

/** Whether anything was typed. The agent does not count: the form chooses one by itself. */
const isTyped = (fields: TaskFields): boolean => {
  const { agentId, agentKind } = fields;
  return changedParts(fields, { ...emptyFields(agentId), agentKind }).length > 0;
};

function NewTaskForm({ parent }: { parent: string | null }) {
  const router = useRouter();
  const create = useCreateTask();
  const draft = useDraft(parent === null ? 'new-task' : `new-task:${parent}`, taskFieldsSchema);
  const [restored, setRestored] = useState(draft.restored);

  const save = async ({ values, agent, submitter }: TaskSubmission) => {
    const startNow = submitter !== ONLY_CREATE;
    if (startNow) assertRunnable(agent);
    const task = await create.mutateAsync({ values, parent, startNow });
    draft.discard();
    router.push(`/tasks/${task.identifier}`);
  };
  return (
    <>
      {restored !== null && <RestoredNotice onStartOver={() => setRestored(null)} />}
      <TaskForm
        key={restored === null ? 'empty' : 'restored'}
        fields={restored === null ? emptyFields('') : withSecretsOf(emptyFields(''), restored)}
        unsaved={{
          isChanged: isTyped,
          keep: (fields) => draft.keep(withoutSecrets(fields)),
          discard: draft.discard,
        }}
        suggestsAgent
        onSave={save}
      >
        <DialogFooter>
          <Button type="submit" value={ONLY_CREATE} disabled={create.isPending}>
            Only create
          </Button>
          <Button
            type="submit"
            variant="primary"
            busy={create.isPending}
            aria-keyshortcuts="Control+Enter Meta+Enter"
          >
            Create and start
          </Button>
        </DialogFooter>
      </TaskForm>
    </>
  );
}

interface NewTaskDialogProps extends OpenState {
  /** The identifier of the task that it becomes a part of. */
  parent: string | null;
}

export function NewTaskDialog({ parent, ...openState }: NewTaskDialogProps) {
  return (
    <Dialog
      {...openState}
      title={parent === null ? 'New task' : `New subtask of ${parent}`}
      description="A job for an agent. It runs by itself again and again, and reports to your inbox."
    >
      <NewTaskForm parent={parent} />
    </Dialog>
  );
}
