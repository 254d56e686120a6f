/** What can be taken back, and for how long. The youngest act is taken back first. */

/** As long as the wake-up waits that an answer causes (PROTOCOL §4). */
export const UNDO_MS = 10_000;

export interface Undoable {
  /** Given by the server, which decides whether it still can be taken back. */
  token: string;
  /** What was done: "Done". */
  what: string;
  /** When it was done, in milliseconds since the epoch. */
  at: number;
  /** Called once it was taken back. */
  onUndone?: (() => void) | undefined;
}

export type UndoStack = readonly Undoable[];

const isFresh = ({ at }: Undoable, now: number): boolean => now - at < UNDO_MS;

export const withUndoable = (stack: UndoStack, undoable: Undoable): UndoStack => [
  ...stack.filter((each) => isFresh(each, undoable.at)),
  undoable,
];

/** The act to take back now, or null, and what then remains. */
export function takeUndoable(stack: UndoStack, now: number): { undoable: Undoable | null; rest: UndoStack } {
  const fresh = stack.filter((each) => isFresh(each, now));
  return { undoable: fresh.at(-1) ?? null, rest: fresh.slice(0, -1) };
}

export const withoutUndoable = (stack: UndoStack, token: string): UndoStack =>
  stack.filter((each) => each.token !== token);
