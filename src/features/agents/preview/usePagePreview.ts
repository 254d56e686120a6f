'use client';

import { addressesMeant, type KindSettings } from '@everbeat/domain';
import { useQuery } from '@tanstack/react-query';
import type { inferOutput } from '@trpc/tanstack-react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import { type Api, useTRPCClient } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { useSettled } from '@/lib/useSettled';
import { type KindFieldSet, readFields, withoutEmpty } from '../kindForm';

type Answer = inferOutput<Api['agent']['preview']>;
export type PagePreview = Extract<Answer, { kind: 'done' }>['page'];

export interface PreviewState {
  /** Null: nothing was read yet, or the address was changed since. */
  page: PagePreview | null;
  /** Why the page could not be read, and what to do. */
  failure: string | null;
  isReading: boolean;
  /** It takes so long that a person wants to know what is waited for. */
  isSlow: boolean;
  /** The host that is read. */
  host: string;
  retry: () => void;
}

interface PreviewSubject {
  /** Undefined: none is made yet. */
  agentId: string | undefined;
  /** The page of the agent itself, for tasks that name none; empty if it has none. */
  ownAddress: string;
  fields: KindFieldSet;
  texts: Readonly<Record<string, string>>;
}

const SLOW_MS = 2_000;
const inputSchema = z.object({ id: z.string().optional(), watch: z.record(z.string(), z.json()) });

/** Reads the page that is typed into a form, whenever nothing has been typed for a moment. */
export function usePagePreview({ agentId, ownAddress, fields, texts }: PreviewSubject): PreviewState {
  const client = useTRPCClient();
  const watch: KindSettings = {
    ...withoutEmpty(readFields(fields, texts).values),
    url: texts.url?.trim() ?? '',
  };
  const asked = useSettled(JSON.stringify({ id: agentId, watch }));
  const input = inputSchema.parse(JSON.parse(asked));
  const typed = String(input.watch.url);
  const [address = ''] = typed === '' ? [ownAddress] : addressesMeant(typed);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['page-preview', asked],
    queryFn: ({ signal }) => client.agent.preview.mutate(input, { signal }),
    enabled: address !== '' && (typed === '' || isWhole(typed)),
    // Nothing of the application changes it, and each reading is a request to the site.
    staleTime: 'static',
    retry: false,
    placeholderData: (before) =>
      before?.kind === 'done' && isOf(before.page.url, typed) ? before : undefined,
  });
  const page = data?.kind === 'done' ? data.page : null;
  return {
    page,
    failure: error !== null ? messageOf(error) : data?.kind === 'error' ? data.errorMessage : null,
    isReading: isFetching,
    isSlow: useIsLong(isFetching, SLOW_MS),
    host: URL.canParse(address) ? new URL(address).host : '',
    retry: () => void refetch(),
  };
}

/** Whether it may be the whole address: `exam` will become `example.com` in a moment. */
const isWhole = (typed: string): boolean => /^localhost$|[.:/]/i.test(typed);

/** Whether this is the address of what is typed, with its scheme or without. */
const isOf = (url: string, typed: string): boolean => url === typed || addressesMeant(typed).includes(url);

/**
 * Lets the server start what reads pages, which takes longer than most pages. To be called when a person is
 * about to type an address.
 */
export function usePreparePreview(): () => void {
  const client = useTRPCClient();
  const isPrepared = useRef(false);
  return useCallback(() => {
    if (isPrepared.current) return;
    isPrepared.current = true;
    client.agent.preview.mutate({ watch: {} }).catch(() => undefined);
  }, [client]);
}

/** Writes the address that was read into its field, where its scheme was left out. */
export function useFoundAddress(
  page: PagePreview | null,
  typed: string,
  fill: (name: 'url', address: string) => void,
): void {
  const found = page?.url;
  const text = typed.trim();
  useEffect(() => {
    if (found !== undefined && text !== '' && found !== text && isOf(found, text)) fill('url', found);
  }, [found, text, fill]);
}

/** Whether something has been going on for so long. */
function useIsLong(isOn: boolean, ms: number): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isOn) return;
    const timer = setTimeout(() => setLong(true), ms);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isOn, ms]);
  return isLong;
}
