'use client';

import type { FeedAddressesView } from '@everbeat/domain';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { CopyButton } from '@/components/ui/copyButton';
import { PageHeader } from '@/components/ui/pageHeader';
import { ErrorState, ListSkeleton } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { useTRPC } from '@/lib/trpc/client';
import { SettingsTabs } from '../SettingsTabs';

function Address({ label, url }: { label: string; url: string }) {
  return (
    <div>
      <dt className="text-sm font-medium">{label}</dt>
      <dd className="flex items-start gap-2">
        <span className="min-w-0 font-mono text-[0.8125rem] wrap-anywhere">{url}</span>
        <CopyButton text={url} label={`Copy the address of the ${label.toLowerCase()}`} />
      </dd>
    </div>
  );
}

/** Shown until the page is left: what is stored does not reveal the addresses. */
function NewAddresses({ addresses }: { addresses: FeedAddressesView }) {
  return (
    <section aria-label="New addresses" className="mt-4 space-y-4 rounded-xl bg-accent-soft px-4 py-4">
      <p className="text-sm">
        Copy them now: they are not shown again. Whoever knows one can read the feed, so treat them as you
        treat passwords.
      </p>
      <dl className="space-y-3">
        <Address label="News feed" url={addresses.feedUrl} />
        <Address label="Calendar" url={addresses.calendarUrl} />
      </dl>
    </section>
  );
}

function Feeds({ createdAt }: { createdAt: Date | null }) {
  const trpc = useTRPC();
  const [asks, setAsks] = useState<'renew' | 'revoke' | null>(null);
  const close = () => setAsks(null);
  const renew = useMutation(
    trpc.feed.renew.mutationOptions({ onSettled: close, meta: { failed: 'No addresses were made' } }),
  );
  const revoke = useMutation(
    trpc.feed.revoke.mutationOptions({
      onSuccess: () => renew.reset(),
      onSettled: close,
      meta: { done: 'The feeds are off', failed: 'The feeds are still on' },
    }),
  );
  const addresses = createdAt === null ? undefined : renew.data;
  return (
    <section className="rounded-2xl border bg-surface p-4 sm:px-5">
      {createdAt === null ? (
        <>
          <p className="max-w-prose text-sm text-muted">
            The feeds are off. An address lets a feed reader show your newest briefs, another one lets a
            calendar show when your tasks wake next, without your password.
          </p>
          <Button className="mt-4" variant="primary" busy={renew.isPending} onClick={() => renew.mutate()}>
            Make the addresses
          </Button>
        </>
      ) : (
        <>
          <p className="text-sm">
            The feeds are on. Their addresses were made <RelativeTime at={createdAt} />.
          </p>
          {addresses !== undefined && <NewAddresses addresses={addresses} />}
          <div className="mt-4 flex flex-wrap gap-2">
            <Button size="small" onClick={() => setAsks('renew')}>
              Make new addresses
            </Button>
            <Button size="small" onClick={() => setAsks('revoke')}>
              Turn the feeds off
            </Button>
          </div>
        </>
      )}
      <Confirm
        open={asks === 'renew'}
        onOpenChange={(open) => setAsks(open ? 'renew' : null)}
        title="Make new addresses?"
        action="Make new ones"
        keep="Keep these"
        busy={renew.isPending}
        onConfirm={() => renew.mutate()}
      >
        The present addresses stop working at once. Give the new ones to your feed reader and your calendar.
      </Confirm>
      <Confirm
        open={asks === 'revoke'}
        onOpenChange={(open) => setAsks(open ? 'revoke' : null)}
        title="Turn the feeds off?"
        action="Turn them off"
        keep="Keep them on"
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate()}
      >
        The present addresses stop working at once. You can make others at any time.
      </Confirm>
    </section>
  );
}

/** The feeds for programs outside: briefs for a feed reader, wake-ups for a calendar. */
export function FeedsPage() {
  const query = useQuery(useTRPC().feed.get.queryOptions());
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title="Feeds" lead="Your briefs in a feed reader, and the next runs in your calendar." />
      <SettingsTabs />
      {query.isPending && <ListSkeleton rows={1} rowClass="h-28" />}
      {query.isLoadingError && (
        <ErrorState
          title="The feeds could not be loaded"
          error={query.error}
          onRetry={() => query.refetch()}
        />
      )}
      {query.data !== undefined && <Feeds createdAt={query.data.createdAt} />}
    </div>
  );
}
