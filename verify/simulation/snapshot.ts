import type {
  AnswerEffect,
  BriefActionView,
  BriefPurpose,
  ChannelKind,
  DeliveryReason,
  DeliveryStatus,
  DueReason,
  FailureClass,
  NewsKind,
  OperationStatus,
  ReviewVerdict,
  RuleValue,
  SpendState,
  TaskStatus,
  TickOutcome,
  Trigger,
} from '@everbeat/domain';
import { INVARIANTS_SQL } from '@everbeat/testkit';
import type pg from 'pg';

/** Times in all rows are ISO 8601 text. */
export interface TaskRow {
  id: string;
  user_id: string;
  identifier: string;
  status: TaskStatus;
  automation_mode: string | null;
  failures: number;
  /** Runs in a row whose process was lost. */
  lost_runs: number;
  /** Whether it waits for a far side that is away. */
  is_waiting: boolean;
  /** How long the armed attempt waits, if it is a further one at the same occurrence. */
  retry_wait_seconds: number | null;
  token: string | null;
  due_at: string | null;
  /**
   * The longest time to the next beat that its rule gives. Null: it gives none, as an edit by hand took the
   * interval.
   */
  rule_seconds: number | null;
  /** When its person last looked at it. */
  seen_at: string | null;
}

export interface OperationRow {
  id: string;
  task_id: string;
  user_id: string;
  trigger: Trigger;
  status: OperationStatus;
  error_code: string | null;
  failure_class: FailureClass | null;
  /** Of a check. */
  verdict: ReviewVerdict | null;
  finished_at: string | null;
  lease_expires_at: string;
}

export interface BriefRow {
  id: string;
  task_id: string;
  user_id: string;
  actions: BriefActionView[];
  purpose: BriefPurpose | null;
  title: string;
  occurrences: number;
  expires_at: string | null;
  default_action: string | null;
  escalate_at: string | null;
  resolved_at: string | null;
  resolved_action: string | null;
  effect: AnswerEffect['kind'] | null;
  /** Nobody has answered it in time. */
  is_unanswered: boolean;
}

/** A brief was answered, by a person or by its default, or an answer was taken back. */
export interface AnswerRow {
  id: number;
  task_id: string;
  brief_id: string;
  what: 'resolved' | 'default-taken' | 'reopened';
}

export interface TickRow {
  /** The token. */
  id: string;
  task_id: string;
  outcome: TickOutcome | null;
  reason: string | null;
  operation_id: string | null;
  trigger: Trigger;
  armed_at: string;
  due_at: string;
  due_reason: DueReason | null;
  published_at: string;
  publications: number;
}

/** A version of a document. */
export interface DocumentRow {
  id: string;
  task_id: string;
  name: string;
  version: number;
  content: string;
  operation_id: string | null;
}

/** What a rule sends to a channel. */
export interface DeliveryRow {
  id: string;
  task_id: string;
  user_id: string;
  channel_id: string;
  /** Null: it was deleted. */
  channel: ChannelKind | null;
  kind: NewsKind;
  status: DeliveryStatus;
  reason: DeliveryReason | null;
  attempts: number;
  message_id: string | null;
  due_at: string;
  /** What the channel does with such news of its task. */
  rule: RuleValue | null;
}

/** A change of a task's status. */
export interface ChangeRow {
  id: number;
  task_id: string;
  from_status: TaskStatus | null;
  to_status: TaskStatus;
  reason: string | null;
  ref_id: string | null;
}

export interface Dependency {
  task_id: string;
  depends_on_id: string;
}

