'use client';

import { type RefObject, useEffect, useRef } from 'react';
import { characterKeys } from './characterKeys';
import { MAIN_ID } from './mainId';
import { isCharacterKey, isChordStart, pressName, type ShortcutId, shortcutOf } from './shortcuts';

/** The longest time between the two keys of a chord. */
const CHORD_MS = 1_000;

export type ShortcutHandlers = Partial<Record<ShortcutId, (event: KeyboardEvent) => void>>;

/**
 * Those of the components on the page, in the order in which they were mounted, after those that work
 * everywhere.
 */
const layers: RefObject<ShortcutHandlers>[] = [];
let chord: { press: string; at: number } | null = null;

/**
 * Handles shortcuts while the component is mounted. Where several handle the same one, the youngest does, and
 * those that work `everywhere` only if there is no other: React mounts the frame of a page before or after
 * its content. None fires while the person types or a dialog or menu is open.
 */
export function useShortcuts(
  handlers: ShortcutHandlers,
  { everywhere = false }: { everywhere?: boolean } = {},
): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const count = everywhere ? layers.unshift(latest) : layers.push(latest);
    if (count === 1) window.addEventListener('keydown', onKeyDown);
    return () => {
      layers.splice(layers.indexOf(latest), 1);
      if (layers.length === 0) window.removeEventListener('keydown', onKeyDown);
    };
  }, [everywhere]);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isElsewhere(event.target)) return;
  const press = pressName(event);
  if (press === null || (press === 'Enter' && isControl(event.target))) return;
  if (isCharacterKey(press) && !characterKeys.areOn()) return;
  const before = chord !== null && event.timeStamp - chord.at < CHORD_MS ? chord.press : null;
  chord = isChordStart(press) ? { press, at: event.timeStamp } : null;
  const shortcut = shortcutOf(press, before);
  if (shortcut === null || (event.repeat && shortcut.repeats !== true)) return;
  const { id } = shortcut;
  const handle = layers.findLast((layer) => layer.current[id] !== undefined)?.current[id];
  if (handle === undefined) return;
  event.preventDefault();
  giveBodysFocusToContent();
  handle(event);
}

const closestTo = (target: EventTarget | null, selector: string): boolean =>
  target instanceof Element && target.closest(selector) !== null;

/** Whether the keys belong to a field that is typed into, to a dialog or to a menu. */
const isElsewhere = (target: EventTarget | null): boolean =>
  closestTo(
    target,
    'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]',
  );

/** Whether Enter has a meaning of its own there. */
const isControl = (target: EventTarget | null): boolean =>
  closestTo(target, 'a[href], button, summary, input, [role="tab"]');

/**
 * A dialog gives the focus back to where it was, which cannot be the body: a keyboard user would start anew.
 */
export function giveBodysFocusToContent(): void {
  if (document.activeElement === document.body) {
    document.getElementById(MAIN_ID)?.focus({ preventScroll: true });
  }
}
