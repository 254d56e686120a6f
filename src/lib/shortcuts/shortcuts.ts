/**
 * Every keyboard shortcut of the pages: what is pressed and what it does. Both the listener (`useShortcuts`)
 * and the dialog that explains them read this table.
 *
 * `keys`: one key ("j"), with a modifier ("Shift+x"; "Mod" is Ctrl or Cmd), two after each other ("g i"), or
 * any digit ("1-9").
 */
export interface Shortcut<Id extends string> {
  id: Id;
  keys: string;
  /** What it does, as the help says it. */
  does: string;
  group: ShortcutGroup;
  /** Goes on while the key is held down. */
  repeats?: boolean;
}

export const SHORTCUT_GROUPS = ['In the inbox', 'Everywhere', 'Go to'] as const;
export type ShortcutGroup = (typeof SHORTCUT_GROUPS)[number];

const INBOX = { group: 'In the inbox' } as const;
const EVERYWHERE = { group: 'Everywhere' } as const;
const GO = { group: 'Go to' } as const;

const TABLE = [
  { id: 'next-row', ...INBOX, keys: 'j', does: 'Next row', repeats: true },
  { id: 'previous-row', ...INBOX, keys: 'k', does: 'Previous row', repeats: true },
  { id: 'open-row', ...INBOX, keys: 'Enter', does: 'Open the brief; Escape leads back to the list' },
  { id: 'done', ...INBOX, keys: 'e', does: 'Done' },
  { id: 'done-task', ...INBOX, keys: 'Shift+e', does: 'Done: everything of this task' },
  { id: 'approve', ...INBOX, keys: 'a', does: 'Approve' },
  { id: 'option', ...INBOX, keys: '1-9', does: 'Choose the option with this number' },
  { id: 'reply', ...INBOX, keys: 'r', does: 'Reply in your own words' },
  { id: 'snooze', ...INBOX, keys: 's', does: 'Snooze' },
  { id: 'mute', ...INBOX, keys: 'm', does: 'Mute the task, or unmute it' },
  { id: 'unread', ...INBOX, keys: 'u', does: 'Mark as unread, or as read' },
  { id: 'select', ...INBOX, keys: 'x', does: 'Select the row' },
  { id: 'select-range', ...INBOX, keys: 'Shift+x', does: 'Select all rows up to this one' },
  { id: 'undo', ...EVERYWHERE, keys: 'z', does: 'Undo, for ten seconds' },
  { id: 'search', ...EVERYWHERE, keys: '/', does: 'Search on this page, or the tasks' },
  {
    id: 'palette',
    ...EVERYWHERE,
    keys: 'Mod+k',
    does: 'Find a task, a brief, an agent, a page or an action',
  },
  { id: 'new-task', ...EVERYWHERE, keys: 'n', does: 'New task' },
  { id: 'help', ...EVERYWHERE, keys: '?', does: 'Show these shortcuts' },
  { id: 'go-inbox', ...GO, keys: 'g i', does: 'Inbox' },
  { id: 'go-tasks', ...GO, keys: 'g t', does: 'Tasks' },
  { id: 'go-agents', ...GO, keys: 'g a', does: 'Agents' },
  { id: 'go-system', ...GO, keys: 'g s', does: 'System' },
  { id: 'go-settings', ...GO, keys: 'g e', does: 'Settings' },
] as const satisfies readonly Shortcut<string>[];

export type ShortcutId = (typeof TABLE)[number]['id'];
export const SHORTCUTS: readonly Shortcut<ShortcutId>[] = TABLE;

/** What of a KeyboardEvent decides. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/**
 * The press as the table writes it: "x", "Shift+x", "Mod+k", "?", "Enter". Shift counts for letters alone,
 * because other characters need it on some keyboards and not on others. Null where Alt is held, which writes
 * characters.
 */
export function pressName({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyPress): string | null {
  if (altKey) return null;
  const plain = key.length === 1 ? key.toLowerCase() : key;
  const shift = shiftKey && /^[a-z]$/.test(plain) ? 'Shift+' : '';
  return `${ctrlKey || metaKey ? 'Mod+' : ''}${shift}${plain}`;
}

/**
 * Whether this is a key that writes a character, with or without Shift. Speech input and a slip of the hand
 * press such keys too, so a person can switch these shortcuts off (WCAG 2.1.4).
 */
export const isCharacterKey = (press: string): boolean => /^(Shift\+)?.$/u.test(press);

/** The first keys of shortcuts of two keys. */
export const isChordStart = (press: string): boolean =>
  SHORTCUTS.some(({ keys }) => keys.startsWith(`${press} `));

/** The shortcut of this press; `before` is the first key of a chord that was pressed just before. */
export function shortcutOf(press: string, before: string | null): Shortcut<ShortcutId> | null {
  const pressed = before === null ? press : `${before} ${press}`;
  const wanted = /^[1-9]$/.test(pressed) ? '1-9' : pressed;
  return SHORTCUTS.find(({ keys }) => keys === wanted) ?? null;
}
