'use client';

import { type RefObject, useEffect, useRef } from 'react';

const WIDE = '(min-width: 48rem)';

/** Whether list and brief stand beside each other (Tailwind's `md`). */
export const isWide = (): boolean => window.matchMedia(WIDE).matches;

/** The element that has the focus of a row. */
export const rowLink = (list: HTMLElement | null, key: string): HTMLElement | null =>
  list?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`) ?? null;

export interface InboxFocus {
  list: RefObject<HTMLDivElement | null>;
  pane: RefObject<HTMLElement | null>;
  /** Gives the focus to a row once it is shown; null: to the list itself. */
  focusRow: (key: string | null) => void;
  focusPane: () => void;
}

/** Moves the focus with the rows, so that it never falls to the body when what has it leaves. */
export function useInboxFocus(): InboxFocus {
  const list = useRef<HTMLDivElement>(null);
  const pane = useRef<HTMLElement>(null);
  const wanted = useRef<(() => HTMLElement | null) | null>(null);
  useEffect(() => {
    const target = wanted.current?.() ?? null;
    // What is not displayed takes no focus: a later render shows it.
    if (target === null || target.offsetParent === null) return;
    wanted.current = null;
    target.focus({ preventScroll: true });
    target.closest('li')?.scrollIntoView({ block: 'nearest' });
  });
  return {
    list,
    pane,
    focusRow: (key) => {
      wanted.current = () => (key === null ? list.current : rowLink(list.current, key));
    },
    focusPane: () => {
      wanted.current = () => pane.current;
    },
  };
}
