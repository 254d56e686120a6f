'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { DialogFooter } from '@/components/ui/dialog';
import { FormError } from '@/components/ui/field';
import { messageOf } from '@/lib/trpc/errors';
import { documentLine } from './documentLabels';
import { TextDiff } from './TextDiff';
import type { DocumentClash } from './useEditDocument';

interface DocumentConflictProps {
  clash: DocumentClash;
  /** It was to be a new document. */
  isNew: boolean;
  onSaveOver: () => Promise<void>;
  onGoOn: () => void;
  onTakeTheirs: () => void;
}

/** Shown instead of the form when somebody else has saved the document meanwhile. */
export function DocumentConflict({ clash, isNew, onSaveOver, onGoOn, onTakeTheirs }: DocumentConflictProps) {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const saveOver = async () => {
    setBusy(true);
    await onSaveOver().catch((thrown: unknown) => setError(messageOf(thrown)));
    setBusy(false);
  };
  const { mine, theirs } = clash;
  return (
    <div className="space-y-5">
      <div role="alert" className="rounded-xl bg-warn-soft px-4 py-3 text-sm">
        {isNew
          ? `There is a document of this name already: ${documentLine(theirs)}.`
          : `This document was saved elsewhere while you were writing: ${documentLine(theirs)}.`}{' '}
        Nothing of yours is lost: choose what to keep. What is saved now stays among the versions.
      </div>
      <section aria-labelledby="clash" className="space-y-2">
        <h3 id="clash" className="text-sm font-medium">
          What your text changes in it
        </h3>
        <TextDiff before={theirs.content} after={mine.content} />
      </section>
      {error !== null && <FormError>{error}</FormError>}
      <DialogFooter>
        <Button onClick={onTakeTheirs}>Discard yours</Button>
        <Button onClick={onGoOn}>Go on writing</Button>
        <Button variant="primary" busy={isBusy} onClick={saveOver}>
          Save yours as the next version
        </Button>
      </DialogFooter>
    </div>
  );
}
