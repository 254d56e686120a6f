import { toInstant } from '@everbeat/domain';
import type { operationSteps } from '../schema';
import type { RowOf } from '../sql/columns';
import { type LockWait, lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';

/** A step as it is stored; its times are written by the statement. */
export type StepWrite = Omit<RowOf<typeof operationSteps>, 'operationId' | 'startedAt' | 'endedAt'>;

/** Steps of one operation, written by the process that executes it. */
export interface StepsWrite {
  operationId: string;
  /** The operation's, when this process began to execute it. */
  leaseEpoch: number;
  steps: StepWrite[];
}

const writeSql = (wait: LockWait): string => `
  with input as (
    select i.* from json_to_recordset($1::json) as i("operationId" uuid, "leaseEpoch" int, steps json), ${lockWait(wait)}
  ), held as (
    select o.id, i.steps from input i join everbeat.operations o on o.id = i."operationId"
    where o.status = 'running' and o.lease_epoch = i."leaseEpoch"
    order by o.id
    for share of o
  ), written as (
    insert into everbeat.operation_steps (operation_id, index, kind, name, status, policy, occurrence, input, result, usage,
      brief_id, started_at, ended_at)
    select h.id, s.index, s.kind, s.name, s.status, s.policy, s.occurrence, nullif(s.input::text, 'null')::json, nullif(s.result::text, 'null')::json,
      nullif(s.usage, 'null'), s."briefId", $2::timestamptz,
      case when s.status not in ('started', 'waiting') then $2::timestamptz end
    from held h cross join lateral json_to_recordset(h.steps) as s(index int, kind text, name text, status text, policy text,
      occurrence text, input json, result json, usage jsonb, "briefId" uuid)
    on conflict (operation_id, index) do update set
      status = excluded.status, input = coalesce(excluded.input, operation_steps.input), result = excluded.result,
      usage = excluded.usage, brief_id = coalesce(excluded.brief_id, operation_steps.brief_id),
      started_at = case when operation_steps.ended_at is null then operation_steps.started_at else excluded.started_at end,
      ended_at = excluded.ended_at
    where operation_steps.ended_at is null or (operation_steps.kind = 'model' and operation_steps.status = 'failed')
  )
  select id from held`;

const WRITES = {
  shared: { name: 'everbeat_write_steps', text: writeSql('shared') },
  alone: { name: 'everbeat_write_steps_alone', text: writeSql('alone') },
} as const satisfies Record<LockWait, object>;

/**
 * Writes steps of operations as they are now, in one statement. A step that has ended is not changed any more,
 * except a call of the model that failed: it changed nothing, and is made again by whoever goes on with the run. The
 * same write made twice is made once. Returns the ids of the operations whose steps were written: one that is
 * missing has ended, or another process has taken it over since, and its steps are left out. The lock on its row
 * makes a write and a takeover follow each other.
 * @throws 55P03 when another session holds a row of an operation; nothing was written then
 */
export async function writeSteps(
  db: Queryable,
  writes: readonly StepsWrite[],
  now: Date,
  wait: LockWait = 'shared',
): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>({
    ...WRITES[wait],
    values: [JSON.stringify(writes), toInstant(now)],
  });
  return new Set(rows.map(({ id }) => id));
}
