import {
  AppError,
  type ChannelOfTaskView,
  type ChannelView,
  LIMITS,
  type TaskRules,
  toInstant,
} from '@everbeat/domain';
import { channels } from '../schema';
import { type RowOf, type Selection, selectionWithout } from '../sql/columns';
import { allRows, firstRow, type Queryable } from '../sql/queryable';

/** A channel as it is stored; its secrets are sealed. */
export type StoredChannel = Omit<ChannelView, 'receiving'>;

export const CHANNEL: Selection<StoredChannel> = selectionWithout(channels, ['userId', 'toldAt']);

/** In the order in which they were made. */
export const readChannels = (db: Queryable, userId: string): Promise<StoredChannel[]> =>
  allRows<StoredChannel>(db, {
    name: 'everbeat_read_channels',
    text: `
      select ${CHANNEL.of('c')} from everbeat.channels c
      where c.user_id = $1 order by c.id limit ${LIMITS.channelsPerUserMax}`,
    values: [userId],
  });

/** Null: no such channel of this user. */
export const readChannel = (db: Queryable, userId: string, id: string): Promise<StoredChannel | null> =>
  firstRow<StoredChannel>(db, {
    name: 'everbeat_read_channel',
    text: `select ${CHANNEL.of('c')} from everbeat.channels c where c.user_id = $1 and c.id = $2::uuid`,
    values: [userId, id],
  });

export type ChannelWrite = Pick<
  RowOf<typeof channels>,
  'id' | 'userId' | 'kind' | 'name' | 'config' | 'rules' | 'isEnabled' | 'quietHours' | 'coolDownMinutes'
>;

const valuesOf = (channel: ChannelWrite, now: Date): unknown[] => [
  channel.userId,
  channel.id,
  channel.kind,
  channel.name,
  JSON.stringify(channel.config),
  JSON.stringify(channel.rules),
  channel.isEnabled,
  channel.quietHours === null ? null : JSON.stringify(channel.quietHours),
  channel.coolDownMinutes,
  toInstant(now),
];

/** @throws AppError `limit-reached` */
export async function createChannel(db: Queryable, channel: ChannelWrite, now: Date): Promise<StoredChannel> {
  const row = await firstRow<StoredChannel>(db, {
    name: 'everbeat_create_channel',
    text: `
      insert into everbeat.channels as c (user_id, id, kind, name, config, rules, is_enabled, quiet_hours,
        cool_down_minutes, created_at, updated_at)
      select $1, $2::uuid, $3, $4, $5::jsonb, $6::jsonb, $7, $8::jsonb, $9, $10::timestamptz, $10::timestamptz
      where (select count(*) from everbeat.channels where user_id = $1) < ${LIMITS.channelsPerUserMax}
      returning ${CHANNEL.of('c')}`,
    values: valuesOf(channel, now),
  });
  if (row === null) {
    throw new AppError(
      'limit-reached',
      `There are at most ${LIMITS.channelsPerUserMax} channels; delete one first`,
    );
  }
  return row;
}

/**
 * Written only if the channel is unchanged since it was read. What waits to be tried again is due now,
 * because what was wrong may be corrected.
 * @throws AppError `state-changed`
 */
export async function updateChannel(
  db: Queryable,
  channel: ChannelWrite,
  readAt: Date,
  now: Date,
): Promise<StoredChannel> {
  const row = await firstRow<StoredChannel>(db, {
    name: 'everbeat_update_channel',
    text: `
      with updated as (
        update everbeat.channels c set name = $4, config = $5::jsonb, rules = $6::jsonb, is_enabled = $7,
          quiet_hours = $8::jsonb, cool_down_minutes = $9,
          updated_at = greatest($10::timestamptz, c.updated_at + interval '1 millisecond')
        where c.user_id = $1 and c.id = $2::uuid and c.kind = $3 and c.updated_at = $11::timestamptz
        returning c.*
      ), due as (
        update everbeat.deliveries d set due_at = $10::timestamptz
        from updated c where d.channel_id = c.id and d.status = 'pending'
      )
      select ${CHANNEL.of('c')} from updated c`,
    values: [...valuesOf(channel, now), toInstant(readAt)],
  });
  if (row === null)
    throw new AppError(
      'state-changed',
      'The channel was changed or deleted meanwhile; reload it and try again',
    );
  return row;
}

