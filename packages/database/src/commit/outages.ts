import type { BriefWrite } from './briefs';

/**
 * What a write does to the one brief of a far side that is away, which belongs to one of the tasks it hits.
 */
export interface OutageInput {
  outage:
    | {
        act: 'open';
        far_side: string;
        /** When the failures of this task began. */
        since: string;
        brief: Pick<BriefWrite, 'id' | 'priority' | 'title' | 'summary' | 'actions'>;
      }
    | { act: 'close'; far_side: string }
    | null;
}

export const OUTAGE_INPUT = { outage: 'jsonb' } as const satisfies Record<keyof OutageInput, string>;

/**
 * Opens the brief of a far side, unless one is open, or a person has resolved one since the failures began.
 * It belongs to whichever task is first. Nothing here waits for another task (PROTOCOL §8): the advisory lock
 * is not waited for, and whoever holds it is opening the same brief. Without it, an insert would wait until
 * that other transaction has ended.
 */
export const OPENED_OUTAGES = `opened_outages as (
    insert into everbeat.briefs (id, task_id, topic_id, user_id, type, priority, title, summary, actions, far_side,
      created_at, updated_at)
    select (w.outage -> 'brief' ->> 'id')::uuid, w.task_id, w.topic_id, w.user_id, 'error',
      w.outage -> 'brief' ->> 'priority', w.outage -> 'brief' ->> 'title', w.outage -> 'brief' ->> 'summary',
      w.outage -> 'brief' -> 'actions', w.outage ->> 'far_side', $2::timestamptz, $2::timestamptz
    from (
      select distinct on (user_id, outage ->> 'far_side') * from written where outage ->> 'act' = 'open'
      order by user_id, outage ->> 'far_side', task_id
    ) w
    where not exists (
        select 1 from everbeat.briefs b where b.user_id = w.user_id and b.far_side = w.outage ->> 'far_side'
          and (b.resolved_at is null
            or (b.resolved_action <> 'recovered' and b.created_at >= (w.outage ->> 'since')::timestamptz)))
      and pg_try_advisory_xact_lock(hashtext('everbeat outage'), hashtext(w.user_id || ' ' || (w.outage ->> 'far_side')))
    on conflict do nothing
    returning id, task_id, user_id, 'opened' as change
  )`;

/** The open brief of the far side of a write, unless another task is changing it at this moment. */
const openOutage = (also: string): string => `(
      select f.id from everbeat.briefs f
      where f.user_id = w.user_id and f.far_side = w.outage ->> 'far_side' and f.resolved_at is null and ${also}
      offset 0 for update skip locked)`;

/** An outage that has lasted long is urgent. */
export const RAISED_OUTAGES = `raised_outages as (
    update everbeat.briefs b set priority = 'urgent', title = f.brief ->> 'title', summary = f.brief ->> 'summary',
      read_at = null, snoozed_at = null, snoozed_until = null, updated_at = $2::timestamptz
    from (
      select o.id, w.outage -> 'brief' as brief
      from written w cross join lateral ${openOutage("f.priority <> 'urgent'")} o
      where w.outage ->> 'act' = 'open' and w.outage -> 'brief' ->> 'priority' = 'urgent'
    ) f
    where b.id = f.id
    returning b.id, b.task_id, b.user_id, 'repeated' as change
  )`;

/** The far side has answered one of the tasks that waited for it. */
export const CLOSED_OUTAGES = `closed_outages as (
    update everbeat.briefs b set resolved_at = $2::timestamptz, updated_at = $2::timestamptz, resolved_action = 'recovered'
    from (
      select o.id from written w cross join lateral ${openOutage('true')} o where w.outage ->> 'act' = 'close'
    ) f
    where b.id = f.id
    returning b.id, b.task_id, b.user_id, 'recovered' as change
  )`;
