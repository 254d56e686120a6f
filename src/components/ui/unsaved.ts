'use client';

import { createContext, use, useEffect, useRef } from 'react';
import type { FieldValues, UseFormReturn } from 'react-hook-form';

/** Takes what throws the text of a form away; null when there is nothing to lose. */
export type ReportUnsaved = (discard: (() => void) | null) => void;

/** Given by the dialog around a form: it asks before it closes over text that is not saved. */
export const UnsavedContext = createContext<ReportUnsaved>(() => {});

export interface UnsavedForm<Fields> {
  /** Whether these fields hold anything that was not saved and would be missed. */
  isChanged: (fields: Fields) => boolean;
  /** Called with every change; without it, there is no draft. */
  keep?: (fields: Fields) => void;
  /** Throws the draft away. */
  discard?: () => void;
}

/** Keeps what is typed into a form as its draft, and tells the dialog around it what there is to lose. */
export function useUnsaved<Fields extends FieldValues, Context, Values extends FieldValues>(
  form: Pick<UseFormReturn<Fields, Context, Values>, 'subscribe' | 'getValues'>,
  options: UnsavedForm<Fields>,
): void {
  const report = use(UnsavedContext);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const { subscribe, getValues } = form;
  useEffect(() => {
    const look = () => {
      const { isChanged, keep, discard } = latest.current;
      const fields = getValues();
      if (isChanged(fields)) {
        keep?.(fields);
        report(() => latest.current.discard?.());
      } else {
        discard?.();
        report(null);
      }
    };
    look();
    const unsubscribe = subscribe({ formState: { values: true }, callback: look });
    return () => {
      unsubscribe();
      report(null);
    };
  }, [subscribe, getValues, report]);
}
