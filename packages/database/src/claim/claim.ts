import {
  type AgentKind,
  type Author,
  LIMITS,
  type RunPool,
  type Task,
  type TaskState,
  TRIGGERS,
  type Trigger,
  toInstant,
} from '@everbeat/domain';
import type { operations, tasks } from '../schema';
import { agentOfRun, asToken, contextOf } from '../sql/arm';
import type { RowOf } from '../sql/columns';
import { hasUnread } from '../sql/inbox';
import { type LockWait, lockWait } from '../sql/lockWait';
import { firstRow, type Queryable } from '../sql/queryable';
import { quoted } from '../sql/quoted';
import { statusColumns } from '../sql/statusColumns';
import {
  blockingBrief,
  IS_OPEN,
  RUNNING_COLUMNS,
  type RunningRow,
  TASK_STATE_COLUMNS,
  TASK_STATE_RAW_COLUMNS,
  type TaskStateRow,
  taskStateColumnsFrom,
  toOperation,
  toTaskState,
} from '../state/taskState';

/** A request to start an operation. `tickToken` is null for manual runs. */
export interface ClaimRequest {
  taskId: string;
  userId: string;
  tickToken: string | null;
  /**
   * A manual run names the revision it was decided from. Everything committed up to it, including the open
   * row of the ledger, is then visible to the statement. Null for a tick, whose token serves the same
   * purpose.
   */
  revision: number | null;
  operationId: string;
  /** The id of the new topic. Unused when the run continues another one. */
  topicId: string;
  /** The topic that a manual run continues. That of a tick is in its arm. */
  continueTopicId: string | null;
  extraPrompt: string | null;
  callbackHash: string;
  /** The caller will not execute it: another process will begin it, once, with `beginExecution`. */
  deferred: boolean;
  /**
   * The pools in which the caller holds a place: a task whose agent needs another is left unclaimed
   * (PROTOCOL §4.2). Null claims whatever kind the agent is of.
   */
  pools: readonly RunPool[] | null;
}

/** The claimed task as it is now (running, at its new revision), and everything that is needed to run it. */
export interface ClaimedRun {
  state: TaskState;
  operationId: string;
  topicId: string;
  trigger: Trigger;
  /**
   * The same for every attempt at one occurrence: what an agent can use as the key under which it does its
   * work once.
   */
  occurrence: string;
  /** Counts the attempts at one occurrence from 1. */
  attempt: number;
  instruction: string;
  instructionAuthor: Author;
  extraPrompt: string | null;
  /** Its configuration is as it is stored, with sealed secrets. */
  agent: { id: string; kind: AgentKind; config: Record<string, unknown> } | null;
  /** What the agent stored, if it is small; null if there is nothing, or if `hasLargeMemory`. */
  memory: unknown;
  /**
   * The memory is read when the run begins (`loadMemories`): a batch of claims does not hold many of them.
   */
  hasLargeMemory: boolean;
  /** The message of an arm that this claim superseded. The scheduler may cancel it. */
  supersededMessageId: string | null;
  /** When its lease began. */
  leaseFrom: Date;
  /**
   * Names this execution of the operation: another process that takes it over has a higher one (PROTOCOL §9).
   */
  leaseEpoch: number;
  /** Whether its owner has set caps for everything that is theirs. */
  hasOwnerBudget: boolean;
}

/** What a new operation begins with. */
const NEW_OPERATION = { operationStatus: 'running', leaseEpoch: 0, losses: 0 } as const;

type ClaimedRow = TaskStateRow &
  Omit<RunningRow, keyof typeof NEW_OPERATION> &
  Pick<Task, 'instruction'> &
  Pick<RowOf<typeof tasks>, 'instructionAuthor'> &
  Pick<RowOf<typeof operations>, 'extraPrompt'> & {
    /** Null also where the agent is another user's. */
    agentKind: AgentKind | null;
    /** The agent that runs: the reviewer, if the run checks the work of another. */
    runAgentId: string | null;
    agentConfig: Record<string, unknown>;
    memory: unknown;
    hasLargeMemory: boolean;
    supersededMessageId: string | null;
    hasOwnerBudget: boolean;
  };

/**
 * By what it takes in the row, compressed; such a memory is rarely longer than some ten kilobytes of text.
 */
