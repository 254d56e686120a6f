import type { AgentView, InboxItem, TaskView } from '@everbeat/domain';
import { SETTINGS_PAGES } from '@/features/settings/settingsPages';
import { SHORTCUTS, type ShortcutId } from '@/lib/shortcuts/shortcuts';
import { PLACES } from './navigation';

/** What the palette can do: go to an address, or something that the shell does. */
export type PaletteCommand = { href: string } | { run: 'new-task' | 'help' | 'undo' | 'theme' };

export interface PaletteItem {
  id: string;
  label: string;
  /** Beside it: a shortcut, an identifier. */
  hint: string;
  command: PaletteCommand;
}

export interface PaletteGroup {
  name: string;
  items: PaletteItem[];
}

/** What was found on the server for the words that were typed. */
export interface PaletteFinds {
  /** They were found for what was typed before: those that do not fit any more are left out. */
  areOld: boolean;
  tasks: readonly TaskView[];
  briefs: readonly InboxItem[];
  agents: readonly AgentView[];
}

const keysOf = (id: ShortcutId): string => SHORTCUTS.find((shortcut) => shortcut.id === id)?.keys ?? '';

const PAGES: readonly PaletteItem[] = [
  ...PLACES.map(({ href, label, shortcut }) => ({
    id: `page ${href}`,
    label,
    hint: keysOf(shortcut),
    command: { href },
  })),
  ...SETTINGS_PAGES.map(({ href, label }) => ({
    id: `page ${href}`,
    label: `Settings: ${label.toLowerCase()}`,
    hint: '',
    command: { href },
  })),
  { id: 'page import', label: 'Import watches', hint: '', command: { href: '/tasks/import' } },
];

const ACTIONS: readonly PaletteItem[] = [
  { id: 'new task', label: 'New task', hint: keysOf('new-task'), command: { run: 'new-task' } },
  { id: 'undo', label: 'Undo', hint: keysOf('undo'), command: { run: 'undo' } },
  { id: 'help', label: 'Keyboard shortcuts', hint: keysOf('help'), command: { run: 'help' } },
  { id: 'theme', label: 'Switch between light and dark', hint: '', command: { run: 'theme' } },
];

/** Whether each word of the query begins a word of the text. */
function matches(text: string, query: string): boolean {
  const words = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const wanted = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return wanted.every((word) => words.some((candidate) => candidate.startsWith(word)));
}

const own = (items: readonly PaletteItem[], query: string): PaletteItem[] =>
  items.filter(({ label }) => matches(label, query));

/** What the palette lists for a query, by group; groups without items are left out. */
export function paletteGroups(query: string, finds: PaletteFinds): PaletteGroup[] {
  const { tasks, briefs, agents, areOld } = finds;
  const fits = (text: string): boolean => !areOld || matches(text, query);
  const groups: PaletteGroup[] = [
    {
      name: 'Tasks',
      items: tasks
        .filter(({ identifier, name }) => fits(`${identifier} ${name}`))
        .map(({ id, identifier, name }) => ({
          id: `task ${id}`,
          label: name,
          hint: identifier,
          command: { href: `/tasks/${identifier}` },
        })),
    },
    {
      name: 'Briefs',
      items: briefs
        .filter(({ brief, taskIdentifier }) => fits(`${taskIdentifier} ${brief.title}`))
        .map(({ brief, taskIdentifier }) => ({
          id: `brief ${brief.id}`,
          label: brief.title,
          hint: taskIdentifier,
          command: { href: `/?brief=${brief.id}` },
        })),
    },
    {
      name: 'Agents',
      items: agents
        .filter(({ name }) => matches(name, query))
        .map(({ id, name }) => ({
          id: `agent ${id}`,
          label: name,
          hint: 'agent',
          command: { href: `/agents?edit=${id}` },
        })),
    },
    { name: 'Pages', items: own(PAGES, query) },
    { name: 'Actions', items: own(ACTIONS, query) },
  ];
  return groups.filter(({ items }) => items.length > 0);
}
