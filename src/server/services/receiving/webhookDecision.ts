import type { BotWebhook } from '@everbeat/channels';
import type { StoredWebhook } from '@everbeat/database';
import { LIMITS } from '@everbeat/domain';

/**
 * What to do about where Telegram reports what is sent to a bot. `keep`: it is right. `foreign`: another
 * program has it reported to itself, which is left alone. `leave`: nothing is reported here, and nothing is
 * to be.
 */
export type WebhookAct = 'keep' | 'set' | 'foreign' | 'delete' | 'leave';

export interface WebhookFacts {
  /** Where Telegram reports to now. */
  told: BotWebhook;
  /** What this server would have set. */
  own: string;
  recorded: Pick<StoredWebhook, 'url' | 'isSet'>;
  /** Whether the bot has channels whose answers are reported. */
  isWanted: boolean;
}

export function decideWebhook({ told, own, recorded, isWanted }: WebhookFacts, now: Date): WebhookAct {
  const isSomewhere = told.url !== '';
  // The recorded one is of this installation, too: its public address was another one.
  const isOurs = isSomewhere && (told.url === own || told.url === recorded.url);
  if (!isWanted) return isOurs ? 'delete' : 'leave';
  if (isSomewhere && !isOurs) return 'foreign';
  return told.url === own && recorded.isSet && faultOf({ told, own }, now) === null ? 'keep' : 'set';
}

/**
 * Why nothing is heard at this server's own address, with the remedy; null: it is, or another address was
 * called.
 */
export function faultOf(
  { told: { url, fault }, own }: Pick<WebhookFacts, 'told' | 'own'>,
  now: Date,
): string | null {
  if (
    url !== own ||
    fault === null ||
    now.getTime() - fault.at.getTime() > LIMITS.webhookFaultSeconds * 1_000
  )
    return null;
  return `Telegram cannot report here: ${fault.text}. Check that APP_URL leads to this server from the internet, with a valid certificate.`;
}

/** Whether it is time to look where Telegram reports to. */
export function isWebhookDue(
  recorded: StoredWebhook | undefined,
  { own, channelIds }: { own: string; channelIds: readonly string[] },
  now: Date,
): boolean {
  if (recorded === undefined || recorded.checkedAt === null) return true;
  const { url, isSet, problem, checkedAt } = recorded;
  const isSame =
    recorded.channelIds.length === channelIds.length &&
    channelIds.every((id) => recorded.channelIds.includes(id));
  if (!isSame) return true;
  // Without a channel nothing is to be reported.
  const isGood = channelIds.length > 0 && url === own && isSet && problem === null;
  const waitSeconds = isGood ? LIMITS.webhookCheckSeconds : LIMITS.webhookRetrySeconds;
  return Math.abs(now.getTime() - checkedAt.getTime()) >= waitSeconds * 1_000;
}