const SMALL_MEMORY_BYTES_MAX = 4_000;
const MEMORY_COLUMNS = `case when pg_column_size(m.memory) <= ${SMALL_MEMORY_BYTES_MAX} then m.memory end as memory,
    coalesce(pg_column_size(m.memory) > ${SMALL_MEMORY_BYTES_MAX}, false) as "hasLargeMemory"`;

/** `user`: the SQL of its owner's id. */
const hasOwnerBudget = (user: string): string =>
  `coalesce((select u.budget <> '{}' from everbeat.users u where u.id = ${user}), false) as "hasOwnerBudget"`;

/** A tick that tries again carries the occurrence from its first attempt; every other run begins its own. */
const RETRIED = asToken("(c.arm -> 'retry' ->> 'occurrence')");
const OCCURRENCE = `case when c.tick_token is null then c.operation_id else coalesce(${RETRIED}, c.tick_token::uuid) end`;
const ATTEMPT = `case when c.tick_token is not null and jsonb_typeof(c.arm -> 'retry' -> 'attempt') = 'number'
        then greatest(1, least(${LIMITS.attemptMax}, (c.arm -> 'retry' ->> 'attempt')::numeric))::int else 1 end`;
/** Where a person started the first attempt, the occurrence is its id: what was added to it counts again. */
const EXTRA_PROMPT = `case when c.tick_token is null or c.arm -> 'retry' is null then c.extra_prompt
        else (select p.extra_prompt from everbeat.operations p where p.id = ${RETRIED} and p.task_id is not distinct from t.id) end`;

