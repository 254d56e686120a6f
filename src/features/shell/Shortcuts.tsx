'use client';

import dynamic from 'next/dynamic';
import { usePathname, useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { useNewTask } from '@/features/tasks/form/useNewTask';
import { SEARCH_FIELD_ID } from '@/features/tasks/list/searchField';
import { giveBodysFocusToContent, type ShortcutHandlers, useShortcuts } from '@/lib/shortcuts/useShortcuts';
import { useUndo } from '@/lib/undo/useUndo';
import { PLACES } from './navigation';

const CommandPalette = dynamic(() => import('./CommandPalette'), { ssr: false });
const ShortcutHelp = dynamic(() => import('./ShortcutHelp'), { ssr: false });

type Open = 'palette' | 'help' | null;

/** After a page was left by a link that is gone with it, the focus goes to the content of the next one. */
function useFocusAfterNavigation(): void {
  const pathname = usePathname();
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    giveBodysFocusToContent();
  }, [pathname]);
}

/** The shortcuts that work on every page, with the palette and the help that they open. */
export function Shortcuts() {
  const router = useRouter();
  const { open: openNewTask } = useNewTask();
  const { undoLast } = useUndo();
  const [open, setOpen] = useState<Open>(null);
  // Each stays loaded, and mounted until it has closed.
  const [wasOpened, setWasOpened] = useState<ReadonlySet<Open>>(new Set());
  const show = (what: Open) => {
    setOpen(what);
    setWasOpened(new Set([...wasOpened, what]));
  };
  useFocusAfterNavigation();

  const goTo: ShortcutHandlers = {};
  for (const { shortcut, href } of PLACES) goTo[shortcut] = () => router.push(href);
  const handlers: ShortcutHandlers = {
    ...goTo,
    undo: () => void undoLast(),
    help: () => show('help'),
    palette: () => show('palette'),
    'new-task': () => openNewTask(),
    search: () => {
      const field = document.getElementById(SEARCH_FIELD_ID);
      if (field === null) router.push(`/tasks#${SEARCH_FIELD_ID}`);
      else field.focus();
    },
  };
  useShortcuts(handlers, { everywhere: true });
  return (
    <>
      {wasOpened.has('palette') && (
        <CommandPalette
          open={open === 'palette'}
          onOpenChange={(isOpen) => setOpen(isOpen ? 'palette' : null)}
          onHelp={() => show('help')}
        />
      )}
      {wasOpened.has('help') && (
        <ShortcutHelp open={open === 'help'} onOpenChange={(isOpen) => setOpen(isOpen ? 'help' : null)} />
      )}
    </>
  );
}
