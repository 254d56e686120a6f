'use client';

import type { TopicView } from '@everbeat/domain';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { DisclosureButton } from '@/components/ui/disclosureButton';
import { Markdown } from '@/components/ui/markdown';
import { Reviews } from './Reviews';
import { RunSession } from './RunSession';
import { FAILURE_LABELS, TRIGGER_LABELS } from './runLabels';
import { Steps } from './Steps';
import { Transcript } from './Transcript';

/**
 * All that is known of one run: why it ran, what it reported, how it was checked, its steps and its
 * transcript.
 */
export function RunDetail({ topic }: { topic: TopicView }) {
  const isRunning = topic.status === 'running';
  const isOpenByItself = isRunning || topic.status === 'waiting';
  // Open while the run is going on or waits, until the person opens or closes it.
  const [chosen, setChosen] = useState<boolean | null>(null);
  const open = chosen ?? isOpenByItself;
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem] text-muted">
        <span>{TRIGGER_LABELS[topic.trigger]}</span>
        {topic.failureClass !== null && FAILURE_LABELS[topic.failureClass] !== null && (
          <span>{FAILURE_LABELS[topic.failureClass]}</span>
        )}
        <a
          href={`?run=${topic.number}`}
          className="inline-flex items-center gap-1 text-accent underline underline-offset-2"
        >
          <Link2 aria-hidden className="size-3.5" /> Link to this run
        </a>
      </p>
      {topic.session !== null && <RunSession session={topic.session} />}
      {topic.error !== null && (
        <p className="font-mono text-[0.8125rem] wrap-anywhere text-danger">{topic.error}</p>
      )}
      {topic.handoff !== null && !open && <Markdown text={topic.handoff} heading="h4" />}
      <Reviews topicId={topic.id} />
      <DisclosureButton open={open} onOpenChange={setChosen}>
        {open ? 'Hide the transcript' : 'Show the transcript'}
      </DisclosureButton>
      {open && <Steps topicId={topic.id} running={isRunning} opens={isOpenByItself} />}
      {open && <Transcript topicId={topic.id} running={isRunning} />}
    </>
  );
}
