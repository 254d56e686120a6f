import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;
const TIMEOUT_MS = 30_000;

/**
 * Polls `read` until it returns something other than undefined, null and false, for conditions without a
 * signal to wait for. Rejects after `withinMs` (default 30 s) with an error that names `what`.
 */
export async function eventually<Found>(
  read: () => Found | Promise<Found>,
  { what, withinMs = TIMEOUT_MS }: { what: string; withinMs?: number },
): Promise<Exclude<Found, undefined | null | false>> {
  const giveUpAtMs = Date.now() + withinMs;
  for (;;) {
    const found = await read();
    if (isFound(found)) return found;
    if (Date.now() > giveUpAtMs) throw new Error(`Waited ${withinMs} ms without success for ${what}`);
    await delay(POLL_MS);
  }
}

function isFound<Found>(found: Found): found is Exclude<Found, undefined | null | false> {
  return found !== undefined && found !== null && found !== false;
}
