import { createQStashClient, registerWatchdogSchedule } from '@everbeat/scheduler';
import { fail, readSettings } from './lib/project';

/**
 * Creates the QStash schedule that calls the watchdog every `WATCHDOG_SCHEDULE_MINUTES`. Run once per
 * deployment; idempotent.
 */
async function main(): Promise<void> {
  const settings = readSettings();
  const { QSTASH_URL, QSTASH_TOKEN, QSTASH_FORWARD_HEADERS, APP_URL } = settings;
  if (!QSTASH_TOKEN) fail('QSTASH_TOKEN is not set. Copy it from the QStash page of the Upstash console.');
  const { scheduleId, destination, cron } = await registerWatchdogSchedule({
    client: createQStashClient({ url: QSTASH_URL, token: QSTASH_TOKEN }),
    appUrl: APP_URL,
    forwardHeaders: QSTASH_FORWARD_HEADERS,
    everyMinutes: settings.WATCHDOG_SCHEDULE_MINUTES,
  });
  console.log(`The schedule ${scheduleId} at ${QSTASH_URL} calls ${destination} (${cron})`);
}

main().catch(fail);
