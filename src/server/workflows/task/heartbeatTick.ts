import { isStorable } from '@everbeat/domain';
import { Hono } from 'hono';
import { z } from 'zod';
import type { WorkflowDeps } from '../deps';
import { jsonBody } from '../middlewares/jsonBody';

/** `userId` is compared with the row; it grants nothing. */
const idSchema = z.string().min(1).max(200).refine(isStorable, 'contains characters that cannot be stored');
const bodySchema = z.object({ taskId: idSchema, userId: idSchema, tickToken: idSchema });

/** How long a tick that finds no room waits for it in its request: most runs free their place within that. */
const ROOM_WAIT_MS = 10_000;

/**
 * Runs the task if its tick is due. A skipped tick is a success too, so that QStash does not retry it. One
 * that finds no room within a moment is answered with 429: nothing was claimed, and QStash brings it back.
 */
export const heartbeatTick = ({ runner, awaitsRuns }: WorkflowDeps) =>
  new Hono().post('/', jsonBody(bodySchema), async (c) => {
    const tick = c.get('body');
    const { result, finished } = await runner.runTick(tick, { waitMs: ROOM_WAIT_MS });
    if (!result.ran && result.reason === 'no-room') {
      const seconds = retryAfterSeconds(tick.tickToken, Number(c.req.header('upstash-retried') ?? 0));
      return c.json({ error: 'no room for the run now' }, 429, { 'retry-after': String(seconds) });
    }
    if (awaitsRuns) await finished;
    return c.json(result);
  });

const RETRY_SECONDS_MIN = 30;
const RETRY_SPREAD_SECONDS = 60;
const RETRIES = 3;

/**
 * QStash retries a message three times, so each wait is four times as long as the one before: together they
 * outlast a backlog of ten minutes. After the last one the watchdog publishes the tick again. Ticks that were
 * turned away together come back spread over a minute, by their tokens.
 */
function retryAfterSeconds(tickToken: string, retried: number): number {
  const waits = Number.isInteger(retried) ? Math.min(Math.max(retried, 0), RETRIES - 1) : 0;
  const spread = Number.parseInt(tickToken.slice(-4), 16) % RETRY_SPREAD_SECONDS || 0;
  return (RETRY_SECONDS_MIN + spread) * 4 ** waits;
}
