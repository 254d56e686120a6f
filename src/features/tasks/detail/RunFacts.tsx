import type { TopicView } from '@everbeat/domain';
import { RelativeTime } from '@/components/ui/time';
import { formatMilliseconds } from '@/lib/format/duration';
import { costText } from './stepLabels';

/** When a run was, how long it took, and what it cost. */
export function RunFacts({ topic }: { topic: TopicView }) {
  const cost = costText({ usage: topic.usage, costUsd: topic.usage?.costUsd ?? null });
  return (
    <p className="flex flex-wrap gap-x-3 text-[0.8125rem] text-muted tabular-nums">
      <RelativeTime at={topic.createdAt} />
      {topic.endedAt !== null && <span>{formatMilliseconds(topic.workedMs)}</span>}
      {topic.runs > 1 && <span>{topic.runs} runs</span>}
      {cost !== null && <span>{cost}</span>}
    </p>
  );
}
