'use client';

import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTheme } from 'next-themes';
import { useRef, useState } from 'react';
import { backdropClass, type OpenState, popupFadeClass } from '@/components/ui/overlay';
import { useFocusBack } from '@/components/ui/useFocusBack';
import { useAgents } from '@/features/agents/useAgents';
import { useNewTask } from '@/features/tasks/form/useNewTask';
import { cn } from '@/lib/cn';
import { useTRPC } from '@/lib/trpc/client';
import { useUndo } from '@/lib/undo/useUndo';
import { useSettled } from '@/lib/useSettled';
import { type PaletteCommand, type PaletteGroup, type PaletteItem, paletteGroups } from './paletteItems';

const FINDS_MAX = 6;

/** What the server finds for the words, once the person has stopped typing. */
function useGroups(typed: string): PaletteGroup[] {
  const trpc = useTRPC();
  const settled = useSettled(typed.trim());
  const query = settled || undefined;
  const found = { placeholderData: keepPreviousData };
  const tasks = useQuery(trpc.task.list.queryOptions({ query, limit: FINDS_MAX }, found));
  const view = query === undefined ? 'waiting' : 'unread';
  const briefs = useQuery(trpc.inbox.list.queryOptions({ view, query, limit: FINDS_MAX }, found));
  const done = useQuery(
    trpc.inbox.list.queryOptions(
      { view: 'done', query, limit: FINDS_MAX },
      { ...found, enabled: query !== undefined },
    ),
  );
  const agents = useAgents();
  return paletteGroups(typed, {
    areOld: settled !== typed.trim() || tasks.isPlaceholderData || briefs.isPlaceholderData,
    tasks: tasks.data?.items ?? [],
    briefs: [...(briefs.data?.items ?? []), ...(query === undefined ? [] : (done.data?.items ?? []))],
    agents: (agents.data ?? []).slice(0, FINDS_MAX),
  });
}

function useRun(onHelp: () => void): (command: PaletteCommand) => void {
  const router = useRouter();
  const { open: openNewTask } = useNewTask();
  const { undoLast } = useUndo();
  const { resolvedTheme, setTheme } = useTheme();
  return (command) => {
    if ('href' in command) router.push(command.href);
    else if (command.run === 'new-task') openNewTask();
    else if (command.run === 'undo') void undoLast();
    else if (command.run === 'help') onHelp();
    else setTheme(resolvedTheme === 'dark' ? 'light' : 'dark');
  };
}

function Found({ groups, onChoose }: { groups: PaletteGroup[]; onChoose: (item: PaletteItem) => void }) {
  return (
    <>
      <Autocomplete.Empty className="px-5 py-6 text-sm text-muted empty:hidden">
        Nothing has such a name.
      </Autocomplete.Empty>
      <Autocomplete.List className="max-h-[min(60dvh,26rem)] overflow-y-auto p-2">
        {groups.map(({ name, items }) => (
          <Autocomplete.Group key={name} items={items} className="not-last:mb-2">
            <Autocomplete.GroupLabel className="px-3 py-1 text-xs font-medium text-muted">
              {name}
            </Autocomplete.GroupLabel>
            {items.map((item) => (
              <Autocomplete.Item
                key={item.id}
                value={item}
                onClick={() => onChoose(item)}
                className="flex cursor-pointer items-center justify-between gap-4 rounded-lg px-3 py-2 text-[0.9375rem] outline-none select-none data-highlighted:bg-sunken"
              >
                <span className="min-w-0 truncate">{item.label}</span>
                <span className="shrink-0 text-[0.8125rem] text-muted tabular-nums">{item.hint}</span>
              </Autocomplete.Item>
            ))}
          </Autocomplete.Group>
        ))}
      </Autocomplete.List>
    </>
  );
}

/**
 * The field with what it finds. It is there only while the palette is open, so that a closed one asks for
 * nothing.
 */
function Finder({ onChoose }: { onChoose: (item: PaletteItem) => void }) {
  const [typed, setTyped] = useState('');
  const groups = useGroups(typed);
  return (
    <Autocomplete.Root
      open
      inline
      items={groups}
      value={typed}
      onValueChange={setTyped}
      mode="none"
      autoHighlight="always"
      keepHighlight
      itemToStringValue={({ label }: PaletteItem) => label}
    >
      <div className="flex items-center gap-2.5 border-b px-5">
        <Search aria-hidden className="size-4 shrink-0 text-muted" />
        <Autocomplete.Input
          aria-label="Find a task, a brief, an agent, a page or an action"
          placeholder="Find a task, a brief, an agent, a page or an action"
          className="h-13 w-full bg-transparent outline-none placeholder:text-muted"
        />
        <Dialog.Close className="sr-only">Close</Dialog.Close>
      </div>
      <Found groups={groups} onChoose={onChoose} />
    </Autocomplete.Root>
  );
}

interface CommandPaletteProps extends OpenState {
  onHelp: () => void;
}

/** Finds tasks, briefs, agents, pages and actions by their words. */
export default function CommandPalette({ open, onOpenChange, onHelp }: CommandPaletteProps) {
  const run = useRun(onHelp);
  const popup = useRef<HTMLDivElement>(null);
  const focusBack = useFocusBack(open, popup);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Viewport className="fixed inset-0 z-50 flex items-start justify-center p-3 pt-[12dvh]">
          <Dialog.Popup
            ref={popup}
            aria-label="Find anything"
            finalFocus={focusBack}
            className={cn(
              popupFadeClass,
              'w-full max-w-xl overflow-hidden rounded-2xl border bg-paper shadow-2xl outline-none',
            )}
          >
            <Finder
              onChoose={({ command }) => {
                onOpenChange(false);
                run(command);
              }}
            />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
