'use client';

import type { TaskDetailView } from '@everbeat/domain';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { LocalText, RelativeTime } from '@/components/ui/time';
import { AutomationLabel } from '../shared/AutomationLabel';
import { findingsOf, howItGoes, usualTime, whatIsNext } from './glanceTexts';
import { RunStrip } from './RunStrip';

function Answer({ question, children }: { question: string; children: ReactNode }) {
  return (
    <div className="min-w-0 space-y-1 px-4 py-3 sm:px-5">
      <dt className="text-[0.8125rem] text-muted">{question}</dt>
      <dd className="space-y-0.5 text-[0.9375rem] tabular-nums">{children}</dd>
    </div>
  );
}

function Findings({ task }: { task: TaskDetailView }) {
  const findings = findingsOf(task);
  if (findings.length === 0) return <p className="text-muted">Nothing yet.</p>;
  return findings.map(({ text, href, at }) => (
    <p key={href} className="flex items-baseline gap-2">
      <Link
        href={href}
        scroll={href.startsWith('/')}
        title={text}
        className="min-w-0 truncate underline-offset-2 hover:underline"
      >
        {text}
      </Link>
      <RelativeTime at={at} className="shrink-0 text-[0.8125rem] text-muted" />
    </p>
  ));
}

/** What a person asks first: how does it go, what has it found, what comes next. */
export function TaskGlance({ task }: { task: TaskDetailView }) {
  const { recentRuns } = task;
  const time = usualTime(recentRuns);
  return (
    <section aria-label="At a glance" className="overflow-hidden rounded-2xl border bg-surface">
      {recentRuns.length > 0 && <RunStrip runs={recentRuns} />}
      <dl className="grid divide-y sm:grid-cols-3 sm:divide-x sm:divide-y-0">
        <Answer question="How it goes">
          <p>{howItGoes(recentRuns, task.totalTopics + task.counts.continuedRuns)}</p>
          {time !== null && <p className="text-[0.8125rem] text-muted">{time}</p>}
        </Answer>
        <Answer question="What it found">
          <Findings task={task} />
        </Answer>
        <Answer question="What comes next">
          <p className="min-h-[1.5em]">
            <LocalText read={(now) => whatIsNext(task, now)} />
          </p>
          <p className="text-[0.8125rem] text-muted first-letter:uppercase">
            <AutomationLabel task={task} />
          </p>
        </Answer>
      </dl>
    </section>
  );
}
