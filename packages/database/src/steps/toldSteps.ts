import { type StepStatus, stepOccurrence, toInstant } from '@everbeat/domain';
import { lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';

/** A call of a tool that a program made by itself, as its events told. */
export interface ToldStepWrite {
  index: number;
  name: string;
  status: Extract<StepStatus, 'started' | 'done' | 'failed'>;
  /** In one line. */
  input: string;
  startedAt: Date;
  endedAt: Date | null;
}

/**
 * Stores steps that are shown and no more: nothing goes on from them, and nothing was committed before they
 * were executed. Of a run that has ended or was taken over, nothing is written. Reads primary keys.
 * @throws 55P03 when another session holds one of the rows; nothing was written then
 */
export async function writeToldSteps(
  db: Queryable,
  {
    operationId,
    leaseEpoch,
    occurrence,
    steps,
  }: { operationId: string; leaseEpoch: number; occurrence: string; steps: readonly ToldStepWrite[] },
): Promise<void> {
  const rows = steps.map(({ startedAt, endedAt, ...step }) => ({
    ...step,
    occurrence: stepOccurrence(occurrence, step.index),
    startedAt: toInstant(startedAt),
    endedAt: endedAt && toInstant(endedAt),
  }));
  await db.query({
    name: 'everbeat_write_told_steps',
    text: `
      insert into everbeat.operation_steps as k (operation_id, index, kind, name, status, occurrence, input, started_at, ended_at)
      select o.id, s.index, 'tool', s.name, s.status, s.occurrence, to_json(s.input), s."startedAt", s."endedAt"
      from ${lockWait('alone')}, everbeat.operations o, json_to_recordset($3::json) as s(index int, name text, status text, input text,
        occurrence text, "startedAt" timestamptz, "endedAt" timestamptz)
      where o.id = $1::uuid and o.status = 'running' and o.lease_epoch = $2
      on conflict (operation_id, index) do update set status = excluded.status, ended_at = excluded.ended_at
      where k.ended_at is null`,
    values: [operationId, leaseEpoch, JSON.stringify(rows)],
  });
}
