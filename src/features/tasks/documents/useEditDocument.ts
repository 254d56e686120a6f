'use client';

import type { DocumentView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { useDraft } from '@/lib/drafts/useDraft';
import { useTRPC, useTRPCClient } from '@/lib/trpc/client';
import { appCodeOf } from '@/lib/trpc/errors';

const fieldsSchema = z.object({ name: z.string(), content: z.string() });
export type DocumentFields = z.infer<typeof fieldsSchema>;

const draftSchema = z.object({ fields: fieldsSchema, baseVersion: z.int().min(0) });

/** The text that somebody else has saved meanwhile, and the one that was being written. */
export interface DocumentClash {
  mine: DocumentFields;
  theirs: DocumentView;
}

interface EditedDocument {
  taskId: string;
  /** Of a new document: what it may be called, or empty. */
  name: string;
  /** Null: it is new. */
  base: DocumentView | null;
}

/** The writing of one document: what was read, what is typed, and what others save meanwhile. */
export function useEditDocument(
  { taskId, name, base }: EditedDocument,
  onSaved: (saved: DocumentView) => void,
) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const save = useMutation(trpc.document.save.mutationOptions());
  const draft = useDraft(`document:${taskId}:${base === null ? `new:${name}` : name}`, draftSchema);
  const [editing, setEditing] = useState(() => ({
    fields: draft.restored?.fields ?? { name, content: base?.content ?? '' },
    baseVersion: draft.restored?.baseVersion ?? base?.version ?? 0,
    isRestored: draft.restored !== null,
    /** Counts what the form has been given to start from. */
    round: 0,
  }));
  const [clash, setClash] = useState<DocumentClash | null>(null);

  async function saveFrom(fields: DocumentFields, baseVersion: number): Promise<void> {
    try {
      const saved = await save.mutateAsync({ taskId, ...fields, baseVersion });
      draft.discard();
      onSaved(saved);
    } catch (error) {
      if (appCodeOf(error) !== 'document-conflict') throw error;
      setClash({ mine: fields, theirs: await client.document.get.query({ taskId, name: fields.name }) });
    }
  }

  const begin = (fields: DocumentFields, baseVersion: number) => {
    setClash(null);
    setEditing(({ round }) => ({ fields, baseVersion, isRestored: false, round: round + 1 }));
  };
  return {
    ...editing,
    clash,
    isPending: save.isPending,
    save: (fields: DocumentFields) => saveFrom(fields, editing.baseVersion),
    /** Saves the own text as the version after theirs, which stays among the versions. */
    saveOver: ({ mine, theirs }: DocumentClash) => saveFrom(mine, theirs.version),
    /** Goes on writing, knowing theirs. */
    goOn: ({ mine, theirs }: DocumentClash) => begin(mine, theirs.version),
    takeTheirs: ({ theirs }: DocumentClash) => {
      draft.discard();
      onSaved(theirs);
    },
    startOver: () => {
      draft.discard();
      begin({ name, content: base?.content ?? '' }, base?.version ?? 0);
    },
    unsaved: {
      isChanged: (fields: DocumentFields) =>
        fields.content !== (base?.content ?? '') || (base === null && fields.name !== name),
      keep: (fields: DocumentFields) => draft.keep({ fields, baseVersion: editing.baseVersion }),
      discard: draft.discard,
    },
  };
}
