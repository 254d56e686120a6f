'use client';

import { LIMITS, TASK_GROUPS, TASK_SORTS } from '@everbeat/domain';
import { Search, X } from 'lucide-react';
import Link from 'next/link';
import { debounce, useQueryStates } from 'nuqs';
import { useEffect, useRef } from 'react';
import { buttonVariants } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/field';
import { PageHeader } from '@/components/ui/pageHeader';
import { Segmented } from '@/components/ui/segmented';
import { useAgents } from '@/features/agents/useAgents';
import { ATTENTION_LABELS } from '@/features/system/attentionLabels';
import { filterOptions, listParsers, SORT_LABELS, toQuery } from './filters';
import { GROUP_LABELS } from './groups';
import { SavedFilters } from './SavedFilters';
import { SEARCH_FIELD_ID } from './searchField';
import { TaskList } from './TaskList';

const SEARCH_DELAY_MS = 250;

/** The filters that no control of the page shows, each with a button that removes it. */
function Chips({ chips }: { chips: { text: string; onRemove: () => void }[] }) {
  if (chips.length === 0) return null;
  return (
    <ul aria-label="More filters" className="-mt-2 mb-5 flex flex-wrap gap-2">
      {chips.map(({ text, onRemove }) => (
        <li
          key={text}
          className="flex max-w-full items-center gap-1 rounded-full bg-accent-soft py-0.5 pr-1 pl-3 text-sm text-accent"
        >
          <span className="truncate">{text}</span>
          <button
            type="button"
            aria-label={`Remove the filter ${text}`}
            className="rounded-full p-1 hover:bg-surface"
            onClick={onRemove}
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </li>
      ))}
    </ul>
  );
}

export function TasksPage() {
  const [filter, set] = useQueryStates(listParsers);
  const { show, q, agent, sort, group, need } = filter;
  const agentName = useAgents().data?.find(({ id }) => id === agent)?.name;
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (window.location.hash === `#${SEARCH_FIELD_ID}`) search.current?.focus();
  }, []);
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader
        title="Tasks"
        lead="Your tasks, and when each of them runs next."
        actions={
          <Link href="/tasks/import" className={buttonVariants()}>
            Import
          </Link>
        }
      />
      <div className="mb-5 flex flex-wrap items-center gap-3">
        <div className="relative min-w-52 flex-1">
          <Search aria-hidden className="absolute top-3 left-3 size-4 text-muted" />
          <Input
            ref={search}
            id={SEARCH_FIELD_ID}
            type="search"
            aria-label="Search tasks"
            placeholder="Search by name, instruction or T-12"
            className="pl-9"
            maxLength={LIMITS.searchCharsMax}
            value={q}
            onChange={(event) =>
              void set({ q: event.target.value || null }, { limitUrlUpdates: debounce(SEARCH_DELAY_MS) })
            }
          />
        </div>
        <Segmented
          label="Which tasks to show"
          value={show}
          options={filterOptions}
          onValueChange={(value) => void set({ show: value })}
        />
        <div className="flex flex-wrap gap-3">
          <Select
            aria-label="Order of the tasks"
            className="w-auto"
            value={sort}
            onChange={({ target }) =>
              void set({ sort: TASK_SORTS.find((each) => each === target.value) ?? null })
            }
          >
            {TASK_SORTS.map((each) => (
              <option key={each} value={each}>
                {SORT_LABELS[each]}
              </option>
            ))}
          </Select>
          <Select
            aria-label="Groups of the tasks"
            className="w-auto"
            value={group ?? ''}
            onChange={({ target }) =>
              void set({ group: TASK_GROUPS.find((each) => each === target.value) ?? null })
            }
          >
            <option value="">Not grouped</option>
            {TASK_GROUPS.map((each) => (
              <option key={each} value={each}>
                {GROUP_LABELS[each]}
              </option>
            ))}
          </Select>
        </div>
      </div>
      <SavedFilters query={toQuery(filter)} />
      <Chips
        chips={[
          ...(need === null
            ? []
            : [{ text: ATTENTION_LABELS[need], onRemove: () => void set({ need: null }) }]),
          ...(agent === ''
            ? []
            : [{ text: `Agent: ${agentName ?? '…'}`, onRemove: () => void set({ agent: null }) }]),
        ]}
      />
      <TaskList filter={filter} onClear={() => void set({ show: null, q: null, agent: null, need: null })} />
    </div>
  );
}
