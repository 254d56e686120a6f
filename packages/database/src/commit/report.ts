import {
  type CommentView,
  type DocumentVersion,
  LIMITS,
  type MessageView,
  type SchedulerState,
  type Task,
} from '@everbeat/domain';

/** What an agent's report leaves besides briefs. */
export interface ReportInput {
  /** `recipe` is in base64. */
  messages: (Pick<MessageView, 'id' | 'role' | 'content'> & { recipe?: string })[];
  comments: Pick<CommentView, 'id' | 'author' | 'content'>[];
  /** `scheduler`: of one that starts at once, with its arm. Others begin in the backlog. */
  subtasks: (Pick<Task, 'id' | 'name' | 'instruction'> & { scheduler: SchedulerState | null })[];
  /** `{value}` replaces what the runtime stores for the next run; null leaves it. */
  memory: { value: unknown } | null;
  /** The next versions of documents. The decision has counted them at this revision of the task. */
  documents: (DocumentVersion & { id: string })[];
}

export const REPORT_INPUT = {
  messages: 'jsonb',
  comments: 'jsonb',
  subtasks: 'jsonb',
  memory: 'jsonb',
  documents: 'jsonb',
} as const satisfies Record<keyof ReportInput, string>;

/** A message that the run has already stored while it worked is stored once. */
export const NEW_MESSAGES = `new_messages as (
    insert into everbeat.messages (id, topic_id, user_id, operation_id, role, content, recipe, created_at)
    select n.id, w.topic_id, w.user_id, w.operation_id, n.role, n.content, decode(n.recipe, 'base64'), $2::timestamptz
    from written w cross join lateral jsonb_to_recordset(w.messages) as n(id uuid, role text, content text, recipe text)
    where w.topic_id is not null
    on conflict (id) do nothing
  )`;

export const NEW_COMMENTS = `new_comments as (
    insert into everbeat.task_comments (id, task_id, user_id, author, content, created_at)
    select n.id, w.task_id, w.user_id, n.author, n.content, $2::timestamptz
    from written w cross join lateral jsonb_to_recordset(w.comments) as n(id uuid, author text, content text)
    returning id, task_id, user_id
  )`;

/** Draws the numbers of all new subtasks of a user at once; the lock on the user's row keeps them unique. */
export const COUNTERS = `counters as (
    update everbeat.users u set task_counter = u.task_counter + n.size
    from (
      select user_id, sum(jsonb_array_length(subtasks))::int as size
      from written where jsonb_array_length(subtasks) > 0 group by user_id
    ) n
    where u.id = n.user_id
    returning u.id, u.task_counter - n.size as base
  )`;

/** Subtasks have their parent's agent. */
export const NEW_SUBTASKS = `new_subtasks as (
    insert into everbeat.tasks (id, user_id, number, identifier, name, instruction, instruction_author, agent_id, parent_task_id,
      status, context, created_at, updated_at)
    select s.id, s.user_id, s.number, 'T-' || s.number, s.name, s.instruction, 'agent', p.agent_id, s.task_id,
      case when s.scheduler is null then 'backlog' else 'scheduled' end,
      case when s.scheduler is null then '{}'::jsonb else jsonb_build_object('scheduler', s.scheduler) end,
      $2::timestamptz, $2::timestamptz
    from (
      select w.task_id, w.user_id, n.id, n.name, n.instruction, nullif(n.scheduler, 'null') as scheduler,
        c.base + row_number() over (partition by w.user_id order by n.id) as number
      from written w cross join lateral jsonb_to_recordset(w.subtasks) as n(
        id uuid, name text, instruction text, scheduler jsonb)
      join counters c on c.id = w.user_id
    ) s join everbeat.tasks p on p.id = s.task_id
    returning id, user_id, parent_task_id, status, context -> 'scheduler' as scheduler
  )`;

export const MEMORIES = `memories as (
    insert into everbeat.task_memories (task_id, user_id, memory, updated_at)
    select task_id, user_id, memory -> 'value', $2::timestamptz from written where memory is not null
    on conflict (task_id) do update set memory = excluded.memory, updated_at = excluded.updated_at
  )`;

/** As `appended` in the domain does it. */
const APPENDED = `coalesce(d.content || case when right(d.content, 1) in ('', E'\\n') then '' else E'\\n' end, '') || n.content`;

/**
 * A text that is what the document says already makes no version. Every writer of a document holds the lock
 * on its task, so the version before is the newest: a commit has counted it at its revision, and the write of
 * a step, which makes no revision, fails if somebody else has made its version meanwhile.
 */
export const NEW_DOCUMENTS = `new_documents as (
    insert into everbeat.task_documents (id, task_id, user_id, name, version, content, author, operation_id, created_at)
    select n.id, w.task_id, w.user_id, n.name, n.version, n.text, 'agent', w.operation_id, $2::timestamptz
    from written w cross join lateral (
      select n.id, n.name, n.version, d.content as before, case when n.append
        then ${APPENDED} else n.content end as text
      from jsonb_to_recordset(w.documents) as n(id uuid, name text, version int, content text, append boolean)
        left join everbeat.task_documents d
          on d.task_id = w.task_id and d.name = n.name and d.version = n.version - 1) n
    where n.text is distinct from n.before and w.operation_id is not null
    returning task_id, user_id, name, version, operation_id
  )`;

/** The newest versions of a document are kept. */
export const OLD_DOCUMENTS = `old_documents as (
    delete from everbeat.task_documents d using new_documents n
    where d.task_id = n.task_id and d.name = n.name and d.version <= n.version - ${LIMITS.documentVersionsMax}
  )`;
