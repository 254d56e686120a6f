import { type ArmedTick, type DueWindow, toInstant } from '@everbeat/domain';
import { ARM, IS_DUE_READABLE } from '../sql/arm';
import { lockWait } from '../sql/lockWait';
import { firstRow, type Queryable } from '../sql/queryable';

/** Its due time is the text in the task's arm. */
type ArmedRow = Omit<ArmedTick, 'dueAt'> & { dueAt: string };

const toArmedTick = (row: ArmedRow): ArmedTick => ({ ...row, dueAt: new Date(row.dueAt) });

/**
 * Records the scheduler's ids of published messages, each only if its token is still the task's current one.
 * The revision stays the same, because no decision depends on the id. A row that another session holds, such
 * as the claim of a tick that is due immediately, is passed over: if the arm is still current afterwards, the
 * watchdog publishes it once more.
 */
export async function recordMessageIds(
  db: Queryable,
  published: readonly { taskId: string; tickToken: string; messageId: string }[],
): Promise<void> {
  await db.query({
    name: 'everbeat_record_message_ids',
    text: `
      with input as (
        select * from unnest($1::uuid[], $2::text[], $3::text[]) as i(task_id, tick_token, message_id)
      ), locked as (
        select i.* from input i join everbeat.tasks t on t.id = i.task_id
        where ${ARM} ->> 'tickToken' = i.tick_token
        order by t.id
        for update of t skip locked
      ), recorded as (
        update everbeat.tasks t set context = jsonb_set(t.context, '{scheduler,tickMessageId}', to_jsonb(l.message_id))
        from locked l where t.id = l.task_id
        returning t.id
      ), ticks as (
        select k.token, i.message_id from input i join everbeat.task_ticks k on k.token = i.tick_token::uuid
        for no key update of k skip locked
      )
      update everbeat.task_ticks k set message_id = c.message_id from ticks c where k.token = c.token`,
    values: [
      published.map((tick) => tick.taskId),
      published.map((tick) => tick.tickToken),
      published.map((tick) => tick.messageId),
    ],
  });
}

/**
 * Commits the intent to publish a current arm once more and numbers the publication. Null when the token is
 * no longer the task's current one, or when its due time cannot be read: such a tick would be early, and
 * published again, forever.
 */
export async function countPublication(
  db: Queryable,
  tick: { taskId: string; tickToken: string },
  now: Date,
): Promise<ArmedTick | null> {
  const row = await firstRow<ArmedRow>(db, {
    name: 'everbeat_count_publication',
    text: `
      update everbeat.task_ticks k set publications = k.publications + 1, published_at = $3::timestamptz
      from everbeat.tasks t left join everbeat.agents a on a.id = t.agent_id and a.user_id = t.user_id, ${lockWait('alone')}
      where k.token = $2::uuid and k.task_id = $1::uuid and k.outcome is null
        and t.id = k.task_id and t.status = 'scheduled' and ${ARM} ->> 'tickToken' = $2::text
        and ${IS_DUE_READABLE}
      returning k.task_id as "taskId", k.user_id as "userId", k.token::text as "tickToken", ${ARM} ->> 'dueAt' as "dueAt",
        k.publications as publication, a.kind as "agentKind", t.priority`,
    values: [tick.taskId, tick.tickToken, toInstant(now)],
  });
  return row === null ? null : toArmedTick(row);
}

/**
 * The armed ticks due in a window, in the order of (due time, token), by which they are paged. A local
 * scheduler keeps them in memory. Reads tasks_armed_idx. Arms without a readable due time are left to the
 * watchdog.
 */
export async function loadArmedTicks(db: Queryable, window: DueWindow): Promise<ArmedTick[]> {
  const { rows } = await db.query<ArmedRow>({
    name: 'everbeat_load_armed',
    text: `
      select t.id as "taskId", t.user_id as "userId", ${ARM} ->> 'tickToken' as "tickToken", ${ARM} ->> 'dueAt' as "dueAt",
        1 as publication, a.kind as "agentKind", t.priority
      from everbeat.tasks t left join everbeat.agents a on a.id = t.agent_id and a.user_id = t.user_id
      where t.status = 'scheduled' and (${ARM} ->> 'tickToken') is not null
        and (${ARM} ->> 'dueAt') < $1 and ${IS_DUE_READABLE}
        and ((${ARM} ->> 'dueAt'), (${ARM} ->> 'tickToken')) > ($2, $3)
      order by (${ARM} ->> 'dueAt'), (${ARM} ->> 'tickToken')
      limit $4`,
    values: [
      toInstant(window.dueBefore),
      window.after === null ? '' : toInstant(window.after.dueAt),
      window.after?.tickToken ?? '',
      window.limit,
    ],
  });
  return rows.map(toArmedTick);
}
