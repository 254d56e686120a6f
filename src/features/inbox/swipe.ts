/** How far a finger moves before a row follows it, and before letting go acts, in pixels. */
const FOLLOWS_PX = 12;
const ACTS_PX = 88;

export type SwipeAct = 'done' | 'snooze';

/** How far the row is drawn aside: not at all while the finger rather scrolls. */
export function swipeOffset(dx: number, dy: number): number {
  return Math.abs(dx) < FOLLOWS_PX || Math.abs(dx) < 2 * Math.abs(dy) ? 0 : dx;
}

/** What letting go does: to the right done, to the left snooze, and nothing near where it began. */
export function swipeAct(offset: number): SwipeAct | null {
  if (Math.abs(offset) < ACTS_PX) return null;
  return offset > 0 ? 'done' : 'snooze';
}
