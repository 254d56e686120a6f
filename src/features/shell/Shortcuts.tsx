'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { useNewTask } from '@/features/tasks/form/useNewTask';
import { SEARCH_FIELD_ID } from '@/features/tasks/list/filters';
import { PLACES } from './navigation';

/** The longest time between `g` and the key of a page. */
const CHORD_MS = 1_000;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest(
      'input, textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"], [role="menu"]',
    ) !== null
  );
}

/**
 * `n`: new task. `/`: search the tasks. `g` and a letter: go to a page. Off while typing or in a dialog or
 * menu.
 */
export function Shortcuts() {
  const router = useRouter();
  const { open: openNewTask } = useNewTask();
  const chordAt = useRef(0);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target))
        return;
      const inChord = event.timeStamp - chordAt.current < CHORD_MS;
      chordAt.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const place = inChord ? PLACES.find((candidate) => candidate.key === event.key) : undefined;
      if (place !== undefined) router.push(place.href);
      else if (event.key === 'n') openNewTask();
      else if (event.key === '/') {
        const field = document.getElementById(SEARCH_FIELD_ID);
        if (field === null) router.push(`/tasks#${SEARCH_FIELD_ID}`);
        else field.focus();
      } else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [router, openNewTask]);
  return null;
}
