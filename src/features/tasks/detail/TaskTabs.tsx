'use client';

import type { TaskDetailView } from '@everbeat/domain';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { Tabs } from '@/components/ui/tabs';
import { DocumentsTab } from '../documents/DocumentsTab';
import { CommentsTab } from './CommentsTab';
import { HistoryTab } from './HistoryTab';
import { LinksTab } from './LinksTab';
import { RunsTab } from './RunsTab';
import { TaskBriefsTab } from './TaskBriefsTab';

const TAB_NAMES = ['runs', 'briefs', 'documents', 'comments', 'history', 'links'] as const;

export function TaskTabs({ task }: { task: TaskDetailView }) {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(TAB_NAMES).withDefault('runs'));
  return (
    <Tabs
      label="Task details"
      value={tab}
      onValueChange={(value) => void setTab(value)}
      items={[
        { value: 'runs', label: 'Runs', content: <RunsTab task={task} /> },
        {
          value: 'briefs',
          label: 'Briefs',
          count: task.counts.openBriefs,
          content: <TaskBriefsTab task={task} />,
        },
        {
          value: 'documents',
          label: 'Documents',
          count: task.documents.length,
          content: <DocumentsTab task={task} />,
        },
        {
          value: 'comments',
          label: 'Comments',
          count: task.counts.comments,
          content: <CommentsTab task={task} />,
        },
        { value: 'history', label: 'History', content: <HistoryTab task={task} /> },
        {
          value: 'links',
          label: 'Linked tasks',
          count: task.counts.subtasks + task.dependencies.length + task.counts.dependents,
          content: <LinksTab task={task} />,
        },
      ]}
    />
  );
}
