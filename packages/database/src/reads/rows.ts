import {
  type ActivityView,
  type BriefView,
  type CommentView,
  fieldChangesSchema,
  type MessageView,
  type OperationView,
  parseSchedulerState,
  parseTaskConfig,
  type RunMark,
  type StoredAgent,
  type StoredMcpServer,
  type StoredTask,
  type Task,
  type TaskRefView,
  type TickView,
  type TopicView,
} from '@everbeat/domain';
import {
  agents,
  briefs,
  mcpServers,
  messages,
  operations,
  taskActivities,
  taskComments,
  tasks,
  taskTicks,
  topics,
} from '../schema';
import { type Selection, selection, selectionWithout } from '../sql/columns';

/**
 * The columns of each view. Those that a view does not show are named here; a column that is neither shown by
 * the view's type nor named here does not compile.
 */

export const MCP_SERVER: Selection<StoredMcpServer> = selectionWithout(mcpServers, ['userId']);

export const AGENT: Selection<StoredAgent> = selectionWithout(agents, ['userId', 'checkSince', 'checkDueAt']);

/** The row of the topic alone, without what is known of its runs. */
const TOPIC_ROW: Selection<Omit<TopicView, 'runs' | 'workedMs'>> = selectionWithout(topics, ['userId']);

/** The columns of a topic and of its runs, from the SQL rows of these names. */
export const topicColumns = (topic: string, work: string): string =>
  `${TOPIC_ROW.of(topic)}, coalesce(${work}.runs, 1) as runs, coalesce(${work}.worked_ms, 0) as "workedMs"`;
export const toTopicView = (row: TopicView): TopicView => {
  TOPIC_ROW.parse(row);
  return row;
};

/**
 * What follows a row source of topics: the runs of each of them, named `work`. Reads operations_task_idx
 * once.
 */
export const topicWork = (topic: string, work: string, taskId: string): string => `
  left join (
    select o.topic_id, count(*)::int as runs,
      coalesce(sum(extract(epoch from o.finished_at - o.started_at)) * 1000, 0)::float8 as worked_ms
    from everbeat.operations o where o.task_id = ${taskId} and o.trigger <> 'review' group by o.topic_id
  ) ${work} on ${work}.topic_id = ${topic}.id`;

/** As stored: the content of a prompt is put together from its recipe. */
type StoredMessage = Omit<MessageView, 'note'> & { operationId: string | null; recipe: Buffer | null };
export type MessageRow = StoredMessage & { taskId: string };
export const MESSAGE: Selection<StoredMessage> = selectionWithout(messages, ['userId']);

export const COMMENT: Selection<CommentView> = selectionWithout(taskComments, ['userId']);

export const OPERATION: Selection<OperationView> = selectionWithout(operations, [
  'userId',
  'claimedFrom',
  'continuesTopic',
  'extraPrompt',
  'callbackHash',
  'executedAt',
  'leaseExpiresAt',
  'leaseEpoch',
  'losses',
  'review',
]);

/** The row of the ledger alone, without what is known of the run that it started. */
const TICK_ROW: Selection<Omit<TickView, 'attempt' | 'failureClass'>> = selectionWithout(taskTicks, [
  'taskId',
  'userId',
  'publishedAt',
  'messageId',
]);

/** The columns of a tick and of its run, from the SQL rows of these names. */
export const tickColumns = (tick: string, run: string): string =>
  `${TICK_ROW.of(tick)}, ${run}.attempt, ${run}.failure_class as "failureClass"`;
export const toTickView = (row: TickView): TickView => {
  TICK_ROW.parse(row);
  return row;
};

const BRIEF: Selection<
  Omit<
    BriefView,
    'taskIdentifier' | 'taskName' | 'taskAutomationMode' | 'taskAgentKind' | 'taskPageUrl' | 'escalateAt'
  >
