'use client';

import { useEffect } from 'react';

/**
 * The title of the tab: what Next has set from the metadata of the page, or a name that only the browser
 * knows, such as that of a task, with the number of things that wait in front.
 */
let ofPage = '';
let name: string | null = null;
let count: string | null = null;
let written: string | null = null;
let observer: MutationObserver | null = null;

function write(): void {
  if (document.title !== written) ofPage = document.title;
  written = `${count === null ? '' : `(${count}) `}${name ?? ofPage}`;
  if (document.title !== written) document.title = written;
}

/** From the first use on: Next replaces the title with each navigation. */
function observe(): void {
  observer ??= new MutationObserver(() => {
    if (document.title !== written) write();
  });
  observer.observe(document.head, { subtree: true, childList: true, characterData: true });
}

/** The title while the component is shown; null or undefined leaves that of the page. */
export function usePageTitle(title: string | null | undefined): void {
  useEffect(() => {
    observe();
    name = title ?? null;
    write();
    return () => {
      name = null;
      write();
    };
  }, [title]);
}

/** What stands in front of the title in brackets; null for nothing. */
export function useTitleCount(text: string | null): void {
  useEffect(() => {
    observe();
    count = text;
    write();
  }, [text]);
}