/** The result of one read: the rows written since the previous read, and what is needed about all rows. */
export interface Reading {
  /** The result of invariants.sql. */
  violations: { violation: string; task_id: string }[];
  tasks: TaskRow[];
  operations: OperationRow[];
  briefs: BriefRow[];
  ticks: TickRow[];
  comments: { id: string }[];
  documents: DocumentRow[];
  deliveries: DeliveryRow[];
  /** Briefs that a rule sends to a channel which nobody has changed, and that have no row of a delivery. */
  untold: { id: string }[];
  /** What became of calls that were reserved for, or whose cost was reported. */
  money: { how: SpendState | 'assumed' }[];
  /** The number of rows of each table; a difference to the snapshot shows that rows have vanished. */
  sizes: Record<Table, number>;
  dependencies: Dependency[];
  /** The changes of status since the previous read, oldest first. */
  changes: ChangeRow[];
  /** The same of answers. */
  answers: AnswerRow[];
  /** Where the next read begins. */
  next_xid: number;
}

const TABLES = ['tasks', 'operations', 'briefs', 'ticks', 'comments', 'documents', 'deliveries'] as const;
type Table = (typeof TABLES)[number];

/** All rows as of the last read, by id. */
export class Snapshot {
  readonly tasks = new Map<string, TaskRow>();
  readonly operations = new Map<string, OperationRow>();
  readonly briefs = new Map<string, BriefRow>();
  readonly ticks = new Map<string, TickRow>();
  readonly comments = new Map<string, { id: string }>();
  readonly documents = new Map<string, DocumentRow>();
  readonly deliveries = new Map<string, DeliveryRow>();
  dependencies: Dependency[] = [];

  add(reading: Reading): void {
    for (const row of reading.tasks) this.tasks.set(row.id, row);
    for (const row of reading.operations) this.operations.set(row.id, row);
    for (const row of reading.briefs) this.briefs.set(row.id, row);
    for (const row of reading.ticks) this.ticks.set(row.id, row);
    for (const row of reading.comments) this.comments.set(row.id, row);
    for (const row of reading.documents) this.documents.set(row.id, row);
    for (const row of reading.deliveries) this.deliveries.set(row.id, row);
    this.dependencies = reading.dependencies;
  }

  /** Whether the snapshot has as many rows as the read counted. */
  isWhole({ sizes }: Reading): boolean {
    return TABLES.every((table) => this[table].size === sizes[table]);
  }
}

/** The longest time between two cron times of a simulated task: an hour. */
export const RULE_SECONDS_MAX = 3_600;

/** `xmin` is the id of the transaction that wrote a row. */
const WRITTEN_SINCE = 'xmin::text::bigint >= $4::bigint';

const listOf = (select: string): string => `(select coalesce(json_agg(r), '[]') from (${select}) r)`;

