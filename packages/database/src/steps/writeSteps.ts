import { type DocumentVersion, toInstant } from '@everbeat/domain';
import { NEW_DOCUMENTS, OLD_DOCUMENTS } from '../commit/report';
import type { operationSteps } from '../schema';
import type { RowOf } from '../sql/columns';
import { type LockWait, lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';
import {
  foundIn,
  IS_PAID_FOR,
  JUDGEMENT,
  type JudgedRow,
  MONEY,
  MONEY_INPUT,
  type Reservation,
  type SpendReport,
  type StepsWritten,
} from './money';

/** A step as it is stored; its times are written by the statement. */
export type StepWrite = Omit<RowOf<typeof operationSteps>, 'operationId' | 'startedAt' | 'endedAt'>;

/** Steps of one operation, written by the process that executes it. */
export interface StepsWrite {
  operationId: string;
  /** The operation's, when this process began to execute it. */
  leaseEpoch: number;
  steps: StepWrite[];
  /** The versions of documents that the last of the steps makes. */
  documents?: (DocumentVersion & { id: string })[];
  /** What became of calls of the model that were reserved for. */
  spent?: SpendReport[];
  /** For the step that starts. Refused, the step is not written. */
  reserve?: Reservation | undefined;
}

/**
 * Whoever writes a document holds the lock on its task, and takes it before that of an operation, as a commit
 * does.
 */
const WRITERS = `writers as (
    select t.id from input i join everbeat.operations o on o.id = i."operationId" join everbeat.tasks t on t.id = o.task_id
    where jsonb_array_length(i.documents) > 0
    order by t.id
    for no key update of t
  )`;

/**
 * The documents of steps that this statement has ended: a write that is made again after a lost answer adds
 * none.
 */
const WRITTEN = `written as (
    select h.id as operation_id, h.task_id, h.user_id, h.documents from held h
    where jsonb_array_length(h.documents) > 0 and exists (
      select 1 from recorded r where r.operation_id = h.id and r.ended_at is not null
        and r.index = (select max(s.index) from json_to_recordset(h.steps) as s(index int)))
  )`;

const HISTORY = `history as (
    insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
    select task_id, user_id, 'document', name, operation_id, $2::timestamptz from new_documents
  )`;

const writeSql = (wait: LockWait): string => `
  with input as (
    select i.* from json_to_recordset($1::json) as i("operationId" uuid, "leaseEpoch" int, steps json, documents jsonb, ${MONEY_INPUT}), ${lockWait(wait)}
  ), ${WRITERS}, held as (
    select o.id, o.task_id, o.user_id, o.lease_epoch, i.steps, i.documents, i.spent, i.reserve
    from input i join everbeat.operations o on o.id = i."operationId"
    where o.status = 'running' and o.lease_epoch = i."leaseEpoch" and (select count(*) from writers) >= 0
    order by o.id
    for share of o
  ), ${MONEY}, recorded as (
    insert into everbeat.operation_steps (operation_id, index, kind, name, status, policy, occurrence, input, result, usage,
      brief_id, started_at, ended_at)
    select h.id, s.index, s.kind, s.name, s.status, s.policy, s.occurrence, nullif(s.input::text, 'null')::json, nullif(s.result::text, 'null')::json,
      nullif(s.usage, 'null'), s."briefId", $2::timestamptz,
      case when s.status not in ('started', 'waiting') then $2::timestamptz end
    from held h cross join lateral json_to_recordset(h.steps) as s(index int, kind text, name text, status text, policy text,
      occurrence text, input json, result json, usage jsonb, "briefId" uuid)
    where ${IS_PAID_FOR}
    on conflict (operation_id, index) do update set
      name = excluded.name, status = excluded.status, input = coalesce(excluded.input, operation_steps.input), result = excluded.result,
      usage = excluded.usage, brief_id = coalesce(excluded.brief_id, operation_steps.brief_id),
      started_at = case when operation_steps.ended_at is null then operation_steps.started_at else excluded.started_at end,
      ended_at = excluded.ended_at
    where operation_steps.ended_at is null or (operation_steps.kind = 'model' and operation_steps.status = 'failed')
    returning operation_id, index, ended_at
  ), ${WRITTEN}, ${NEW_DOCUMENTS}, ${OLD_DOCUMENTS}, ${HISTORY}
  select h.id, ${JUDGEMENT}`;

const WRITES = {
  shared: { name: 'everbeat_write_steps', text: writeSql('shared') },
  alone: { name: 'everbeat_write_steps_alone', text: writeSql('alone') },
} as const satisfies Record<LockWait, object>;

/**
 * Writes steps of operations as they are now, in one statement. A step that has ended is not changed any
 * more, except a call of the model that failed: it changed nothing, and is made again by whoever goes on with
 * the run. The same write made twice is made once. Returns what became of it by the ids of the operations:
 * one that is missing has ended, or another process has taken it over since, and its steps are left out. The
 * lock on its row makes a write and a takeover follow each other. A version of a document is stored with the
 * step that makes it. Of a write whose reservation is refused, everything but the step that starts is
 * written. With several writes a refusal is not certain: those before count as if they were made.
 * @throws 23505 when somebody else has made that version meanwhile; nothing was written then
 * @throws 55P03 when another session holds a row of an operation; nothing was written then
 */
export async function writeSteps(
  db: Queryable,
  writes: readonly StepsWrite[],
  now: Date,
  wait: LockWait = 'shared',
): Promise<Map<string, StepsWritten>> {
  const { rows } = await db.query<JudgedRow & { id: string }>({
    ...WRITES[wait],
    values: [JSON.stringify(writes), toInstant(now)],
  });
  return new Map(rows.map((row) => [row.id, foundIn(row)]));
}
