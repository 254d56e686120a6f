'use client';

import type { AgentKind, TopicView } from '@everbeat/domain';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { RelativeTime } from '@/components/ui/time';
import { foldRuns } from './foldRuns';
import { RunRow } from './RunRow';

interface RunListProps {
  /** Newest first. */
  topics: readonly TopicView[];
  agentKind: AgentKind | null;
  /** The number of the run that is shown beside the list. */
  shown: number;
  onOpen: (number: number) => void;
}

/** The runs as rows, with those folded that brought the same again. */
export function RunList({ topics, agentKind, shown, onOpen }: RunListProps) {
  /** The newest runs of the stretches that the person has unfolded. */
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const row = (topic: TopicView) => (
    <RunRow
      key={topic.id}
      topic={topic}
      isShown={topic.number === shown}
      onOpen={() => onOpen(topic.number)}
    />
  );
  return (
    <ul className="divide-y overflow-hidden rounded-2xl border bg-surface">
      {foldRuns(topics, ({ number }) => number === shown).map((part) => {
        if ('run' in part) return row(part.run);
        const [newest] = part.alike;
        if (unfolded.has(newest.id)) return part.alike.map(row);
        return (
          <Alike
            key={`alike ${newest.id}`}
            runs={part.alike}
            what={agentKind === 'watch' ? 'looks without change' : 'runs that reported the same'}
            onUnfold={() => setUnfolded(new Set([...unfolded, newest.id]))}
          />
        );
      })}
    </ul>
  );
}

interface AlikeProps {
  runs: readonly TopicView[];
  what: string;
  onUnfold: () => void;
}

function Alike({ runs, what, onUnfold }: AlikeProps) {
  const oldest = runs.at(-1);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-3 px-4 py-1.5 text-sm text-muted">
      <span className="tabular-nums">
        {runs.length} {what}
        {oldest !== undefined && (
          <>
            {' '}
            since <RelativeTime at={oldest.createdAt} />
          </>
        )}
      </span>
      <Button variant="ghost" size="small" onClick={onUnfold}>
        Show them
      </Button>
    </li>
  );
}