> = selectionWithout(briefs, [
  'userId',
  'farSide',
  'agentId',
  'channelId',
  'subjectIds',
  'snoozedAt',
  'snoozedUntil',
  'escalateAt',
  'escalatedAt',
  'askedAt',
]);
/**
 * When a channel asks it again, if one does. Looked for only where a question is open, and not put off
 * without an end.
 */
const escalateAt = (
  brief: string,
): string => `case when ${brief}.resolved_at is null and ${brief}.escalate_at is not null
    and (${brief}.snoozed_at is null or ${brief}.snoozed_until is not null)
    and exists (select 1 from everbeat.channels c
      left join everbeat.channel_task_rules r on r.task_id = ${brief}.task_id and r.channel_id = c.id
      where c.user_id = ${brief}.user_id and c.is_enabled
        and coalesce(r.rules ->> 'unanswered', c.rules ->> 'unanswered', 'never') <> 'never')
    then greatest(${brief}.escalate_at, ${brief}.snoozed_until) end`;
/** The columns of a brief joined with its task, from the SQL rows of these names. */
export const briefColumns = (brief: string, task: string): string =>
  `${BRIEF.of(brief)}, ${task}.identifier as "taskIdentifier", ${task}.name as "taskName",
  ${task}.automation_mode as "taskAutomationMode", ${escalateAt(brief)} as "escalateAt",
  (select kind from everbeat.agents where id = ${task}.agent_id) as "taskAgentKind",
  (select coalesce(${task}.config #>> '{watch,url}', config ->> 'url') from everbeat.agents
    where id = ${task}.agent_id and kind = 'watch') as "taskPageUrl"`;
export const toBriefView = (row: BriefView): BriefView => {
  BRIEF.parse(row);
  return { ...row, escalateAt: row.escalateAt && new Date(row.escalateAt) };
};

export type ActivityRow = Omit<ActivityView, 'id'> & { id: number };
export const ACTIVITY: Selection<ActivityRow> = selectionWithout(taskActivities, ['tx', 'userId']);
export const toActivityView = (row: ActivityRow): ActivityView => ({
  ...ACTIVITY.parse(row),
  id: String(row.id),
  // A hand edit may leave anything there.
  changes: fieldChangesSchema.parse(row.changes),
});

/** An activity as live pages receive it: they read what it changed where they show it. */
export type EventRow = Omit<ActivityRow, 'changes'>;
export const EVENT: Selection<EventRow> = selectionWithout(taskActivities, ['tx', 'userId', 'changes']);

export const TASK_REF: Selection<TaskRefView> = selection(tasks, ['id', 'identifier', 'name', 'status']);

/** The columns of a linked task, from the SQL row of this name. */
export const linkedTaskColumns = (
  task: string,
): string => `${TASK_REF.of(task)}, json_build_object('scheduler',
  json_build_object('blockedBy', ${task}.context -> 'scheduler' ->> 'blockedBy')) as context`;

export const RUN_MARK: Selection<Omit<RunMark, 'number'>> = selection(operations, [
  'id',
  'status',
  'startedAt',
  'finishedAt',
]);

export type TaskRow = Omit<Task, 'userId' | 'number' | 'deletedAt'>;
export const TASK: Selection<TaskRow> = selectionWithout(tasks, [
  'userId',
  'number',
  'deletedAt',
  'instructionAuthor',
  'thinAtTopics',
  'thinnedTo',
]);

export function toStoredTask({ config, ...row }: TaskRow): StoredTask {
  // A hand edit may leave anything there; one bad row must not fail a list.
  const context = typeof row.context === 'object' && row.context !== null ? row.context : {};
  const scheduler = parseSchedulerState('scheduler' in context ? context.scheduler : undefined);
  const dueAt = row.status === 'scheduled' && scheduler.tickToken !== null ? scheduler.dueAt : null;
  return {
    ...row,
    storedConfig: parseTaskConfig(config),
    context: { ...context, scheduler },
    nextRunAt: dueAt === null ? null : new Date(dueAt),
  };
}
