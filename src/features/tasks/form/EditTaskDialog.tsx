'use client';

import type { TaskDetailView } from '@everbeat/domain';
import { Dialog, DialogButtons } from '@/components/ui/dialog';
import type { OpenState } from '@/components/ui/overlay';
import { RestoredNotice } from '@/components/ui/restoredNotice';
import { EditConflict } from './EditConflict';
import { TaskForm } from './TaskForm';
import { fieldsOfBase } from './taskEdit';
import { useEditTask } from './useEditTask';

function EditTaskForm({ task, onClose }: { task: TaskDetailView; onClose: () => void }) {
  const edit = useEditTask(task, onClose);
  const { base, clash } = edit;
  return (
    <>
      {clash !== null && (
        <EditConflict
          mine={clash.mine}
          theirs={fieldsOfBase(clash.theirs)}
          base={fieldsOfBase(clash.base)}
          onSettle={(dropped) => edit.settle(clash, dropped)}
          onBack={edit.backToForm}
        />
      )}
      <div hidden={clash !== null}>
        {edit.isRestored && <RestoredNotice onStartOver={edit.startOver} />}
        <TaskForm
          key={`${base.revision} ${edit.isRestored}`}
          fields={edit.fields}
          taskId={task.id}
          unsaved={edit.unsaved}
          onSave={edit.save}
        >
          <DialogButtons submit="Save" busy={edit.isPending} />
        </TaskForm>
      </div>
    </>
  );
}

export function EditTaskDialog({ task, open, onOpenChange }: OpenState & { task: TaskDetailView }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={`Edit ${task.identifier}`}>
      <EditTaskForm task={task} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}
