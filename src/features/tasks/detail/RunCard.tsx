'use client';

import type { TopicView } from '@everbeat/domain';
import { useState } from 'react';
import { LabelBadge } from '@/components/ui/badge';
import { DisclosureButton } from '@/components/ui/disclosureButton';
import { Markdown } from '@/components/ui/markdown';
import { RelativeTime } from '@/components/ui/time';
import { formatMilliseconds } from '@/lib/format/duration';
import { Reviews } from './Reviews';
import { RunSession } from './RunSession';
import { FAILURE_LABELS, RUN_LABELS, runName, TRIGGER_LABELS } from './runLabels';
import { Steps } from './Steps';
import { costText } from './stepLabels';
import { Transcript } from './Transcript';

function Duration({ topic }: { topic: TopicView }) {
  if (topic.endedAt === null) return null;
  const tookMs = topic.endedAt.getTime() - topic.createdAt.getTime();
  return <span>took {formatMilliseconds(tookMs)}</span>;
}

/** One run: its status, trigger and duration, its handoff, and its transcript on demand. */
export function RunCard({ topic }: { topic: TopicView }) {
  const running = topic.status === 'running';
  const cost = costText({ usage: topic.usage, costUsd: topic.usage?.costUsd ?? null });
  const isOpenByItself = running || topic.status === 'waiting';
  // Open while the run is going on or waits, until the person opens or closes it.
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? isOpenByItself;
  return (
    <li className="space-y-2.5 rounded-2xl border bg-surface p-4 sm:p-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem] text-muted tabular-nums">
        <LabelBadge {...RUN_LABELS[topic.status]} beats={running} />
        {topic.failureClass !== null && FAILURE_LABELS[topic.failureClass] !== null && (
          <span>{FAILURE_LABELS[topic.failureClass]}</span>
        )}
        <span>{TRIGGER_LABELS[topic.trigger]}</span>
        <RelativeTime at={topic.createdAt} />
        <Duration topic={topic} />
        {cost !== null && <span>{cost}</span>}
      </div>
      <h3 className="font-medium">
        <span className="font-normal text-muted tabular-nums">#{topic.number}</span> {runName(topic)}
      </h3>
      {topic.session !== null && <RunSession session={topic.session} />}
      {topic.error !== null && <p className="font-mono text-[0.8125rem] text-danger">{topic.error}</p>}
      {topic.handoff !== null && !open && (
        <div className="max-h-40 overflow-hidden mask-b-from-70%">
          <Markdown text={topic.handoff} />
        </div>
      )}
      <Reviews topicId={topic.id} />
      <DisclosureButton open={open} onOpenChange={setChosen}>
        {open ? 'Hide the transcript' : 'Show the transcript'}
      </DisclosureButton>
      {open && <Steps topicId={topic.id} running={running} opens={isOpenByItself} />}
      {open && <Transcript topicId={topic.id} running={running} />}
    </li>
  );
}
