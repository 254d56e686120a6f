import type { Receiving } from '@everbeat/database';
import { LIMITS } from '@everbeat/domain';

/** Whether a server hears of buttons that are pressed in a channel: it was answered lately. */
export const isHeard = ({ polledAt, problem }: Receiving, now: Date): boolean =>
  problem === null &&
  polledAt !== null &&
  Math.abs(now.getTime() - polledAt.getTime()) <= LIMITS.botHeardSeconds * 1_000;
