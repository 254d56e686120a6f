import { WEBHOOK_PATHS, webhookUrl } from '../webhookUrl';
import { qstashRequest } from './qstashClient';
import type { QStashPublisherOptions } from './qstashPublisher';

const WATCHDOG_SCHEDULE_ID = 'everbeat-watchdog';

/** Every minute, the finest step QStash has. */
const CRON = '* * * * *';

/**
 * Creates or replaces the QStash schedule that calls the watchdog. Its id is fixed, so calling this again
 * replaces the definition instead of adding a schedule. A failed call of the watchdog is not retried, since
 * the next one does the same.
 * @throws SchedulerUnavailableError
 */
export async function registerWatchdogSchedule({
  client,
  appUrl,
  forwardHeaders,
}: QStashPublisherOptions): Promise<{ scheduleId: string; destination: string; cron: string }> {
  const destination = webhookUrl(appUrl, WEBHOOK_PATHS.watchdog);
  const { scheduleId } = await qstashRequest('accept the schedule', () =>
    client.schedules.create({
      destination,
      cron: CRON,
      scheduleId: WATCHDOG_SCHEDULE_ID,
      method: 'POST',
      body: '{}',
      retries: 0,
      ...(forwardHeaders && { headers: forwardHeaders }),
    }),
  );
  return { scheduleId, destination, cron: CRON };
}
