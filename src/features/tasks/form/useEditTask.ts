'use client';

import { agentKindSchema, type TaskDetailView, taskCreateSchema } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { useDraft } from '@/lib/drafts/useDraft';
import { useTRPC, useTRPCClient } from '@/lib/trpc/client';
import { appCodeOf } from '@/lib/trpc/errors';
import type { TaskSubmission } from './TaskForm';
import { baseOf, editOf, fieldsOfBase, type TaskBase } from './taskEdit';
import { type TaskFields, taskFieldsSchema, withoutSecrets, withSecretsOf } from './taskFields';
import { type TaskFormValues, taskFormSchema } from './taskForm';
import { changedParts, rebased, type TaskPart } from './taskParts';

const baseSchema: z.ZodType<TaskBase> = taskCreateSchema
  .omit({ parentTaskId: true })
  .required()
  .extend({ revision: z.int(), agentKind: agentKindSchema.nullable() });

/** Without a base that fits, the draft counts as made from the task as it is now. */
const draftSchema = z.object({ fields: taskFieldsSchema, base: baseSchema.nullable().catch(null) });

/** What a person made of `base`, and what others have saved meanwhile. */
export interface EditClash {
  mine: TaskFields;
  theirs: TaskBase;
  base: TaskBase;
}

/** The editing of one task: from what it was read, what is typed, and what others save meanwhile. */
export function useEditTask(task: TaskDetailView, onSaved: () => void) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const update = useMutation(
    trpc.task.update.mutationOptions({ meta: { done: `${task.identifier} saved` } }),
  );
  const draft = useDraft(`task:${task.id}`, draftSchema);
  const [editing, setEditing] = useState(() => {
    const base = draft.restored?.base ?? baseOf(task);
    return {
      base,
      fields: draft.restored ? withSecretsOf(fieldsOfBase(base), draft.restored.fields) : fieldsOfBase(base),
      isRestored: draft.restored !== null,
    };
  });
  const [clash, setClash] = useState<EditClash | null>(null);

  async function saveFrom(base: TaskBase, values: TaskFormValues, mine: TaskFields): Promise<void> {
    try {
      await update.mutateAsync({ id: task.id, ...editOf(values, mine, base) });
    } catch (error) {
      if (appCodeOf(error) !== 'edit-conflict') throw error;
      setClash({ mine, base, theirs: baseOf(await client.task.detail.query({ id: task.id })) });
      return;
    }
    draft.discard();
    onSaved();
  }

  /**
   * Saves what both made of the task, which is then in the form too. The form shows it where it does not fit
   * together.
   */
  async function settle({ mine, theirs, base }: EditClash, dropped: readonly TaskPart[]): Promise<void> {
    const fields = rebased(mine, fieldsOfBase(theirs), fieldsOfBase(base), dropped);
    setEditing({ base: theirs, fields, isRestored: false });
    const checked = taskFormSchema.safeParse(fields);
    if (checked.success) await saveFrom(theirs, checked.data, fields);
    else setClash(null);
  }

  const { base } = editing;
  return {
    ...editing,
    clash,
    isPending: update.isPending,
    save: ({ values, typed }: TaskSubmission) => saveFrom(base, values, typed),
    settle,
    backToForm: () => setClash(null),
    startOver: () => {
      draft.discard();
      setEditing({ base: baseOf(task), fields: fieldsOfBase(baseOf(task)), isRestored: false });
    },
    unsaved: {
      isChanged: (fields: TaskFields) => changedParts(fields, fieldsOfBase(base)).length > 0,
      keep: (fields: TaskFields) => draft.keep({ fields: withoutSecrets(fields), base }),
      discard: draft.discard,
    },
  };
}
