'use client';

import { AGENT_KINDS, readsWords, type TaskDetailView } from '@everbeat/domain';
import type { ReactNode } from 'react';
import { Markdown } from '@/components/ui/markdown';
import { RelativeTime } from '@/components/ui/time';
import { textsOf } from '@/features/agents/kindForm';
import { KIND_FORMS } from '@/features/agents/kinds';
import { formatDuration } from '@/lib/format/duration';
import { formatDateTime } from '@/lib/format/time';
import { AutomationLabel } from '../shared/AutomationLabel';
import { TaskFolder } from './TaskFolder';

/** The task's settings for each kind of agent. */
const settingFacts = (task: TaskDetailView): [name: string, value: ReactNode][] =>
  AGENT_KINDS.flatMap((kind) => {
    const { fields = {}, factLabels = {} } = KIND_FORMS[kind].taskSettings ?? {};
    const texts = Object.entries(textsOf(fields, task.config[kind])).filter(([, text]) => text !== '');
    return texts.map(([name, text]): [string, ReactNode] => {
      const Own = fields[name]?.Fact;
      return [factLabels[name] ?? name, Own === undefined ? text : <Own key={name} task={task} />];
    });
  });

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-[0.8125rem] text-muted">{name}</dt>
      <dd className="text-[0.9375rem] tabular-nums">{children}</dd>
    </div>
  );
}

/** The task's instruction and settings. */
export function TaskFacts({ task }: { task: TaskDetailView }) {
  const { endAt, pacing } = task.config;
  return (
    <aside aria-label="About this task" className="space-y-6">
      {readsWords(task.agent?.kind ?? null) && (
        <section>
          <h2 className="mb-1.5 text-[0.8125rem] text-muted">Instruction</h2>
          <Markdown text={task.instruction} heading="h3" />
        </section>
      )}
      <dl className="grid grid-cols-2 gap-4 xl:grid-cols-1">
        <Fact name="When it runs">
          <AutomationLabel task={task} />
        </Fact>
        <Fact name="Agent">
          {task.agent === null ? 'none' : `${task.agent.name} (${KIND_FORMS[task.agent.kind].label})`}
        </Fact>
        {settingFacts(task).map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
        <Fact name="Runs so far">{task.totalTopics}</Fact>
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
        {endAt !== undefined && <Fact name="Ends on">{formatDateTime(new Date(endAt))}</Fact>}
        {task.agent?.kind === 'command' && <TaskFolder taskId={task.id} />}
        <Fact name="Created">
          <RelativeTime at={task.createdAt} />
        </Fact>
      </dl>
    </aside>
  );
}
