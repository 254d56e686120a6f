import {
  type AutomationMode,
  IN_USE_STATUSES,
  parseTaskConfig,
  type TaskConfig,
  type TaskStatus,
} from '@everbeat/domain';
import { allRows, type Queryable } from '../sql/queryable';
import { quoted } from '../sql/quoted';

/** A task that watches a page by its own settings. */
export interface WatchingTask {
  identifier: string;
  name: string;
  url: string;
  selector: string | null;
}

/** More are not looked for: they are shown one by one. */
const FOUND_MAX = 10_000;
const IN_USE = `t.deleted_at is null and t.status in (${quoted(IN_USE_STATUSES)})`;

/**
 * The tasks in use whose own settings name one of these addresses, as it is written there. By the user's
 * tasks.
 */
export async function findWatching(
  db: Queryable,
  userId: string,
  urls: readonly string[],
): Promise<WatchingTask[]> {
  return await allRows<WatchingTask>(db, {
    text: `
      select t.identifier, t.name, t.config -> 'watch' ->> 'url' as url, t.config -> 'watch' ->> 'selector' as selector
      from everbeat.tasks t
      where t.user_id = $1 and ${IN_USE} and t.config -> 'watch' ->> 'url' = any($2::text[])
      order by t.number limit ${FOUND_MAX}`,
    values: [userId, urls],
  });
}

/** A task of a watch agent, with what it and its agent set. */
export interface WatchRow {
  number: number;
  name: string;
  status: TaskStatus;
  automationMode: AutomationMode | null;
  heartbeatInterval: number | null;
  schedulePattern: string | null;
  scheduleTimezone: string | null;
  config: TaskConfig;
  agentConfig: Record<string, unknown>;
  /** What the last look found: `text`, `json` or `feed`; null where there was none. */
  pageKind: string | null;
}

/**
 * A page of the tasks in use whose agent is a watcher, in the order of their numbers. By the user's tasks.
 */
export async function readWatches(
  db: Queryable,
  userId: string,
  { after, limit }: { after: number; limit: number },
): Promise<WatchRow[]> {
  const rows = await allRows<WatchRow>(db, {
    text: `
      select t.number, t.name, t.status, t.automation_mode as "automationMode",
        t.heartbeat_interval as "heartbeatInterval", t.schedule_pattern as "schedulePattern",
        t.schedule_timezone as "scheduleTimezone", t.config, a.config as "agentConfig",
        m.memory ->> 'kind' as "pageKind"
      from everbeat.tasks t
        join everbeat.agents a on a.id = t.agent_id and a.user_id = t.user_id
        left join everbeat.task_memories m on m.task_id = t.id and m.user_id = t.user_id
      where t.user_id = $1 and ${IN_USE} and t.number > $2::int and a.kind = 'watch'
      order by t.number limit $3`,
    values: [userId, after, limit],
  });
  return rows.map((row) => ({ ...row, config: parseTaskConfig(row.config) }));
}
