'use client';

import { type DocumentView, documentContentSchema, documentNameSchema, LIMITS } from '@everbeat/domain';
import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { Dialog, DialogButtons } from '@/components/ui/dialog';
import { Field, FormError, Input, Textarea } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import type { OpenState } from '@/components/ui/overlay';
import { RestoredNotice } from '@/components/ui/restoredNotice';
import { type UnsavedForm, useUnsaved } from '@/components/ui/unsaved';
import { messageOf } from '@/lib/trpc/errors';
import { DocumentConflict } from './DocumentConflict';
import { type DocumentFields, useEditDocument } from './useEditDocument';

const formSchema = z.object({ name: documentNameSchema, content: documentContentSchema });

interface FieldsProps {
  fields: DocumentFields;
  isNew: boolean;
  unsaved: UnsavedForm<DocumentFields>;
  isPending: boolean;
  onSave: (fields: DocumentFields) => Promise<void>;
}

function DocumentForm({ fields, isNew, unsaved, isPending, onSave }: FieldsProps) {
  const form = useForm<DocumentFields>({ resolver: zodResolver(formSchema), defaultValues: fields });
  useUnsaved(form, unsaved);
  const [error, setError] = useState<string | null>(null);
  const { register, formState } = form;
  const submit = form.handleSubmit((values) => {
    setError(null);
    return onSave(values).catch((thrown: unknown) => setError(messageOf(thrown)));
  });
  return (
    <Form onSubmit={submit} className="space-y-5">
      {isNew && (
        <Field label="Name" error={formState.errors.name?.message}>
          <Input
            {...register('name')}
            autoFocus={fields.name === ''}
            autoComplete="off"
            maxLength={LIMITS.documentNameCharsMax}
          />
        </Field>
      )}
      <Field label="Text" hint="Markdown" error={formState.errors.content?.message}>
        <Textarea
          {...register('content')}
          autoFocus={fields.name !== ''}
          spellCheck
          className="min-h-72 font-mono text-[0.875rem]"
        />
      </Field>
      {error !== null && <FormError>{error}</FormError>}
      <DialogButtons submit="Save" busy={isPending} />
    </Form>
  );
}

interface EditorProps {
  taskId: string;
  /** Of a new document: what it may be called, or empty. */
  name: string;
  /** Null: it is new. */
  base: DocumentView | null;
  onSaved: (saved: DocumentView) => void;
}

function DocumentEditor({ onSaved, ...edited }: EditorProps) {
  // What is edited is the text as it was when the dialog was opened, however the page changes behind it.
  const [{ taskId, name, base }] = useState(edited);
  const edit = useEditDocument({ taskId, name, base }, onSaved);
  const { clash } = edit;
  return (
    <>
      {clash !== null && (
        <DocumentConflict
          clash={clash}
          isNew={base === null}
          onSaveOver={() => edit.saveOver(clash)}
          onGoOn={() => edit.goOn(clash)}
          onTakeTheirs={() => edit.takeTheirs(clash)}
        />
      )}
      <div hidden={clash !== null}>
        {edit.isRestored && <RestoredNotice onStartOver={edit.startOver} />}
        <DocumentForm
          key={edit.round}
          fields={edit.fields}
          isNew={base === null}
          unsaved={edit.unsaved}
          isPending={edit.isPending}
          onSave={edit.save}
        />
      </div>
    </>
  );
}

interface DocumentDialogProps extends OpenState, Omit<EditorProps, 'onSaved'> {
  onSaved?: (saved: DocumentView) => void;
}

export function DocumentDialog({ open, onOpenChange, onSaved, ...edited }: DocumentDialogProps) {
  const { base, name } = edited;
  const closeAfter = (saved: DocumentView) => {
    onOpenChange(false);
    onSaved?.(saved);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={base === null ? 'New document' : `Edit ${name}`}
      className="sm:max-w-3xl"
    >
      <DocumentEditor {...edited} onSaved={closeAfter} />
    </Dialog>
  );
}
