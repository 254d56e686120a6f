'use client';

import { parseAsString, useQueryStates } from 'nuqs';
import { useCallback } from 'react';

/**
 * Keeps the dialog's state in the URL (`?new=task&parent=T-3`), so that Back closes it and a link can open
 * it.
 */
export function useNewTask() {
  const [{ new: what, parent }, set] = useQueryStates(
    { new: parseAsString, parent: parseAsString },
    { history: 'push' },
  );
  const open = useCallback(
    (parentIdentifier: string | null = null) => void set({ new: 'task', parent: parentIdentifier }),
    [set],
  );
  const close = useCallback(() => void set({ new: null, parent: null }, { history: 'replace' }), [set]);
  return { isOpen: what === 'task', parent, open, close };
}
