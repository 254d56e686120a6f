import { expect, it } from 'vitest';
import { takeUndoable, UNDO_MS, type UndoStack, withoutUndoable, withUndoable } from './undoStack';

const act = (token: string, at: number) => ({ token, what: 'Done', at });
const stack = (...acts: [string, number][]): UndoStack =>
  acts.reduce<UndoStack>((before, [token, at]) => withUndoable(before, act(token, at)), []);

it('acts are taken back one after the other, the youngest first', () => {
  const first = takeUndoable(stack(['a', 0], ['b', 1_000]), 2_000);
  expect(first.undoable?.token).toBe('b');
  const second = takeUndoable(first.rest, 2_000);
  expect(second.undoable?.token).toBe('a');
  expect(takeUndoable(second.rest, 2_000)).toEqual({ undoable: null, rest: [] });
});

it('an act cannot be taken back once its time is over', () => {
  expect(takeUndoable(stack(['a', 0]), UNDO_MS - 1).undoable?.token).toBe('a');
  expect(takeUndoable(stack(['a', 0]), UNDO_MS).undoable).toBeNull();
  expect(stack(['a', 0], ['b', UNDO_MS])).toEqual([act('b', UNDO_MS)]);
});

it('an act that was taken back by its button is not taken back again', () => {
  expect(withoutUndoable(stack(['a', 0], ['b', 1]), 'b')).toEqual([act('a', 0)]);
});
