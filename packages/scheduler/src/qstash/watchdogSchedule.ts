import type { Client } from '@upstash/qstash';
import { WEBHOOK_PATHS, webhookUrl } from '../webhookUrl';
import { qstashRequest } from './qstashClient';

export const WATCHDOG_SCHEDULE_ID = 'everbeat-watchdog';

export interface WatchdogScheduleOptions {
  client: Client;
  /** The public address of this application. */
  appUrl: string;
  /** Every minute, QStash's finest grain, unless told otherwise. */
  cron?: string;
  forwardHeaders?: Record<string, string>;
}

/**
 * Lets QStash call the watchdog. The fixed id makes it one schedule however often this runs; each run replaces the
 * whole definition. A failed call is not retried, since the next one does the same.
 * @throws SchedulerUnavailableError
 */
export async function registerWatchdogSchedule({
  client,
  appUrl,
  cron = '* * * * *',
  forwardHeaders,
}: WatchdogScheduleOptions): Promise<{ scheduleId: string; destination: string; cron: string }> {
  const destination = webhookUrl(appUrl, WEBHOOK_PATHS.watchdog);
  const { scheduleId } = await qstashRequest('take the schedule', () =>
    client.schedules.create({
      destination,
      cron,
      scheduleId: WATCHDOG_SCHEDULE_ID,
      method: 'POST',
      body: '{}',
      retries: 0,
      ...(forwardHeaders && { headers: forwardHeaders }),
    }),
  );
  return { scheduleId, destination, cron };
}
