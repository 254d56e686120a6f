import { type ReactNode, Suspense } from 'react';
import { LiveBanner, LiveIndicator } from '@/features/live/LiveIndicator';
import { NewTask } from '@/features/tasks/form/NewTask';
import { NewTaskButton } from '@/features/tasks/form/NewTaskButton';
import { MAIN_ID } from '@/lib/shortcuts/mainId';
import { Brand } from './Brand';
import { NavLinks } from './NavLinks';
import { Shortcuts } from './Shortcuts';
import { TabStatus } from './TabStatus';
import { ThemeToggle } from './ThemeToggle';

/** The frame of every page: navigation at the left (at the bottom on a phone) and the page's content. */
export function AppShell({ children }: { children: ReactNode }) {
  return (
    <>
      <a
        href={`#${MAIN_ID}`}
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-lg bg-accent px-4 py-2 text-sm font-medium text-on-accent focus:translate-y-0"
      >
        Skip to the content
      </a>
      <div className="mx-auto flex min-h-dvh w-full max-w-[84rem] flex-col lg:flex-row">
        <header className="sticky top-0 z-30 flex items-center justify-between gap-3 border-b bg-paper/95 px-4 py-2.5 backdrop-blur lg:h-dvh lg:w-60 lg:shrink-0 lg:flex-col lg:items-stretch lg:justify-start lg:gap-6 lg:border-r lg:border-b-0 lg:bg-transparent lg:px-5 lg:py-6">
          <Brand />
          <nav aria-label="Main" className="hidden lg:block">
            <NavLinks layout="side" />
          </nav>
          <div className="hidden lg:block">
            <Suspense>
              <NewTaskButton className="w-full" look="key" />
            </Suspense>
          </div>
          <div className="flex items-center gap-2 lg:mt-auto lg:justify-between">
            <LiveIndicator />
            <ThemeToggle />
            <div className="lg:hidden">
              <Suspense>
                <NewTaskButton look="icon" />
              </Suspense>
            </div>
          </div>
        </header>
        <main
          id={MAIN_ID}
          tabIndex={-1}
          className="min-w-0 flex-1 px-4 pt-6 pb-48 outline-none sm:px-8 lg:px-10 lg:pt-8 lg:pb-16"
        >
          <LiveBanner />
          {children}
        </main>
      </div>
      <nav
        aria-label="Main"
        className="fixed inset-x-0 bottom-0 z-30 border-t bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden"
      >
        <NavLinks layout="bottom" />
      </nav>
      <Suspense>
        <TabStatus />
        <Shortcuts />
        <NewTask />
      </Suspense>
    </>
  );
}
