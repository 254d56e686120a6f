import {
  type BotAddress,
  ChannelError,
  readUpdate,
  type TelegramBot,
  telegramChatOf,
} from '@everbeat/channels';
import {
  type BotLease,
  beginWebhook,
  endWebhook,
  leaseWebhook,
  type ReportedBot,
  readEnabledChannels,
  readLeftWebhooks,
  readReportedBot,
  readWebhooks,
  recordReported,
  releaseBot,
  type StoredWebhook,
} from '@everbeat/database';
import { type Clock, errorMessage, type Ids, LIMITS, storableText, withTimeout } from '@everbeat/domain';
import { hashSecret, isSameSecret } from '@everbeat/vault';
import type { ChatAnswers } from './ChatAnswers';
import {
  botKeyOf,
  botsOf,
  type ReceivingBot,
  type ReceivingBotsDeps,
  readReceivingBots,
  readSilentBots,
  webhookUrlOf,
} from './receivingBots';
import { decideWebhook, faultOf, isWebhookDue } from './webhookDecision';

export interface BotWebhooksDeps extends ReceivingBotsDeps {
  clock: Clock;
  ids: Pick<Ids, 'token' | 'secret'>;
  chat: Pick<ChatAnswers, 'act'>;
  createBot(address: BotAddress): TelegramBot;
  /** The public address of this server. */
  appUrl: string;
}

/** A report that carries the secret of its bot. */
export interface AdmittedReport extends ReportedBot {
  key: string;
}

/** How long a person who changes a channel waits for Telegram, and how long a pass of the watchdog does. */
const FOLLOW_MS = 10_000;
const SWEEP_MS = 20_000;
const SAY_MS = 10_000;

const FOREIGN =
  'Another program has what is sent to this bot reported to itself, so that this server does not get it: call deleteWebhook of the bot, or use a bot of its own here.';

/**
 * Has Telegram report what people send to the bots of the channels, for a server that others can call and
 * that may live no longer than a request. Each report carries a secret that is random, known to Telegram
 * alone and stored as a hash. What another program has reported to itself is left alone. A report is handled,
 * then recorded; one that comes again changes nothing.
 */
export class BotWebhooks {
  constructor(private readonly deps: BotWebhooksDeps) {}

  /**
   * The report may be read; null: it does not carry the secret of a bot of this server. @throws database
   * errors
   */
  async admit(key: string, secret: string): Promise<AdmittedReport | null> {
    const reported = await readReportedBot(this.deps.db, key);
    if (reported === null || !isSameSecret(hashSecret(secret), reported.secretHash)) return null;
    return { key, ...reported };
  }

  /**
   * Handles a report as the poller handles an update. What is not readable will never be, and is passed over.
   * @throws database errors that pass, or an error while a channel cannot be opened: Telegram reports it
   * again
   */
  async receive({ key, channelIds, handled }: AdmittedReport, body: string): Promise<void> {
    const { db, clock, createBot } = this.deps;
    const update = updateIn(body);
    if (update === null || handled.includes(update.updateId)) return;
    // A channel may have another bot since.
    const channels = await readEnabledChannels(db, channelIds, 'telegram');
    const { bots, hasUnreadable } = await botsOf(this.deps, channels);
    const found = bots.get(key);
    if (found === undefined) {
      if (hasUnreadable) throw new Error('A channel of the bot could not be opened');
      return;
    }
    const bot = createBot(found.address);
    const saying = await this.deps.chat.act(update, { bot, botKey: key, channels: found.channels });
    const isFirst = await recordReported(db, key, update.updateId);
    if (isFirst && saying) await withTimeout(clock, SAY_MS, saying);
  }

  /**
   * Channels were changed that had, or have, these configurations, with their secrets. Resolves once Telegram
   * is told, or has not answered in time: the watchdog tries again, as long as there is a channel that knows
   * the bot. Never rejects.
   */
  async follow(configs: readonly unknown[]): Promise<void> {
    const addresses = new Map<string, BotAddress>();
    for (const config of configs) {
      const address = telegramChatOf(config);
      if (address !== null) addresses.set(botKeyOf(address), address);
    }
    if (addresses.size === 0) return;
    await this.attempt(async () => {
      const bots = await readReceivingBots(this.deps);
      const looked = [...addresses].map(([key, address]) => bots.get(key) ?? { key, address, channels: [] });
      await this.lookAt(looked, FOLLOW_MS);
    });
  }