/** `onHeld`: what happens with a task whose row another session holds. */
const claimSql = (wait: LockWait, onHeld: 'skip locked' | ''): string => `
  with input as (
    select i.* from jsonb_to_recordset($1::jsonb) as i(
      task_id uuid, user_id text, tick_token text, revision int, operation_id uuid, topic_id uuid,
      continue_topic_id uuid, extra_prompt text, callback_hash text, deferred boolean, pools text[]), ${lockWait(wait)}
  ), locked as (
    select i.*, t.status as claimed_from, t.context -> 'scheduler' as arm,
      a.id as run_agent_id, a.kind as agent_kind, a.config as agent_config,
      exists (${blockingBrief('t.id')}) as human_waiting, ${hasUnread('t')} as has_unread,
      case when i.tick_token is null then 'manual'
           when t.context -> 'scheduler' ->> 'trigger' in (${quoted(TRIGGERS)})
             then t.context -> 'scheduler' ->> 'trigger'
           else coalesce(t.automation_mode, 'manual') end as trigger,
      case when i.tick_token is null then i.continue_topic_id
           when t.context -> 'scheduler' ? 'continueTopicId' then (
             select p.id from everbeat.topics p
             where p.id = ${asToken("(t.context -> 'scheduler' ->> 'continueTopicId')")} and p.task_id = t.id)
      end as continued_topic_id
    from input i join everbeat.tasks t on t.id = i.task_id
    left join everbeat.agents a on a.user_id = t.user_id
      and a.id = ${agentOfRun("case when i.tick_token is not null then t.context -> 'scheduler' ->> 'trigger' end")}
    where t.user_id = i.user_id
      and (i.pools is null or coalesce(a.kind, 'none') = any(i.pools))
      and case when i.tick_token is null then
        t.status <> 'running' and t.revision = i.revision
        and (i.continue_topic_id is null
          or exists (select 1 from everbeat.topics p where p.id = i.continue_topic_id and p.task_id = t.id))
      else
        t.status = 'scheduled'
        and t.context -> 'scheduler' ->> 'tickToken' = i.tick_token
        and t.context -> 'scheduler' ->> 'dueAt' <= $3
        and t.context -> 'scheduler' ->> 'blockedBy' is null
        and coalesce(t.context -> 'scheduler' ->> 'endAt' >= $4, true)
        and not exists (${blockingBrief('t.id')})
        and (t.context -> 'scheduler' ->> 'trigger' is null
          or t.context -> 'scheduler' ->> 'trigger' not in ('heartbeat', 'schedule')
          or t.context -> 'scheduler' ->> 'trigger' = t.automation_mode)
        and (t.automation_mode is distinct from 'heartbeat' or t.heartbeat_interval > 0)
      end
      and not exists (select 1 from everbeat.operations o where o.task_id = t.id and ${IS_OPEN})
    order by t.id
    for update of t ${onHeld}
  ), chosen as (
    select distinct on (task_id) * from locked
  ), claimed as (
    update everbeat.tasks t set
      status = 'running', revision = t.revision + 1, updated_at = $2::timestamptz,
      ${statusColumns("'running'", (column) => `t.${column}`)},
      total_topics = t.total_topics + case when c.continued_topic_id is null then 1 else 0 end,
      context = jsonb_set(${contextOf('t.context')}, '{scheduler}',
        coalesce(t.context -> 'scheduler', '{}') || '{"tickToken":null,"tickMessageId":null}')
    from chosen c where t.id = c.task_id
    returning ${TASK_STATE_RAW_COLUMNS}, t.instruction, t.instruction_author, c.human_waiting, c.has_unread, c.claimed_from, c.trigger,
      c.tick_token, ${OCCURRENCE} as occurrence, ${ATTEMPT} as attempt,
      c.operation_id, c.continued_topic_id, coalesce(c.continued_topic_id, c.topic_id) as topic_id,
      ${EXTRA_PROMPT} as extra_prompt, c.callback_hash, c.deferred, c.arm, c.run_agent_id, c.agent_kind, c.agent_config,
      $2::timestamptz + make_interval(secs => t.heartbeat_timeout) as lease_expires_at
  ), new_topics as (
    insert into everbeat.topics (id, task_id, user_id, number, trigger, status, created_at)
    select topic_id, id, user_id, total_topics, trigger, 'running', $2::timestamptz
    from claimed where continued_topic_id is null
  ), continued_topics as (
    update everbeat.topics p set status = 'running', ended_at = null, error = null, failure_class = null
    from claimed c where p.id = c.continued_topic_id
  ), new_operations as (
    insert into everbeat.operations (id, task_id, topic_id, user_id, trigger, status, tick_token, occurrence, attempt, claimed_from,
      continues_topic, extra_prompt, callback_hash, started_at, executed_at, heartbeat_at, lease_expires_at)
    select operation_id, id, topic_id, user_id, trigger, 'running', tick_token::uuid, occurrence, attempt, claimed_from,
      continued_topic_id is not null, extra_prompt, callback_hash, $2::timestamptz, case when not deferred then $2::timestamptz end, $2::timestamptz, lease_expires_at
    from claimed
  ), ended_ticks as (
    update everbeat.task_ticks k set
      outcome = case when c.tick_token is null then 'superseded' else 'fired' end,
      reason = case when c.tick_token is null then 'manual-run' end,
      operation_id = c.operation_id,
      late_ms = case when c.tick_token is null then null
        else greatest(0, round(extract(epoch from ($2::timestamptz - k.due_at)) * 1000)) end,
      ended_at = $2::timestamptz
    from claimed c
    where k.token = ${asToken(`coalesce(c.tick_token, c.arm ->> 'tickToken')`)} and k.outcome is null
  ), history as (
    insert into everbeat.task_activities (task_id, user_id, kind, from_status, to_status, reason, ref_id, created_at)
    select id, user_id, 'status', claimed_from, 'running', trigger, operation_id, $2::timestamptz from claimed
  )
  select ${taskStateColumnsFrom('c')}, c.human_waiting as "humanWaiting", c.has_unread as "hasUnread", c.instruction,
    c.instruction_author as "instructionAuthor",
    c.operation_id as "operationId", c.topic_id as "topicId", c.trigger, c.tick_token as "tickToken",
    c.occurrence, c.attempt, c.claimed_from as "claimedFrom",
    c.continued_topic_id is not null as "continuesTopic", c.extra_prompt as "extraPrompt",
    c.run_agent_id as "runAgentId", c.agent_kind as "agentKind", c.agent_config as "agentConfig",
    ${MEMORY_COLUMNS}, ${hasOwnerBudget('c.user_id')}, case when c.tick_token is null then c.arm ->> 'tickMessageId' end as "supersededMessageId"
  from claimed c
  left join everbeat.task_memories m on m.task_id = c.id`;

const CLAIMS = {
  shared: { name: 'everbeat_claim', text: claimSql('shared', 'skip locked') },
  alone: { name: 'everbeat_claim_alone', text: claimSql('alone', '') },
} as const satisfies Record<LockWait, object>;

