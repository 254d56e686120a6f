'use client';

import type { TopicView } from '@everbeat/domain';
import { ChevronDown } from 'lucide-react';
import { LabelBadge } from '@/components/ui/badge';
import { RelativeTime } from '@/components/ui/time';
import { cn } from '@/lib/cn';
import { formatMilliseconds } from '@/lib/format/duration';
import { RunDetail } from './RunDetail';
import { RUN_LABELS, runName } from './runLabels';
import { costText } from './stepLabels';

interface RunRowProps {
  topic: TopicView;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** One run in a line: how it ended, what it was about, when, how long and at what cost. Opened, all that is known. */
export function RunRow({ topic, isOpen, onOpenChange }: RunRowProps) {
  const cost = costText({ usage: topic.usage, costUsd: topic.usage?.costUsd ?? null });
  return (
    <li id={`run-${topic.number}`} className="scroll-mt-20">
      <div className="relative flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3 hover:bg-sunken/50 has-[button:focus-visible]:bg-sunken/50 sm:px-5">
        <LabelBadge {...RUN_LABELS[topic.status]} beats={topic.status === 'running'} />
        <h3 className="order-last min-w-0 basis-full font-medium sm:order-none sm:flex-1 sm:basis-40">
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => onOpenChange(!isOpen)}
            className={cn('max-w-full text-left after:absolute after:inset-0', !isOpen && 'truncate')}
          >
            <span className="font-normal text-muted tabular-nums">#{topic.number}</span> {runName(topic)}
          </button>
        </h3>
        <p className="flex flex-1 flex-wrap gap-x-3 text-[0.8125rem] text-muted tabular-nums sm:flex-none">
          <RelativeTime at={topic.createdAt} />
          {topic.endedAt !== null && <span>{formatMilliseconds(topic.workedMs)}</span>}
          {topic.runs > 1 && <span>{topic.runs} runs</span>}
          {cost !== null && <span>{cost}</span>}
        </p>
        <ChevronDown
          aria-hidden
          className={cn('size-4 shrink-0 text-muted transition-transform', isOpen && 'rotate-180')}
        />
      </div>
      {isOpen && <RunDetail topic={topic} />}
    </li>
  );
}
