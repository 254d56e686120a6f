'use client';

import { useCallback, useMemo, useState } from 'react';
import { type DraftSchema, readDraft, removeDraft, writeDraft } from './drafts';

export interface DraftOf<Draft> {
  /** What was typed earlier and not saved, as it was when the form was opened. */
  restored: Draft | null;
  keep: (draft: Draft) => void;
  discard: () => void;
}

/**
 * The draft of one form. Only for what is rendered in the browser alone, such as the content of a dialog.
 * What is in the HTML too must look the same while the page takes it over: it is mounted anew once
 * `useIsHydrated` says so, and until then with `restores` false.
 */
export function useDraft<Draft>(
  key: string,
  schema: DraftSchema<Draft>,
  { restores = true }: { restores?: boolean } = {},
): DraftOf<Draft> {
  const [restored] = useState(() =>
    typeof localStorage === 'undefined' || !restores ? null : readDraft(localStorage, key, schema),
  );
  const keep = useCallback((draft: Draft) => writeDraft(localStorage, key, draft, Date.now()), [key]);
  const discard = useCallback(() => removeDraft(localStorage, key), [key]);
  return useMemo(() => ({ restored, keep, discard }), [restored, keep, discard]);
}
