'use client';

import type { ReviewView } from '@everbeat/domain';
import { useQuery } from '@tanstack/react-query';
import { LabelBadge } from '@/components/ui/badge';
import { Markdown } from '@/components/ui/markdown';
import { RelativeTime } from '@/components/ui/time';
import { useTRPC } from '@/lib/trpc/client';
import { reviewLabel } from './reviewLabels';

function Review({ review }: { review: ReviewView }) {
  const { result, errorMessage, status, startedAt } = review;
  return (
    <li className="space-y-1.5 py-2 text-[0.8125rem]">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <LabelBadge {...reviewLabel(review)} beats={status === 'running'} />
        {result !== null && <span className="text-muted tabular-nums">try {result.iteration}</span>}
        <RelativeTime at={startedAt} />
      </div>
      {result?.reasons.map((reason) => (
        <Markdown key={reason} text={reason} />
      ))}
      {result === null && errorMessage !== null && <p className="text-muted">{errorMessage}</p>}
    </li>
  );
}

/** How the work of a run was checked, try by try. */
export function Reviews({ topicId }: { topicId: string }) {
  const trpc = useTRPC();
  const { data: reviews = [] } = useQuery(trpc.task.reviews.queryOptions({ topicId }));
  if (reviews.length === 0) return null;
  return (
    <section aria-label="Checks of the work" className="border-t pt-2">
      <ol className="divide-y">
        {reviews.map((review) => (
          <Review key={review.operationId} review={review} />
        ))}
      </ol>
    </section>
  );
}
