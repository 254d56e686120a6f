import { toInstant } from '@everbeat/domain';
import type pg from 'pg';
import type { Coverage } from './coverage';
import type { Snapshot } from './snapshot';

/** Longer than the longest interval of a simulated task. Beats of an hourly schedule may be further away. */
const NEXT_BEAT_MS_MAX = 1_300_000;

/** What it has told meanwhile, which holds nothing up. `$1`: now. */
const NEWS = `
  insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, created_at, updated_at)
  select md5(concat(t.id, $1::text))::uuid, t.id, t.user_id, 'insight', 'info', 'Seen while nobody looked', '', '[]',
    $1::text::timestamptz, $1::text::timestamptz
  from everbeat.tasks t
  where t.status = 'scheduled' and t.automation_mode is not null and t.deleted_at is null
    and t.context #>> '{scheduler,tickToken}' is not null
    and (t.context #>> '{scheduler,dueAt}')::timestamptz > $1::text::timestamptz
  order by t.context #>> '{scheduler,dueAt}', t.id limit 1
  on conflict (id) do nothing`;

/**
 * What weeks leave in which nobody has looked at anything; as many beats would take the simulation too long.
 * The task that beats next has told something. Those of which something lies unread remember since when, and
 * are slowed down by their next beat (PROTOCOL §4.5). Returns their ids.
 */
export async function letWeeksPass(
  pool: pg.Pool,
  coverage: Coverage,
  { days, now }: { days: number; now: Date },
): Promise<string[]> {
  await pool.query(NEWS, [toInstant(now)]);
  const since = toInstant(new Date(now.getTime() - days * 86_400_000));
  const { rows } = await pool.query<{ id: string }>(
    // As text first: of a parameter that is a time, Postgres makes another text, which the product would not
    // read.
    `update everbeat.tasks t set revision = revision + 1, seen_at = least(seen_at, $1::text::timestamptz),
       context = jsonb_set(context, '{scheduler,absence}',
         coalesce(context #> '{scheduler,absence}', '{}') || jsonb_build_object('since', $1::text))
     where status in ('scheduled', 'running') and automation_mode is not null and deleted_at is null
       and context -> 'scheduler' is not null and exists (
         select 1 from everbeat.briefs b where b.task_id = t.id and b.resolved_at is null and b.read_at is null
           and b.purpose is distinct from 'absence')
     returning id`,
    [since],
  );
  if (rows.length > 0) coverage.count('clock', 'weeks pass');
  return rows.map(({ id }) => id).sort();
}

/** How long it takes until the first of these tasks is due that is not yet. Null: none of them will be. */
export function untilNextBeatMs({ tasks }: Snapshot, ids: readonly string[], nowMs: number): number | null {
  const waits = ids.flatMap((id) => {
    const { status, token, due_at } = tasks.get(id) ?? {};
    return status === 'scheduled' && token !== null && due_at != null ? [Date.parse(due_at) - nowMs] : [];
  });
  const first = Math.min(...waits.filter((ms) => ms > 0));
  return first <= NEXT_BEAT_MS_MAX ? first : null;
}