  /**
   * A pass of the watchdog: looks at a bounded number of bots, those first that were not for longest. Never
   * rejects.
   */
  async sweep(): Promise<void> {
    const { db, clock, appUrl } = this.deps;
    await this.attempt(async () => {
      const bots = new Map([...(await this.leftBots()), ...(await readReceivingBots(this.deps))]);
      const recorded = new Map((await readWebhooks(db, [...bots.keys()])).map((row) => [row.key, row]));
      const now = clock.now();
      const checkedMs = (key: string): number => recorded.get(key)?.checkedAt?.getTime() ?? 0;
      const due = [...bots.values()]
        .filter((bot) => {
          const wanted = { own: webhookUrlOf(appUrl, bot.key), channelIds: bot.channels.map(({ id }) => id) };
          return isWebhookDue(recorded.get(bot.key), wanted, now);
        })
        .toSorted((a, b) => checkedMs(a.key) - checkedMs(b.key))
        .slice(0, LIMITS.webhooksPerPassMax);
      await this.lookAt(due, SWEEP_MS);
    });
  }

  /** The bots of channels that were switched off while Telegram could not be told, by their keys. */
  private async leftBots(): Promise<Map<string, ReceivingBot>> {
    const left = new Set((await readLeftWebhooks(this.deps.db)).map(({ key }) => key));
    if (left.size === 0) return new Map();
    return new Map([...(await readSilentBots(this.deps))].filter(([key]) => left.has(key)));
  }

  /** All of them, also where the look at one of them fails. Never rejects. */
  private async lookAt(bots: readonly ReceivingBot[], limitMs: number): Promise<void> {
    await withTimeout(this.deps.clock, limitMs, (signal) =>
      Promise.all(bots.map((bot) => this.attempt(() => this.look(bot, signal)))),
    );
  }

  /** Looks where Telegram reports to, and has it as it should be. @throws database errors */
  private async look(bot: ReceivingBot, signal: AbortSignal): Promise<void> {
    const { db, clock, ids } = this.deps;
    const lease: BotLease = { key: bot.key, owner: ids.token() };
    const channelIds = bot.channels.map(({ id }) => id);
    const recorded = await leaseWebhook(db, lease, channelIds, clock.now());
    const isLeft = channelIds.length === 0;
    if (recorded === null) {
      if (isLeft) this.warnOfLeft(bot, 'another look at it was under way');
      return;
    }
    const { isDone, ...found } = await this.settled(bot, lease, recorded, signal);
    if (isLeft && isDone) return releaseBot(db, lease, { forget: true }, clock.now());
    if (isLeft) this.warnOfLeft(bot, found.problem);
    await endWebhook(db, lease, found, clock.now());
  }

  private warnOfLeft({ key }: ReceivingBot, reason: string | null): void {
    this.deps.logger.warn(
      { bot: key, reason },
      'What is sent to a bot without a channel may still be reported here. It is tried again while a channel that is switched off has the bot; if its channel was deleted, call deleteWebhook of the bot',
    );
  }

  /** What is to be recorded then. @throws database errors */
  private async settled(
    { key, address, channels }: ReceivingBot,
    lease: BotLease,
    recorded: Pick<StoredWebhook, 'url' | 'isSet'>,
    signal: AbortSignal,
  ): Promise<Pick<StoredWebhook, 'url' | 'isSet' | 'problem'> & { isDone: boolean }> {
    const { db, clock, ids, createBot, appUrl } = this.deps;
    const bot = createBot(address);
    const own = webhookUrlOf(appUrl, key);
    let { url, isSet } = recorded;
    try {
      const told = await bot.webhook(signal);
      const now = clock.now();
      const act = decideWebhook({ told, own, recorded, isWanted: channels.length > 0 }, now);
      if (act === 'foreign') return { isDone: true, url: null, isSet: false, problem: FOREIGN };
      if (act === 'delete') await bot.deleteWebhook(signal);
      if (act === 'set') {
        const secret = ids.secret();
        isSet = false;
        // Stored first: what Telegram reports at once is known then.
        if (await beginWebhook(db, lease, hashSecret(secret))) {
          await bot.setWebhook({ url: own, secret }, signal);
          [url, isSet] = [own, true];
        }
      }
      return { isDone: true, url, isSet, problem: storable(faultOf({ told, own }, now)) };
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      // What Telegram reports is not concerned by a call that it did not answer.
      const isHeard = isSet && error.kind === 'transient';
      return {
        isDone: false,
        url,
        isSet,
        problem: isHeard ? null : storable(error.message),
      };
    }
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.deps.logger.warn(
        { reason: errorMessage(error) },
        'It could not be seen where Telegram reports what is sent to bots; it is tried again',
      );
    }
  }
}

const storable = (problem: string | null): string | null =>
  problem === null ? null : storableText(problem, LIMITS.errorMessageCharsMax);

function updateIn(body: string) {
  try {
    return readUpdate(JSON.parse(body));
  } catch {
    return null;
  }
}
