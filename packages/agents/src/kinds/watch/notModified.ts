import type { Target } from './target';

/**
 * How often "not modified" (304) is believed. Some servers say it to every conditional request, and a change
 * would never be seen; so now and then a page is read whole, the less often the more often that confirmed
 * what the server had said. What is not known, such as after a restart, is not believed: that costs one whole
 * read.
 */
const BELIEVED_MAX = 32;
const PAGES_MAX = 10_000;

interface Trust {
  /** How many answers in a row are believed before the page is read whole. */
  believed: number;
  /** How many of them are left. */
  left: number;
}

const trustOf = new Map<string, Trust>();

const keyOf = (taskId: string, { url, selector }: Target): string => JSON.stringify([taskId, url, selector]);

/** Whether the server may be asked if the page has changed, instead of for the page. */
export const mayAskForChange = (taskId: string, target: Target): boolean =>
  (trustOf.get(keyOf(taskId, target))?.left ?? 0) > 0;

export function recordNotModified(taskId: string, target: Target): void {
  const trust = trustOf.get(keyOf(taskId, target));
  if (trust !== undefined) trust.left -= 1;
}

/** `wasSame`: whether the page that was read whole is as it was. */
export function recordWholeRead(taskId: string, target: Target, wasSame: boolean): void {
  const key = keyOf(taskId, target);
  const before = trustOf.get(key)?.believed ?? 0;
  const believed = wasSame ? Math.min(Math.max(1, before * 2), BELIEVED_MAX) : 1;
  trustOf.delete(key);
  trustOf.set(key, { believed, left: believed });
  const [oldest] = trustOf.keys();
  if (trustOf.size > PAGES_MAX && oldest !== undefined) trustOf.delete(oldest);
}
