'use client';

import { type RefObject, useEffect, useRef } from 'react';

/**
 * Moves the focus between the list of runs and the one that is shown, where there is room for one of them
 * alone: whatever had it is gone then.
 */
export function useRunFocus(chosen: number | null) {
  const list = useRef<HTMLDivElement>(null);
  const pane = useRef<HTMLElement>(null);
  /** What the person has opened or left by hand. */
  const moved = useRef<{ from: number } | null>(null);
  // A link that leads to a run leads to where it stands.
  const isLinked = useRef(chosen !== null);
  useEffect(() => {
    if (isLinked.current && list.current?.checkVisibility() === false) pane.current?.scrollIntoView();
  }, []);
  useEffect(() => {
    const { current } = moved;
    moved.current = null;
    if (current === null) return;
    if (chosen === null) focusRow(list, current.from);
    else if (list.current?.checkVisibility() === false) focusPane(pane);
  }, [chosen]);
  return {
    list,
    pane,
    /** To be called before the address changes. */
    leave: (from: number) => {
      moved.current = { from };
    },
  };
}

function focusPane({ current }: RefObject<HTMLElement | null>): void {
  current?.focus({ preventScroll: true });
  current?.scrollIntoView({ block: 'start' });
}

const focusRow = ({ current }: RefObject<HTMLElement | null>, number: number): void =>
  current?.querySelector<HTMLElement>(`#run-${number} a`)?.focus();
