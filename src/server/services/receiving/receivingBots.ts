import { type BotAddress, telegramChatOf } from '@everbeat/channels';
import { type Queryable, type ReceivingChannel, readReceivingChannels } from '@everbeat/database';
import { errorMessage, type Logger } from '@everbeat/domain';
import { hashSecret } from '@everbeat/vault';
import type { SecretsService } from '../secrets/SecretsService';
import type { ChatChannel } from './ChatAnswers';

/** A bot of enabled channels, of all users. */
export interface ReceivingBot {
  key: string;
  address: BotAddress;
  channels: ChatChannel[];
}

export interface ReceivingBotsDeps {
  db: Queryable;
  logger: Logger;
  secrets: Pick<SecretsService, 'openChannel'>;
}

/** What a bot is stored under: it gives nothing away of the token. */
export const botKeyOf = ({ botToken, apiUrl = '' }: BotAddress): string =>
  hashSecret(`${apiUrl}\n${botToken}`);

/** Below it, one address for each bot: what Telegram is told to report to. */
export const TELEGRAM_PATH = '/api/channels/telegram';

export const webhookUrlOf = (appUrl: string, key: string): string => `${appUrl}${TELEGRAM_PATH}/${key}`;

/** By their keys. @throws database errors */
export const readReceivingBots = async (deps: ReceivingBotsDeps): Promise<Map<string, ReceivingBot>> =>
  (await botsOf(deps, await readReceivingChannels(deps.db, { kind: 'telegram', isEnabled: true }))).bots;

/** The bots of channels that are switched off, with none of these channels. @throws database errors */
export async function readSilentBots(deps: ReceivingBotsDeps): Promise<Map<string, ReceivingBot>> {
  const { bots } = await botsOf(
    deps,
    await readReceivingChannels(deps.db, { kind: 'telegram', isEnabled: false }),
  );
  return new Map([...bots].map(([key, bot]) => [key, { ...bot, channels: [] }]));
}

/** The bots of these channels, by their keys, and whether there are channels that could not be opened. */
export async function botsOf(
  { secrets, logger }: ReceivingBotsDeps,
  receiving: readonly ReceivingChannel[],
): Promise<{ bots: Map<string, ReceivingBot>; hasUnreadable: boolean }> {
  const bots = new Map<string, ReceivingBot>();
  let hasUnreadable = false;
  for (const { userId, ...channel } of receiving) {
    try {
      const config = telegramChatOf(await secrets.openChannel(userId, channel));
      if (config === null) continue;
      const { botToken, apiUrl, chatId } = config;
      const key = botKeyOf({ botToken, apiUrl });
      const bot = bots.get(key) ?? { key, address: { botToken, apiUrl }, channels: [] };
      bot.channels.push({ id: channel.id, userId, chatId });
      bots.set(key, bot);
    } catch (error) {
      hasUnreadable = true;
      logger.debug({ reason: errorMessage(error), channelId: channel.id }, 'A channel could not be opened');
    }
  }
  return { bots, hasUnreadable };
}
