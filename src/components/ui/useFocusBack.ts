'use client';

import { type RefObject, useLayoutEffect, useRef } from 'react';
import { giveBodysFocusToContent } from '@/lib/shortcuts/useShortcuts';

/**
 * For `finalFocus` of a dialog: gives the focus back to exactly what had it. By itself, Base UI takes the
 * first control in it when Tab does not reach the element, as with the content of the page or the brief that
 * is shown. What is gone meanwhile, such as an item of a menu, is left to Base UI, which knows what had the
 * focus before that.
 */
export function useFocusBack(open: boolean, popup: RefObject<HTMLElement | null>): () => boolean {
  const before = useRef<Element | null>(null);
  const isOpen = useRef(false);
  useLayoutEffect(() => {
    isOpen.current = open;
    if (open) before.current = document.activeElement;
    return () => {
      isOpen.current = false;
    };
  }, [open]);
  return () => {
    const target = before.current;
    const isThere = target instanceof HTMLElement && target.isConnected && target !== document.body;
    queueMicrotask(() => {
      const now = document.activeElement;
      // It may have moved on already: to another dialog that has opened, or to the next page.
      if (isOpen.current || (now !== document.body && popup.current?.contains(now) !== true)) return;
      if (isThere) target.focus({ preventScroll: true });
      giveBodysFocusToContent();
    });
    return !isThere;
  };
}
