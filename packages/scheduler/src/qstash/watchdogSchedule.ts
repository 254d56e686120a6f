import { WEBHOOK_PATHS, webhookUrl } from '../webhookUrl';
import { qstashRequest } from './qstashClient';
import type { QStashPublisherOptions } from './qstashPublisher';

const WATCHDOG_SCHEDULE_ID = 'everbeat-watchdog';

/**
 * Creates or replaces the QStash schedule that calls the watchdog every so many minutes; the hour is a
 * multiple of them. Its id is fixed, so calling this again replaces the definition instead of adding a
 * schedule. A failed call of the watchdog is not retried, since the next one does the same.
 * @throws SchedulerUnavailableError
 */
export async function registerWatchdogSchedule({
  client,
  appUrl,
  forwardHeaders,
  everyMinutes,
}: QStashPublisherOptions & { everyMinutes: number }): Promise<{
  scheduleId: string;
  destination: string;
  cron: string;
}> {
  const destination = webhookUrl(appUrl, WEBHOOK_PATHS.watchdog);
  const cron = everyMinutes === 60 ? '0 * * * *' : `*/${everyMinutes} * * * *`;
  const { scheduleId } = await qstashRequest('accept the schedule', () =>
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
