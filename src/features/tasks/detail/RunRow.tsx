'use client';

import type { TopicView } from '@everbeat/domain';
import { LabelBadge } from '@/components/ui/badge';
import { cn } from '@/lib/cn';
import { RunFacts } from './RunFacts';
import { RUN_LABELS, runName } from './runLabels';

interface RunRowProps {
  topic: TopicView;
  /** Whether it is shown beside the list. */
  isShown: boolean;
  onOpen: () => void;
}

/**
 * One run in a line: how it ended, what it was about, when, how long and at what cost. The whole row is the
 * link to it.
 */
export function RunRow({ topic, isShown, onOpen }: RunRowProps) {
  return (
    <li
      id={`run-${topic.number}`}
      className={cn(
        'relative scroll-mt-20 space-y-1 px-4 py-2.5 hover:bg-sunken/50 has-[a:focus-visible]:bg-sunken/50',
        isShown && '@[40rem]:bg-accent-soft',
      )}
    >
      <h3 className="truncate font-medium">
        <a
          href={`?run=${topic.number}`}
          aria-current={isShown ? 'true' : undefined}
          onClick={(event) => {
            // A new tab or window is left to the browser.
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
            event.preventDefault();
            onOpen();
          }}
          className="after:absolute after:inset-0"
        >
          <span className="font-normal text-muted tabular-nums">#{topic.number}</span> {runName(topic)}
        </a>
      </h3>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <LabelBadge {...RUN_LABELS[topic.status]} beats={topic.status === 'running'} />
        <RunFacts topic={topic} />
      </div>
    </li>
  );
}
