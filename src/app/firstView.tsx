import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import { createTRPCOptionsProxy } from '@trpc/tanstack-react-query';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { loadEnv } from '@/env';
import type { Api } from '@/lib/trpc/client';
import type { AccessSettings } from '@/server/http/access';
import { isGivenData } from './firstVisit';

/** What is not read by then is read by the browser, so that a slow database does not hold the page back. */
const WAIT_MS = 1_000;

let settings: AccessSettings | undefined;

/** Reads into the client, with the same options as the components that show it. */
export type FirstReads = (api: Api, client: QueryClient) => Promise<unknown>[];

/**
 * Gives the page below what it shows first, read in this process, so that it arrives with its data in the
 * HTML. What fails is left out: the browser reads it again, and says what is wrong.
 */
export async function FirstView({ reads, children }: { reads: FirstReads; children: ReactNode }) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const sent = await headers();
  settings ??= loadEnv();
  if (isGivenData(sent, settings)) await readWithin(WAIT_MS, client, reads);
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}

async function readWithin(waitMs: number, client: QueryClient, reads: FirstReads): Promise<void> {
  // Not imported: Next has a copy of the modules of its own, and the runtime exists once in the process.
  const started = globalThis.everbeatRuntime?.started;
  if (started === undefined) return;
  const reading = started.then(async ({ api }) => {
    await Promise.all(reads(createTRPCOptionsProxy({ client: api, queryClient: client }), client));
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs);
  });
  await Promise.race([reading.catch(() => undefined), tooLate]);
  clearTimeout(timer);
}
