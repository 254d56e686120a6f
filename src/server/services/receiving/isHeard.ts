import type { Receiving } from '@everbeat/database';
import { LIMITS } from '@everbeat/domain';

/** Whether a server hears of buttons that are pressed in a channel: Telegram reports them, or has answered lately. */
export const isHeard = ({ polledAt, webhookSetAt, problem }: Receiving, now: Date): boolean =>
  problem === null &&
  (webhookSetAt !== null ||
    (polledAt !== null && Math.abs(now.getTime() - polledAt.getTime()) <= LIMITS.botHeardSeconds * 1_000));