/** Returns the deleted channel; null: no such channel of this user. What was to be sent to it is skipped. */
export const deleteChannel = (
  db: Queryable,
  userId: string,
  id: string,
  now: Date,
): Promise<StoredChannel | null> =>
  firstRow<StoredChannel>(db, {
    name: 'everbeat_delete_channel',
    text: `
      with deleted as (
        delete from everbeat.channels c where c.user_id = $1 and c.id = $2::uuid returning c.*
      ), skipped as (
        update everbeat.deliveries d set status = 'skipped', reason = 'channel-off'
        from deleted c where d.channel_id = c.id and d.status = 'pending'
      ), closed as (
        update everbeat.briefs b set resolved_at = $3::timestamptz, updated_at = $3::timestamptz, resolved_action = 'recovered'
        from deleted c where b.channel_id = c.id and b.resolved_at is null
        returning b.id, b.task_id, b.user_id
      ), history as (
        insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
        select task_id, user_id, 'brief', 'recovered', id, $3::timestamptz from closed
      )
      select ${CHANNEL.of('c')} from deleted c`,
    values: [userId, id, toInstant(now)],
  });

/** The channels of a task's owner with what they do for the task. Null: no such task of this user. */
export async function readChannelsOfTask(
  db: Queryable,
  userId: string,
  taskId: string,
): Promise<ChannelOfTaskView[] | null> {
  const row = await firstRow<{ channels: ChannelOfTaskView[] }>(db, {
    name: 'everbeat_read_channels_of_task',
    text: `
      select coalesce((
        select json_agg(json_build_object('channelId', c.id, 'kind', c.kind, 'name', c.name, 'isEnabled', c.is_enabled,
          'rules', c.rules, 'taskRules', coalesce(r.rules, '{}'::jsonb)) order by c.id)
        from everbeat.channels c
        left join everbeat.channel_task_rules r on r.task_id = t.id and r.channel_id = c.id
        where c.user_id = t.user_id), '[]'::json) as channels
      from everbeat.tasks t where t.id = $2::uuid and t.user_id = $1 and t.deleted_at is null`,
    values: [userId, taskId],
  });
  return row?.channels ?? null;
}

/** No rules: the task is told as the channel says. Returns whether both are this user's. */
export async function writeTaskRules(
  db: Queryable,
  {
    userId,
    taskId,
    channelId,
    rules,
  }: { userId: string; taskId: string; channelId: string; rules: TaskRules },
): Promise<boolean> {
  const row = await firstRow<{ id: string }>(db, {
    name: 'everbeat_write_task_rules',
    text: `
      with own as (
        select t.id as task_id, c.id as channel_id from everbeat.tasks t, everbeat.channels c
        where t.id = $2::uuid and t.user_id = $1 and t.deleted_at is null and c.id = $3::uuid and c.user_id = $1
      ), removed as (
        delete from everbeat.channel_task_rules r using own o
        where r.task_id = o.task_id and r.channel_id = o.channel_id and $4::jsonb = '{}'::jsonb
      ), written as (
        insert into everbeat.channel_task_rules (task_id, channel_id, user_id, rules)
        select o.task_id, o.channel_id, $1, $4::jsonb from own o where $4::jsonb <> '{}'::jsonb
        on conflict (task_id, channel_id) do update set rules = excluded.rules
      )
      select task_id as id from own`,
    values: [userId, taskId, channelId, JSON.stringify(rules)],
  });
  return row !== null;
}
