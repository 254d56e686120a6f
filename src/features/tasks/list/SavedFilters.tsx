'use client';

import type { SavedFilterView } from '@everbeat/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BookmarkPlus, X } from 'lucide-react';
import Link from 'next/link';
import { type FormEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { giveBodysFocusToContent } from '@/lib/shortcuts/useShortcuts';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';

/**
 * How what is saved is kept by the page. `onRemoved` is called before the page shows that the filter is gone.
 */
function useSavedFilters(onRemoved: (name: string) => void) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const queryKey = trpc.savedFilter.list.queryKey();
  const onSuccess = (filters: SavedFilterView[]) => {
    client.setQueryData(queryKey, filters);
  };
  const putBack = useMutation(
    trpc.savedFilter.save.mutationOptions({ onSuccess, meta: { failed: 'The filter was not put back' } }),
  );
  const offerBack = (filter: SavedFilterView) =>
    toast.success(`The filter ${filter.name} was removed`, {
      // Pressed twice, the button removes one filter.
      id: `saved filter ${filter.name}`,
      action: { label: 'Undo', onClick: () => putBack.mutate(filter) },
    });
  // Options of the mutation are called for each filter, and also after the person has left the page. Those of
  // a call of `mutate` are not.
  const remove = useMutation(
    trpc.savedFilter.remove.mutationOptions({
      onMutate: ({ name }) => client.getQueryData(queryKey)?.find((filter) => filter.name === name),
      onSuccess: (_nothing, { name }, removed) => {
        onRemoved(name);
        // Not read again: the server may have answered before it removed another.
        client.setQueryData(queryKey, (shown) => shown?.filter((filter) => filter.name !== name));
        if (removed !== undefined) offerBack(removed);
      },
      meta: { failed: 'The filter was not removed' },
    }),
  );
  return {
    saved: useQuery(trpc.savedFilter.list.queryOptions()).data ?? [],
    save: useMutation(trpc.savedFilter.save.mutationOptions({ onSuccess })),
    remove,
  };
}

type FindControl = (box: HTMLElement) => HTMLElement | null | undefined;

/**
 * Moves the focus to another control once the part of the page that has it is gone. A person who has moved on
 * keeps it where it is.
 */
function useFocusAfter(box: RefObject<HTMLElement | null>) {
  const wanted = useRef<{ part: Element; find: FindControl } | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const { part, find } = wanted.current;
    const { activeElement } = document;
    // It goes with one of the next renderings.
    if (part.contains(activeElement)) return;
    wanted.current = null;
    if (part.isConnected || activeElement !== document.body) return;
    if (box.current !== null) find(box.current)?.focus();
    giveBodysFocusToContent();
  });
  return (part: Element | null | undefined, find: FindControl) => {
    if (part?.contains(document.activeElement)) wanted.current = { part, find };
  };
}

const chosenFilter = (box: HTMLElement) => box.querySelector<HTMLElement>('[aria-current="true"]');
const saveButton = (box: HTMLElement) => box.querySelector<HTMLElement>('[data-save-filter]');
/** The button that removes the filter which has moved to this place. */
const removeButton = (position: number) => (box: HTMLElement) =>
  [...box.querySelectorAll<HTMLElement>('li button')].at(position) ??
  [...box.querySelectorAll<HTMLElement>('li button')].at(-1) ??
  saveButton(box);

interface NameFormProps {
  save: ReturnType<typeof useSavedFilters>['save'];
  isTaken: (name: string) => boolean;
  onSave: (name: string) => void;
  onCancel: () => void;
}

function NameForm({ save, isTaken, onSave, onCancel }: NameFormProps) {
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!save.isPending) onSave(name.trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-center gap-2">
      <Input
        autoFocus
        aria-label="Name of the filter"
        placeholder="Name"
        className="h-8 w-44 text-sm"
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onCancel()}
      />
      <Button
        type="submit"
        size="small"
        variant="primary"
        busy={save.isPending}
        disabled={name.trim() === ''}
      >
        {isTaken(name.trim()) ? 'Replace' : 'Save'}
      </Button>
      <Button size="small" variant="ghost" onClick={onCancel}>
        Cancel
      </Button>
      {save.isError && (
        <p role="alert" className="text-danger">
          {messageOf(save.error)}
        </p>
      )}
    </form>
  );
}

interface SavedFiltersProps {
  /** What follows the question mark in the address of the list as it is shown. Empty: nothing is chosen. */
  query: string;
}

/** The filters that the person has given a name: on every device of theirs. */
export function SavedFilters({ query }: SavedFiltersProps) {
  const [isNaming, setNaming] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const focusAfter = useFocusAfter(box);
  const { saved, save, remove } = useSavedFilters((name) => {
    const items = [...(box.current?.querySelectorAll('li') ?? [])];
    const position = items.findIndex((item) => item.dataset.filter === name);
    focusAfter(items[position], removeButton(position));
  });
  const isSaved = saved.some((filter) => filter.query === query);
  const close = (next: FindControl) => {
    save.reset();
    setNaming(false);
    focusAfter(box.current?.querySelector('form'), next);
  };
  if (saved.length === 0 && query === '') return null;
  return (
    <div ref={box} className="-mt-2 mb-5 flex flex-wrap items-center gap-2 text-sm">
      {saved.length > 0 && (
        <ul aria-label="Saved filters" className="contents">
          {saved.map((filter) => (
            <li
              key={filter.name}
              data-filter={filter.name}
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
      {query !== '' && !isSaved && !isNaming && (
        <Button variant="ghost" size="small" data-save-filter="" onClick={() => setNaming(true)}>
          <BookmarkPlus aria-hidden /> Save this filter
        </Button>
      )}
      {isNaming && (
        <NameForm
          save={save}
          isTaken={(name) => saved.some((filter) => filter.name === name)}
          onSave={(name) => save.mutate({ name, query }, { onSuccess: () => close(chosenFilter) })}
          onCancel={() => close(saveButton)}
        />
      )}
    </div>
  );
}
