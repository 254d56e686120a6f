import { describe, expect, it } from 'vitest';
import { isCharacterKey, isChordStart, type KeyPress, pressName, SHORTCUTS, shortcutOf } from './shortcuts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});
const pressed = (key: string, held: Partial<KeyPress> = {}, before: string | null = null) =>
  shortcutOf(pressName(press(key, held)) ?? '', before)?.id ?? null;

describe('a key', () => {
  it.each<[string, Partial<KeyPress>, string | null]>([
    ['j', {}, 'next-row'],
    ['J', {}, 'next-row'],
    ['x', {}, 'select'],
    ['X', { shiftKey: true }, 'select-range'],
    ['E', { shiftKey: true }, 'done-task'],
    ['7', {}, 'option'],
    ['0', {}, null],
    ['Enter', {}, 'open-row'],
    ['?', { shiftKey: true }, 'help'],
    ['?', {}, 'help'],
    ['/', { shiftKey: true }, 'search'],
    ['k', { ctrlKey: true }, 'palette'],
    ['k', { metaKey: true }, 'palette'],
    ['e', { ctrlKey: true }, null],
    ['e', { altKey: true }, null],
  ])('%s with %j means %s', (key, held, id) => {
    expect(pressed(key, held)).toBe(id);
  });

  it.each([
    ['a', true],
    ['7', true],
    ['?', true],
    ['Shift+x', true],
    ['Enter', false],
    ['Mod+k', false],
  ])('%s writes a character: %s', (name, writes) => expect(isCharacterKey(name)).toBe(writes));

  it('after another leads to a page, and alone does something else or nothing', () => {
    expect(isChordStart('g')).toBe(true);
    expect(isChordStart('e')).toBe(false);
    expect(pressed('e', {}, 'g')).toBe('go-settings');
    expect(pressed('e')).toBe('done');
    expect(pressed('z', {}, 'g')).toBeNull();
  });
});

it('no two shortcuts have the same keys, and none is the start of a chord', () => {
  const keys = SHORTCUTS.map((shortcut) => shortcut.keys);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.filter(isChordStart)).toEqual([]);
});
