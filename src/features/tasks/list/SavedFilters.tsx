'use client';

import type { SavedFilterView } from '@everbeat/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BookmarkPlus, X } from 'lucide-react';
import Link from 'next/link';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';

/** How what is saved is kept by the page. */
function useSavedFilters() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const onSuccess = (filters: SavedFilterView[]) => {
    client.setQueryData(trpc.savedFilter.list.queryKey(), filters);
  };
  return {
    saved: useQuery(trpc.savedFilter.list.queryOptions()).data ?? [],
    save: useMutation(trpc.savedFilter.save.mutationOptions({ onSuccess })),
    remove: useMutation(
      trpc.savedFilter.remove.mutationOptions({ onSuccess, meta: { failed: 'The filter was not removed' } }),
    ),
  };
}

interface SavedFiltersProps {
  /** What follows the question mark in the address of the list as it is shown. Empty: nothing is chosen. */
  query: string;
}

/** The filters that the person has given a name: on every device of theirs. */
export function SavedFilters({ query }: SavedFiltersProps) {
  const { saved, save, remove } = useSavedFilters();
  const [name, setName] = useState<string | null>(null);
  const isSaved = saved.some((filter) => filter.query === query);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name !== null) save.mutate({ name, query }, { onSuccess: () => setName(null) });
  };
  if (saved.length === 0 && query === '') return null;
  return (
    <div className="-mt-2 mb-5 flex flex-wrap items-center gap-2 text-sm">
      {saved.length > 0 && (
        <ul aria-label="Saved filters" className="contents">
          {saved.map((filter) => (
            <li
              key={filter.name}
              className="flex max-w-full items-center gap-1 rounded-full border bg-surface py-0.5 pr-1 pl-3 has-[[aria-current]]:border-accent"
            >
              <Link
                href={filter.query === '' ? '/tasks' : `/tasks?${filter.query}`}
                aria-current={filter.query === query ? 'true' : undefined}
                className="truncate underline-offset-2 hover:underline"
              >
                {filter.name}
              </Link>
              <button
                type="button"
                aria-label={`Remove the saved filter ${filter.name}`}
                className="rounded-full p-1 text-muted hover:bg-sunken"
                onClick={() => remove.mutate({ name: filter.name })}
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {query !== '' && !isSaved && name === null && (
        <Button variant="ghost" size="small" onClick={() => setName('')}>
          <BookmarkPlus aria-hidden /> Save this filter
        </Button>
      )}
      {name !== null && (
        <form onSubmit={submit} className="flex flex-wrap items-center gap-2">
          <Input
            autoFocus
            aria-label="Name of the filter"
            placeholder="Name"
            className="h-8 w-44 text-sm"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button
            type="submit"
            size="small"
            variant="primary"
            busy={save.isPending}
            disabled={name.trim() === ''}
          >
            Save
          </Button>
          <Button size="small" variant="ghost" onClick={() => setName(null)}>
            Cancel
          </Button>
          {save.isError && (
            <p role="alert" className="text-danger">
              {messageOf(save.error)}
            </p>
          )}
        </form>
      )}
    </div>
  );
}
