import type { Receiving } from '@everbeat/database';
import { LIMITS } from '@everbeat/domain';
import { webhookUrlOf } from './receivingBots';

export interface HearingServer {
  appUrl: string;
  /** Whether Telegram is to report to it; else it asks. */
  hasReports: boolean;
}

/**
 * Whether a server hears of buttons that are pressed in a channel: Telegram reports them to it, or has
 * answered lately. What is reported to another address, such as its former one, does not count.
 */
export function isHeard(
  { key, polledAt, webhookSetAt, webhookUrl, problem }: Omit<Receiving, 'channelId'>,
  { appUrl, hasReports }: HearingServer,
  now: Date,
): boolean {
  if (problem !== null) return false;
  const isReported = hasReports && webhookSetAt !== null && webhookUrl === webhookUrlOf(appUrl, key);
  const isPolled =
    polledAt !== null && Math.abs(now.getTime() - polledAt.getTime()) <= LIMITS.botHeardSeconds * 1_000;
  return isReported || isPolled;
}