/**
 * Takes tasks to `running`, each with its topic, its operation, the end of its arm in the ledger and its
 * history row, in one statement (PROTOCOL §3.1). Returns the claimed runs by operation id. If a
 * task does not meet every condition, nothing is written for its request and it is missing from the result.
 * A `shared` claim also leaves out tasks whose row another session holds; one made `alone` waits for it.
 * @throws 55P03 when the wait for a held row is over; nothing was written then
 */
export async function claimOperations(
  db: Queryable,
  requests: readonly ClaimRequest[],
  now: Date,
  wait: LockWait = 'shared',
): Promise<Map<string, ClaimedRun>> {
  const { rows } = await db.query<ClaimedRow>({
    ...CLAIMS[wait],
    values: [
      JSON.stringify(requests.map(toInputRow)),
      toInstant(now),
      toInstant(new Date(now.getTime() + LIMITS.earlyToleranceMs)),
      toInstant(now),
    ],
  });
  // Not a copy of each row: it has so many columns that copying it costs more than the rest of a claim.
  return new Map(rows.map((row) => [row.operationId, toClaimedRun(Object.assign(row, NEW_OPERATION), now)]));
}

const toInputRow = (request: ClaimRequest) => ({
  task_id: request.taskId,
  user_id: request.userId,
  tick_token: request.tickToken,
  revision: request.revision,
  operation_id: request.operationId,
  topic_id: request.topicId,
  continue_topic_id: request.continueTopicId,
  extra_prompt: request.extraPrompt,
  callback_hash: request.callbackHash,
  deferred: request.deferred,
  pools: request.pools,
});

/** Field by field, for the reason of `toTaskState`. */
const toClaimedRun = (row: ClaimedRow & RunningRow, leaseFrom: Date): ClaimedRun => ({
  // A task that runs waits for no other.
  state: toTaskState(row, { operation: toOperation(row), waitsFor: [] }),
  operationId: row.operationId,
  topicId: row.topicId,
  trigger: row.trigger,
  occurrence: row.occurrence ?? row.tickToken ?? row.operationId,
  attempt: row.attempt,
  instruction: row.instruction,
  instructionAuthor: row.instructionAuthor,
  extraPrompt: row.extraPrompt,
  agent:
    row.runAgentId === null || row.agentKind === null
      ? null
      : { id: row.runAgentId, kind: row.agentKind, config: row.agentConfig },
  memory: row.memory,
  hasLargeMemory: row.hasLargeMemory,
  supersededMessageId: row.supersededMessageId,
  leaseFrom,
  leaseEpoch: row.leaseEpoch,
  hasOwnerBudget: row.hasOwnerBudget,
});

/**
 * Begins the execution of an operation in a process other than the one that claimed it, with a new callback
 * secret. This succeeds once for each time it is claimed, released or taken over. Null: it was begun before,
 * has ended, or does not exist.
 */
export async function beginExecution(
  db: Queryable,
  begin: { operationId: string; callbackHash: string },
  now: Date,
): Promise<ClaimedRun | null> {
  const row = await firstRow<ClaimedRow & RunningRow>(db, {
    name: 'everbeat_begin_execution',
    text: `
      with begun as (
        update everbeat.operations o set executed_at = $2::timestamptz, heartbeat_at = $2::timestamptz, callback_hash = $3,
          lease_expires_at = $2::timestamptz + make_interval(secs => t.heartbeat_timeout)
        from everbeat.tasks t, ${lockWait('alone')}
        where o.id = $1::uuid and o.status = 'running' and o.executed_at is null and t.id = o.task_id
        returning o.*
      )
      select ${TASK_STATE_COLUMNS}, t.instruction, t.instruction_author as "instructionAuthor",
        exists (${blockingBrief('t.id')}) as "humanWaiting", ${hasUnread('t')} as "hasUnread", ${RUNNING_COLUMNS}, o.extra_prompt as "extraPrompt",
        a.id as "runAgentId", a.kind as "agentKind", a.config as "agentConfig", ${MEMORY_COLUMNS}, ${hasOwnerBudget('t.user_id')}, null as "supersededMessageId"
      from begun o join everbeat.tasks t on t.id = o.task_id
      left join everbeat.agents a on a.user_id = t.user_id and a.id = ${agentOfRun('o.trigger')}
      left join everbeat.task_memories m on m.task_id = t.id`,
    values: [begin.operationId, toInstant(now), begin.callbackHash],
  });
  return row === null ? null : toClaimedRun(row, now);
}
