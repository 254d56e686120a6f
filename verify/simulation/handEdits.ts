import { LIMITS, toInstant } from '@everbeat/domain';
import type pg from 'pg';
import type { Coverage } from './coverage';
import type { Snapshot, TaskRow } from './snapshot';

/** States that someone with a database console, or an older version, may leave behind. */
export const HAND_EDITS = [
  'unarm',
  'forget-due',
  'take-interval',
  'change-mode',
  'add-brief',
  'flood',
  'strand',
] as const;
export type HandEdit = (typeof HAND_EDITS)[number];

const SET_SCHEDULER = `update everbeat.tasks set revision = revision + 1,
  context = jsonb_set(context, '{scheduler}', (context -> 'scheduler') || $2::jsonb) where id = $1`;

/**
 * Edits a task directly in the database. If the edit leaves it with neither arm nor blocker, or waiting for a
 * task that has ended although nobody is asked, returns the ids of such tasks: invariants.sql reports them
 * until the watchdog has repaired them.
 */
export async function editByHand(
  { pool, snapshot, coverage }: { pool: pg.Pool; snapshot: Snapshot; coverage: Coverage },
  { what, target, now }: { what: HandEdit; target: number; now: Date },
): Promise<string[]> {
  if (what === 'strand') return strand(pool, coverage, { target });
  if (what === 'flood') return flood(pool, coverage, { snapshot, target, now });
  const armed = [...snapshot.tasks.values()].filter((task) => isEditable(task, what));
  const task = armed[target % Math.max(1, armed.length)];
  if (task === undefined) return [];
  coverage.count('hand edit', what);
  switch (what) {
    case 'unarm':
      await pool.query(SET_SCHEDULER, [task.id, { tickToken: null, dueAt: null, tickMessageId: null }]);
      await pool.query(
        `update everbeat.task_ticks set outcome = 'superseded', reason = 'edited', ended_at = $2 where token = $1`,
        [task.token, toInstant(now)],
      );
      return [task.id];
    case 'forget-due':
      await pool.query(SET_SCHEDULER, [task.id, { dueAt: null }]);
      return [task.id];
    case 'take-interval':
      await pool.query(
        'update everbeat.tasks set revision = revision + 1, heartbeat_interval = null where id = $1',
        [task.id],
      );
      return [];
    case 'add-brief':
      await pool.query(
        `insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, created_at, updated_at)
         values ($1, $2, $3, 'decision', 'urgent', 'Stop', 'Look first', '[{"key":"acknowledge","label":"Acknowledge"}]', $4, $4)
         on conflict (id) do nothing`,
        [task.token, task.id, task.user_id, toInstant(now)],
      );
      return [];
    case 'change-mode':
      await pool.query(
        `update everbeat.tasks set revision = revision + 1, heartbeat_interval = 300, schedule_pattern = '*/5 * * * *',
           schedule_timezone = 'UTC',
           automation_mode = case automation_mode when 'heartbeat' then 'schedule' else 'heartbeat' end
         where id = $1`,
        [task.id],
      );
      return [];
  }
}

/**
 * More than a channel may be sent in an hour, each by itself. They hold up no task, and nobody can answer
 * them.
 */
const FLOOD_BRIEFS = LIMITS.messagesPerHourMax + 5;

async function flood(
  pool: pg.Pool,
  coverage: Coverage,
  { snapshot, target, now }: { snapshot: Snapshot; target: number; now: Date },
): Promise<string[]> {
  const tasks = [...snapshot.tasks.values()];
  const task = tasks[target % Math.max(1, tasks.length)];
  if (task === undefined) return [];
  coverage.count('hand edit', 'flood');
  await pool.query(
    `insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, created_at, updated_at)
     select md5(concat($1::text, n, $3::text))::uuid, $1::text::uuid, $2, 'decision', 'normal', 'One of many', '', '[]',
       $3::text::timestamptz, $3::text::timestamptz
     from generate_series(1, ${FLOOD_BRIEFS}) n on conflict (id) do nothing`,
    [task.id, task.user_id, toInstant(now)],
  );
  return [];
}

/** Ends a task without its dependents, as an older version did, so that these wait for it without asking. */
async function strand(pool: pg.Pool, coverage: Coverage, { target }: { target: number }): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; waiting: string[] }>(
    `select p.id, array_agg(t.id order by t.id) as waiting from everbeat.task_dependencies d
       join everbeat.tasks t on t.id = d.task_id and t.status = 'backlog' and t.deleted_at is null
       join everbeat.tasks p on p.id = d.depends_on_id and p.status in ('backlog', 'paused') and p.deleted_at is null
     where not exists (select 1 from everbeat.briefs b
       where b.task_id = p.id and b.purpose = 'dependency' and b.resolved_at is null)
     group by p.id order by p.id`,
  );
  const ended = rows[target % Math.max(1, rows.length)];
  if (ended === undefined) return [];
  coverage.count('hand edit', 'strand');
  await pool.query(`update everbeat.tasks set revision = revision + 1, status = 'canceled' where id = $1`, [
    ended.id,
  ]);
  return ended.waiting;
}

const isEditable = ({ status, token, automation_mode }: TaskRow, what: HandEdit): boolean =>
  status === 'scheduled' &&
  token !== null &&
  (what === 'take-interval' ? automation_mode === 'heartbeat' : automation_mode !== null);
