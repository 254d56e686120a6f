import { type AgentKind, type ChannelKind, toInstant } from '@everbeat/domain';
import { z } from 'zod';
import { allRows, firstRow, type Queryable } from '../sql/queryable';

/** Sessions of versions that store secrets as they are. Those of later ones are called `APPLICATION_NAME`. */
const OLDER_APPLICATION_NAME = 'everbeat';

const recordSchema = z.object({ sealFrom: z.iso.datetime() });

/** From when on all servers of this database can read sealed secrets. Null: nothing is noted. */
export async function readSealFrom(db: Queryable): Promise<Date | null> {
  const row = await firstRow<{ value: unknown }>(db, {
    name: 'everbeat_read_seal_from',
    text: `select value from everbeat.system_state where key = 'secrets'`,
  });
  const record = recordSchema.safeParse(row?.value);
  return record.success ? new Date(record.data.sealFrom) : null;
}

/**
 * Notes once, at the first start of a version that seals secrets, from when on they are sealed: `from` where
 * an older version may still work, and `now` on a new database.
 */
export async function noteSealFrom(db: Queryable, { now, from }: { now: Date; from: Date }): Promise<void> {
  await db.query(
    `insert into everbeat.system_state (key, value, updated_at)
     select 'secrets', jsonb_build_object('sealFrom', case when exists (select from everbeat.users) then $2 else $1 end),
       $1::timestamptz
     on conflict (key) do nothing`,
    [toInstant(now), toInstant(from)],
  );
}

/**
 * Puts sealing off until `from`, while a server of an older version is connected and sealing has not begun.
 */
export async function postponeSealing(
  db: Queryable,
  { now, from }: { now: Date; from: Date },
): Promise<void> {
  await db.query({
    name: 'everbeat_postpone_sealing',
    text: `
      update everbeat.system_state set value = jsonb_build_object('sealFrom', $2::text), updated_at = $1::timestamptz
      where key = 'secrets' and value ->> 'sealFrom' > $1 and exists (
        select from pg_stat_activity where datname = current_database() and application_name = $3)`,
    values: [toInstant(now), toInstant(from), OLDER_APPLICATION_NAME],
  });
}

/** The tasks with secrets in their settings, as their index has them. */
const HAS_SEALED = `t.config::text like '%"sealed:v%'`;

/** The ids of the keys by which stored secrets of a user, or of all users, are sealed. */
export async function readSealingKeyIds(db: Queryable, userId: string | null): Promise<string[]> {
  const rows = await allRows<{ id: string }>(db, {
    name: 'everbeat_read_sealing_keys',
    text: `
      with sealed as (
        select a.config::text as config from everbeat.agents a where $1::text is null or a.user_id = $1
        union all
        select m.headers::text from everbeat.mcp_servers m where $1::text is null or m.user_id = $1
        union all
        select c.config::text from everbeat.channels c where $1::text is null or c.user_id = $1
        union all
        select s.value::text from everbeat.system_state s where s.key = 'push'
        union all
        select t.config::text from everbeat.tasks t
        where ${HAS_SEALED} and t.deleted_at is null and ($1::text is null or t.user_id = $1)
      )
      select distinct m[1] as id from sealed s, regexp_matches(s.config, '"sealed:v\\d+:([A-Za-z0-9_-]{8}):', 'g') m
      union
      select split_part(p.api_key, ':', 3) from everbeat.model_providers p
      where p.api_key is not null and ($1::text is null or p.user_id = $1)`,
    values: [userId],
  });
  return rows.map(({ id }) => id);
}

export interface AgentConfigRow {
  id: string;
  userId: string;
  kind: AgentKind;
  config: Record<string, unknown>;
}

/**
 * The configurations of all users' agents as they are stored, in the order of their ids, after one of them.
 */
export async function readAgentConfigs(
  db: Queryable,
  after: string | null,
  limit: number,
): Promise<AgentConfigRow[]> {
  return allRows<AgentConfigRow>(db, {
    name: 'everbeat_read_agent_configs',
    text: `
      select a.id, a.user_id as "userId", a.kind, a.config from everbeat.agents a
      where a.id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by a.id limit $2`,
    values: [after, limit],
  });
}

export interface TaskConfigRow {
  id: string;
  userId: string;
  config: Record<string, unknown>;
}

/**
 * The configurations of all users' tasks that hold sealed secrets, in the order of their ids, after one of
 * them.
 */
export async function readSealedTaskConfigs(
  db: Queryable,
  after: string | null,
  limit: number,
): Promise<TaskConfigRow[]> {
  return allRows<TaskConfigRow>(db, {
    name: 'everbeat_read_sealed_task_configs',
    text: `
      select t.id, t.user_id as "userId", t.config from everbeat.tasks t
      where ${HAS_SEALED} and t.deleted_at is null
        and t.id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by t.id limit $2`,
    values: [after, limit],
  });
}

/**
 * Replaces the configuration of an agent, a task or a channel by the same one, sealed otherwise, so that
 * neither counts as changed: an edit under way that overwrites it brings what the former key has sealed,
 * which opens as well. Returns whether it was still as it was read.
 */
export async function replaceConfig(
  db: Queryable,
  table: 'agents' | 'tasks' | 'channels',
  { id, from, to }: { id: string; from: Record<string, unknown>; to: Record<string, unknown> },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: `everbeat_replace_config_of_${table}`,
    text: `update everbeat.${table} set config = $3::jsonb where id = $1::uuid and config = $2::jsonb`,
    values: [id, JSON.stringify(from), JSON.stringify(to)],
  });
  return rowCount === 1;
}

export interface ServerHeadersRow {
  id: string;
  userId: string;
  headers: Record<string, string>;
}

/**
 * The headers of all users' servers of tools as they are stored, in the order of their ids, after one of
 * them.
 */
export async function readServerHeaders(
  db: Queryable,
  after: string | null,
  limit: number,
): Promise<ServerHeadersRow[]> {
  return allRows<ServerHeadersRow>(db, {
    name: 'everbeat_read_server_headers',
    text: `
      select m.id, m.user_id as "userId", m.headers from everbeat.mcp_servers m
      where m.id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by m.id limit $2`,
    values: [after, limit],
  });
}

/** Replaces headers by the same ones, sealed otherwise. Returns whether they were still as they were read. */
export async function replaceServerHeaders(
  db: Queryable,
  { id, from, to }: { id: string; from: object; to: object },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_replace_server_headers',
    text: 'update everbeat.mcp_servers set headers = $3::jsonb where id = $1::uuid and headers = $2::jsonb',
    values: [id, JSON.stringify(from), JSON.stringify(to)],
  });
  return rowCount === 1;
}

export interface ChannelConfigRow {
  id: string;
  userId: string;
  kind: ChannelKind;
  config: Record<string, unknown>;
}

/**
 * The configurations of all users' channels as they are stored, in the order of their ids, after one of them.
 */
export async function readChannelConfigs(
  db: Queryable,
  after: string | null,
  limit: number,
): Promise<ChannelConfigRow[]> {
  return allRows<ChannelConfigRow>(db, {
    name: 'everbeat_read_channel_configs',
    text: `
      select c.id, c.user_id as "userId", c.kind, c.config from everbeat.channels c
      where c.id > coalesce($1::uuid, '00000000-0000-0000-0000-000000000000') order by c.id limit $2`,
    values: [after, limit],
  });
}
