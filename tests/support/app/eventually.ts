import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;
const LOOK_FOR_MS = 30_000;

/**
 * Looks again and again until `read` finds something, for what sends no signal that a test could wait for. `undefined`, `null` and
 * `false` are nothing found. Rejects after `withinMs`, saying `what` it waited for.
 */
export async function eventually<Found>(
  read: () => Found | Promise<Found>,
  { what, withinMs = LOOK_FOR_MS }: { what: string; withinMs?: number },
): Promise<Exclude<Found, undefined | null | false>> {
  const giveUpAtMs = Date.now() + withinMs;
  for (;;) {
    const found = await read();
    if (isFound(found)) return found;
    if (Date.now() > giveUpAtMs) throw new Error(`Waited ${withinMs} ms in vain for ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}

function isFound<Found>(found: Found): found is Exclude<Found, undefined | null | false> {
  return found !== undefined && found !== null && found !== false;
}
