import { browserTimezone } from '@/lib/format/time';
import type { ApiClient } from '@/lib/trpc/client';

/**
 * Quiet hours and the digest follow the person's time zone, which the server does not know: until one is set,
 * that of the browser in which a channel is added becomes it.
 */
export async function keepTimezone(client: ApiClient): Promise<void> {
  const { timezone } = await client.system.budget.query();
  if (timezone === null) await client.system.setBudget.mutate({ timezone: browserTimezone() });
}