const SQL = `select json_build_object(
  'violations', ${listOf(INVARIANTS_SQL.replaceAll(/;\s*$/g, ''))},
  'tasks', ${listOf(`select id, user_id, identifier, status, automation_mode,
    coalesce((context -> 'scheduler' ->> 'consecutiveFailures')::int, 0) as failures,
    coalesce((context -> 'scheduler' ->> 'lostRuns')::int, 0) as lost_runs,
    coalesce(context -> 'scheduler' -> 'streak' ->> 'count' <> '0', false) as is_waiting,
    (context #>> '{scheduler,retry,waitSeconds}')::int as retry_wait_seconds,
    context -> 'scheduler' ->> 'tickToken' as token, context -> 'scheduler' ->> 'dueAt' as due_at,
    case automation_mode when 'schedule' then ${RULE_SECONDS_MAX}
      when 'heartbeat' then heartbeat_interval + greatest(0, (config #>> '{pacing,maxSeconds}')::int - heartbeat_interval)
      end as rule_seconds, seen_at
    from everbeat.tasks where ${WRITTEN_SINCE} and deleted_at is null order by id`)},
  'operations', ${listOf(`select id, task_id, user_id, trigger, status, error_code, failure_class, review ->> 'verdict' as verdict, finished_at, lease_expires_at
    from everbeat.operations where ${WRITTEN_SINCE} order by id`)},
  'briefs', ${listOf(`select id, task_id, user_id, actions, purpose, title, occurrences, expires_at, default_action, escalate_at,
    resolved_at, resolved_action, resolved_effect ->> 'kind' as effect,
    coalesce(resolved_effect -> 'isUnanswered' = 'true', false) as is_unanswered
    from everbeat.briefs where ${WRITTEN_SINCE} order by id`)},
  'ticks', ${listOf(`select token as id, task_id, outcome, reason, operation_id, trigger, armed_at, due_at, due_reason, published_at, publications
    from everbeat.task_ticks where ${WRITTEN_SINCE} order by token`)},
  'comments', ${listOf(`select id from everbeat.task_comments where ${WRITTEN_SINCE} order by id`)},
  'documents', ${listOf(`select id, task_id, name, version, content, operation_id
    from everbeat.task_documents where ${WRITTEN_SINCE} order by id`)},
  'deliveries', ${listOf(`select d.id, d.task_id, d.user_id, d.channel_id, c.kind as channel, d.kind, d.status, d.reason, d.attempts,
    d.message_id, d.due_at, coalesce(r.rules ->> d.kind, c.rules ->> d.kind) as rule
    from everbeat.deliveries d left join everbeat.channels c on c.id = d.channel_id and c.user_id = d.user_id
    left join everbeat.channel_task_rules r on r.task_id = d.task_id and r.channel_id = d.channel_id
    where d.${WRITTEN_SINCE} order by d.id`)},
  'untold', ${listOf(`select distinct b.id from everbeat.briefs b join everbeat.channels c on c.user_id = b.user_id
    left join everbeat.channel_task_rules r on r.task_id = b.task_id and r.channel_id = c.id
    cross join lateral (select everbeat.news_kind(b.type, b.priority, b.purpose) as kind) n
    where b.${WRITTEN_SINCE} and c.updated_at = c.created_at and c.id is distinct from b.channel_id
      and coalesce(r.rules ->> n.kind, c.rules ->> n.kind, 'never') <> 'never'
      and not exists (select 1 from everbeat.deliveries d where d.brief_id = b.id and d.channel_id = c.id)`)},
  'money', ${listOf(`select distinct case when is_assumed then 'assumed' else state end as how
    from everbeat.spend_entries where ${WRITTEN_SINCE}`)},
  'sizes', json_build_object(
    'tasks', (select count(*) from everbeat.tasks where deleted_at is null), 'operations', (select count(*) from everbeat.operations),
    'briefs', (select count(*) from everbeat.briefs), 'ticks', (select count(*) from everbeat.task_ticks),
    'comments', (select count(*) from everbeat.task_comments),
    'documents', (select count(*) from everbeat.task_documents),
    'deliveries', (select count(*) from everbeat.deliveries)),
  'dependencies', ${listOf('select task_id, depends_on_id from everbeat.task_dependencies order by 1, 2')},
  'changes', ${listOf(`select id, task_id, from_status, to_status, reason, ref_id from everbeat.task_activities
    where kind = 'status' and id > $3 order by id`)},
  'answers', ${listOf(`select id, task_id, ref_id as brief_id, reason as what from everbeat.task_activities
    where kind = 'brief' and reason in ('resolved', 'default-taken', 'reopened') and id > $5 order by id`)},
  'next_xid', pg_snapshot_xmin(pg_current_snapshot())::text::bigint
) as reading`;

/**
 * Reads everything in one statement, and so as of one moment. A row of the ledger may be open for
 * `horizonSeconds` after its due time.
 */
export async function readDatabase(
  pool: pg.Pool,
  since: {
    now: Date;
    horizonSeconds: number;
    afterChangeId: number;
    afterAnswerId: number;
    sinceXid: number;
  },
): Promise<Reading> {
  const { rows } = await pool.query<{ reading: Reading }>({
    name: 'simulation_read',
    text: SQL,
    values: [
      since.now.toISOString(),
      since.horizonSeconds,
      since.afterChangeId,
      since.sinceXid,
      since.afterAnswerId,
    ],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('The read returned no row');
  return row.reading;
}
