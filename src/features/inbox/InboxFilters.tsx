'use client';

import { BRIEF_TYPES, LIMITS } from '@everbeat/domain';
import { Search, X } from 'lucide-react';
import { debounce, useQueryStates } from 'nuqs';
import { Button } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/field';
import { useAgents } from '@/features/agents/useAgents';
import { TYPE_LABELS } from '@/features/briefs/briefLabels';
import { MAIN_ID } from '@/lib/shortcuts/mainId';
import { INBOX_SEARCH_ID, inboxParsers, isFiltered, NO_FILTER } from './inboxParams';

const SEARCH_DELAY_MS = 250;

interface InboxFiltersProps {
  /** What the task of the filter is called, if that is known. */
  taskName: string | undefined;
}

/** Search and filters, kept in the address; what no control shows has a chip that clears it. */
export function InboxFilters({ taskName }: InboxFiltersProps) {
  const [{ q, task, agent, type }, set] = useQueryStates(inboxParsers);
  const agents = useAgents().data ?? [];
  /** What is clicked goes with the filter, so the focus goes to the content of the page. */
  const clear = (what: Parameters<typeof set>[0]) => {
    void set(what);
    document.getElementById(MAIN_ID)?.focus({ preventScroll: true });
  };
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <div className="relative min-w-40 flex-1 basis-full sm:basis-52">
        <Search aria-hidden className="absolute top-2.5 left-2.5 size-4 text-muted" />
        <Input
          id={INBOX_SEARCH_ID}
          type="search"
          aria-label="Search briefs"
          placeholder="Search briefs and reports"
          className="h-9 pl-8"
          maxLength={LIMITS.searchCharsMax}
          value={q}
          onChange={({ target }) =>
            void set({ q: target.value || null }, { limitUrlUpdates: debounce(SEARCH_DELAY_MS) })
          }
        />
      </div>
      <Select
        aria-label="Type of the briefs"
        className="h-9 w-auto min-w-0 flex-1 sm:flex-none"
        value={type ?? ''}
        onChange={({ target }) =>
          void set({ type: BRIEF_TYPES.find((each) => each === target.value) ?? null })
        }
      >
        <option value="">All types</option>
        {BRIEF_TYPES.map((each) => (
          <option key={each} value={each}>
            {TYPE_LABELS[each].label}
          </option>
        ))}
      </Select>
      {agents.length > 1 && (
        <Select
          aria-label="Agent of the briefs"
          className="h-9 w-auto min-w-0 flex-1 sm:max-w-44 sm:flex-none"
          value={agent ?? ''}
          onChange={({ target }) => void set({ agent: target.value || null })}
        >
          <option value="">All agents</option>
          {agents.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      )}
      {task !== null && (
        <span className="flex max-w-full items-center gap-1 rounded-full bg-accent-soft py-0.5 pr-1 pl-3 text-sm text-accent">
          <span className="truncate">Task: {taskName ?? task}</span>
          <button
            type="button"
            aria-label="Show the briefs of all tasks"
            className="rounded-full p-1 hover:bg-surface"
            onClick={() => clear({ task: null })}
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </span>
      )}
      {isFiltered({ q, task, agent, type }) && (
        <Button size="small" variant="ghost" onClick={() => clear({ ...NO_FILTER, q: null })}>
          Clear filters
        </Button>
      )}
    </div>
  );
}
