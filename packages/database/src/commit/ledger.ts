import type { DueReason, SkipReason, SupersedeReason, Trigger } from '@everbeat/domain';
import { asToken } from '../sql/arm';

export interface LedgerInput {
  /**
   * The next arm, with the scheduler's id of its first message where that is known before it is published.
   */
  arm: {
    token: string;
    due_at: string;
    trigger: Trigger;
    message_id: string | null;
    due_reason?: DueReason | undefined;
  } | null;
  /** How the arm that was current ends, if there was one. */
  end_tick: { token: string; outcome: 'superseded' | 'skipped'; reason: SupersedeReason | SkipReason } | null;
}

export const LEDGER_INPUT = { arm: 'jsonb', end_tick: 'jsonb' } as const satisfies Record<
  keyof LedgerInput,
  string
>;

/**
 * A write that replaces the scheduler's state ends the arm that was in it, once. If that state could not be
 * read, so that the decision knew of no arm, its token is taken from the row and ends as `unreadable`.
 */
export const ENDED_TICKS = `ended_ticks as (
    update everbeat.task_ticks k set outcome = coalesce(w.end_tick ->> 'outcome', 'superseded'),
      reason = coalesce(w.end_tick ->> 'reason', 'unreadable'), ended_at = $2::timestamptz
    from written w
    where w.scheduler is not null and k.token = coalesce((w.end_tick ->> 'token')::uuid, ${asToken('w.current_token')})
      and k.task_id is not distinct from w.task_id and k.outcome is null
  )`;

export const ARMED = `armed as (
    insert into everbeat.task_ticks (token, task_id, user_id, trigger, due_at, due_reason, armed_at, published_at, message_id)
    select (arm ->> 'token')::uuid, task_id, user_id, arm ->> 'trigger', (arm ->> 'due_at')::timestamptz, arm ->> 'due_reason',
      $2::timestamptz, $2::timestamptz, arm ->> 'message_id'
    from written where arm is not null
    union all
    select (scheduler ->> 'tickToken')::uuid, id, user_id, scheduler ->> 'trigger', (scheduler ->> 'dueAt')::timestamptz, null,
      $2::timestamptz, $2::timestamptz, scheduler ->> 'tickMessageId'
    from new_subtasks where scheduler is not null
  )`;
