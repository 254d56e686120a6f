'use client';

import { type MouseEvent, type PointerEvent, useRef, useState } from 'react';
import { type SwipeAct, swipeAct, swipeOffset } from './swipe';

/**
 * Follows a finger over an element. The element needs `touch-action: pan-y`, so that the browser scrolls as
 * before.
 */
export function useSwipe(onSwipe: (act: SwipeAct) => void) {
  const [offset, setOffset] = useState(0);
  const start = useRef<{ x: number; y: number } | null>(null);
  const wasSwiped = useRef(false);

  const offsetAt = ({ clientX, clientY }: PointerEvent): number =>
    start.current === null ? 0 : swipeOffset(clientX - start.current.x, clientY - start.current.y);
  const end = () => {
    start.current = null;
    setOffset(0);
  };
  return {
    offset,
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        wasSwiped.current = false;
        if (event.pointerType === 'touch') start.current = { x: event.clientX, y: event.clientY };
      },
      onPointerMove: (event: PointerEvent) => {
        if (start.current !== null) setOffset(offsetAt(event));
      },
      onPointerUp: (event: PointerEvent) => {
        const moved = offsetAt(event);
        wasSwiped.current = moved !== 0;
        const act = swipeAct(moved);
        end();
        if (act !== null) onSwipe(act);
      },
      onPointerCancel: end,
      /** The click that ends a swipe opens nothing. */
      onClickCapture: (event: MouseEvent) => {
        if (!wasSwiped.current) return;
        wasSwiped.current = false;
        event.preventDefault();
        event.stopPropagation();
      },
    },
  };
}
