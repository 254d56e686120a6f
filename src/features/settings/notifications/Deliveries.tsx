'use client';

import type { DeliveryView } from '@everbeat/domain';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import Link from 'next/link';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { LoadMore } from '@/components/ui/loadMore';
import { ErrorState, ListSkeleton } from '@/components/ui/states';
import { LocalText } from '@/components/ui/time';
import { formatDateTime } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';
import { deliveryText, timeOf } from './deliveryTexts';
import { DELIVERY_LABELS } from './labels';

const PAGE_SIZE = 20;
/** Those that have ended without arriving for certain. */
const CAN_RETRY: readonly DeliveryView['status'][] = ['failed', 'unknown', 'skipped'];

function Delivery({ delivery }: { delivery: DeliveryView }) {
  const trpc = useTRPC();
  const retry = useMutation(
    trpc.delivery.retry.mutationOptions({
      meta: { done: 'It is sent again', failed: 'It was not sent again' },
    }),
  );
  const { id, briefId, title, taskIdentifier, status, error } = delivery;
  const { label, tone } = DELIVERY_LABELS[status];
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 py-2 text-sm">
      <div className="min-w-0 flex-1 basis-56 wrap-anywhere">
        <p>
          <Link href={`/?brief=${briefId}`} className="hover:underline">
            <span className="text-muted">{taskIdentifier}</span> {title}
          </Link>
        </p>
        <p className="text-[0.8125rem] text-muted">
          <Badge tone={tone}>{label}</Badge>{' '}
          <span title={formatDateTime(timeOf(delivery))}>
            <LocalText read={(now) => deliveryText(delivery, now)} />
          </span>
        </p>
        {error !== null && status !== 'sent' && <p className="text-[0.8125rem]">{error}</p>}
      </div>
      {CAN_RETRY.includes(status) && (
        <Button
          size="small"
          busy={retry.isPending}
          onClick={() => retry.mutate({ id })}
          aria-label={`Send “${title}” now`}
        >
          Send now
        </Button>
      )}
    </li>
  );
}

/** What was sent to one channel, newest first. */
export function Deliveries({ channelId }: { channelId: string }) {
  const trpc = useTRPC();
  const deliveries = useInfiniteQuery(
    trpc.delivery.list.infiniteQueryOptions({ channelId, limit: PAGE_SIZE }, byCursor),
  );
  if (deliveries.isPending) return <ListSkeleton rows={2} rowClass="h-12" />;
  if (deliveries.isLoadingError) {
    return (
      <ErrorState
        title="What was sent could not be loaded"
        error={deliveries.error}
        onRetry={() => deliveries.refetch()}
      />
    );
  }
  const items = deliveries.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="py-2 text-sm text-muted">Nothing was sent here yet.</p>;
  return (
    <>
      <ul className="divide-y">
        {items.map((delivery) => (
          <Delivery key={delivery.id} delivery={delivery} />
        ))}
      </ul>
      <LoadMore query={deliveries} what="messages" />
    </>
  );
}
