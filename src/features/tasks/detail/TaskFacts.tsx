'use client';

import { AGENT_KINDS, readsWords, type TaskDetailView } from '@everbeat/domain';
import { type ReactNode, useState } from 'react';
import { DisclosureButton } from '@/components/ui/disclosureButton';
import { Markdown } from '@/components/ui/markdown';
import { LocalText, RelativeTime } from '@/components/ui/time';
import { factText, KIND_LOOKS } from '@/features/agents/kindLooks';
import { cn } from '@/lib/cn';
import { formatDuration } from '@/lib/format/duration';
import { formatDateTime } from '@/lib/format/time';
import { AutomationLabel } from '../shared/AutomationLabel';
import { TaskFolder } from './TaskFolder';

/** The task's settings for each kind of agent. */
const settingFacts = (task: TaskDetailView): [name: string, value: ReactNode][] =>
  AGENT_KINDS.flatMap((kind) =>
    Object.entries(KIND_LOOKS[kind].facts).flatMap(([name, { label, Fact: Own }]) => {
      const text = factText(task.config[kind]?.[name]);
      if (text === '') return [];
      return [
        [label, Own === undefined ? text : <Own key={name} task={task} />] satisfies [string, ReactNode],
      ];
    }),
  );

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-[0.8125rem] text-muted">{name}</dt>
      <dd className="text-[0.9375rem] whitespace-pre-line tabular-nums wrap-anywhere">{children}</dd>
    </div>
  );
}

/** Longer instructions are folded, so that what comes below is not pushed off the screen. */
const FOLDED_CHARS = 400;
const FOLDED_LINES = 8;

function Folded({ text }: { text: string }) {
  const isLong = text.length > FOLDED_CHARS || text.split('\n').length > FOLDED_LINES;
  const [open, setOpen] = useState(!isLong);
  return (
    <>
      <div className={cn(!open && 'max-h-40 overflow-hidden mask-b-from-70%')}>
        <Markdown text={text} heading="h3" />
      </div>
      {isLong && (
        <DisclosureButton open={open} onOpenChange={setOpen}>
          {open ? 'Show less' : 'Show all'}
        </DisclosureButton>
      )}
    </>
  );
}

/** The task's instruction and settings. */
export function TaskFacts({ task, className }: { task: TaskDetailView; className?: string }) {
  const { endAt, pacing } = task.config;
  return (
    <aside aria-label="About this task" className={cn('space-y-6', className)}>
      {readsWords(task.agent?.kind ?? null) && (
        <section>
          <h2 className="mb-1.5 text-[0.8125rem] text-muted">Instruction</h2>
          <Folded text={task.instruction} />
        </section>
      )}
      <dl className="grid grid-cols-2 gap-4 xl:grid-cols-1">
        <Fact name="When it runs">
          <AutomationLabel task={task} />
        </Fact>
        <Fact name="Agent">
          {task.agent === null ? 'none' : `${task.agent.name} (${KIND_LOOKS[task.agent.kind].label})`}
        </Fact>
        {settingFacts(task).map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
        <Fact name="Runs so far">{task.totalTopics + task.counts.continuedRuns}</Fact>
        {task.maxTopics !== null && (
          <Fact name="Runs by itself since its start">
            {task.context.scheduler.automationRuns} of at most {task.maxTopics}
          </Fact>
        )}
        <Fact name="Failures in a row">{task.context.scheduler.consecutiveFailures}</Fact>
        <Fact name="A run counts as lost after">{formatDuration(task.heartbeatTimeout)}</Fact>
        {pacing !== undefined && (
          <Fact name="Wait the agent may choose">
            {formatDuration(pacing.minSeconds)} to {formatDuration(pacing.maxSeconds)}
          </Fact>
        )}
        {endAt !== undefined && (
          <Fact name="Ends on">
            <LocalText read={() => formatDateTime(new Date(endAt))} />
          </Fact>
        )}
        {task.agent?.kind === 'command' && <TaskFolder taskId={task.id} />}
        <Fact name="Created">
          <RelativeTime at={task.createdAt} />
        </Fact>
      </dl>
    </aside>
  );
}
