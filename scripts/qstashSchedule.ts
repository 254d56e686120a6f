import { createQStashClient, registerWatchdogSchedule } from '@everbeat/scheduler';
import { fail, readSettings } from './lib/project';

/** Lets QStash call the watchdog every minute. To be run once per deployment; running it again changes nothing. */
async function main(): Promise<void> {
  const { QSTASH_URL, QSTASH_TOKEN, QSTASH_FORWARD_HEADERS, APP_URL } = readSettings();
  if (!QSTASH_TOKEN) fail('QSTASH_TOKEN is not set. Copy it from the QStash page of the Upstash console.');
  const { scheduleId, destination, cron } = await registerWatchdogSchedule({
    client: createQStashClient({ url: QSTASH_URL, token: QSTASH_TOKEN }),
    appUrl: APP_URL,
    forwardHeaders: QSTASH_FORWARD_HEADERS,
  });
  console.log(`The schedule ${scheduleId} at ${QSTASH_URL} calls ${destination} (${cron})`);
}

main().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
