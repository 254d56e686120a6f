import {
  type ExportedWatch,
  FILE_END,
  fileStart,
  type WatchSettings,
  watchedBy,
  writeOpml,
  writeWatch,
} from '@everbeat/agents';
import { type Queryable, readWatches, type WatchRow } from '@everbeat/database';
import type { Clock } from '@everbeat/domain';
import { shownConfig, shownTaskConfig } from '../secrets/maskedConfig';

/** `json`: all that a watch has but headers and cookies; `opml`: the feeds; `list`: the addresses. */
export const EXPORT_FORMATS = ['json', 'opml', 'list'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const PAGE_SIZE = 50;
/** OPML is written in one piece. */
const FEEDS_MAX = 10_000;

/** The watches of a user as a file, page by page. */
export async function* exportWatches(
  { pool, clock }: { pool: Queryable; clock: Clock },
  userId: string,
  format: ExportFormat,
): AsyncGenerator<string, void> {
  const watches = allWatches(pool, userId);
  switch (format) {
    case 'json': {
      yield fileStart(clock.now());
      let separator = '';
      for await (const watch of watches) {
        yield `${separator}${writeWatch(watch)}`;
        separator = ',';
      }
      yield FILE_END;
      return;
    }
    case 'opml': {
      const feeds: ExportedWatch[] = [];
      for await (const watch of watches) if (watch.isFeed && feeds.length < FEEDS_MAX) feeds.push(watch);
      yield writeOpml(feeds);
      return;
    }
    case 'list':
      for await (const { url, name } of watches) yield `${url} ${name}\n`;
  }
}

async function* allWatches(
  pool: Queryable,
  userId: string,
): AsyncGenerator<ExportedWatch & { isFeed: boolean }, void> {
  for (let after = 0; ; ) {
    const rows = await readWatches(pool, userId, { after, limit: PAGE_SIZE });
    for (const row of rows) {
      // Only the names of secrets are exported, and sealed values are longer than settings may be.
      const settings = watchedBy(shownConfig('watch', row.agentConfig), shownTaskConfig(row.config).watch);
      if (settings?.url !== undefined)
        yield { ...exported(row, settings, settings.url), isFeed: row.pageKind === 'feed' };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_SIZE) return;
    after = last.number;
  }
}

function exported(row: WatchRow, settings: WatchSettings, url: string): ExportedWatch {
  const { schedulePattern: pattern, scheduleTimezone: timezone } = row;
  const isScheduled = row.automationMode === 'schedule' && pattern !== null && timezone !== null;
  return {
    name: row.name.replace(/\s+/g, ' '),
    url,
    settings,
    everySeconds: row.automationMode === 'heartbeat' ? row.heartbeatInterval : null,
    schedule: isScheduled ? { pattern, timezone } : null,
    isPaused: row.status === 'paused' || row.status === 'backlog',
  };
}
