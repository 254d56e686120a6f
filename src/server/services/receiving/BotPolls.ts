import { type BotAddress, ChannelError, type TelegramBot } from '@everbeat/channels';
import {
  type BotLease,
  forgetWebhook,
  isBotTaken,
  leaseBot,
  readWebhooks,
  recordHandled,
  releaseBot,
} from '@everbeat/database';
import { type Clock, errorMessage, type Ids, LIMITS, sleep } from '@everbeat/domain';
import type { ChatAnswers, ChatPlace } from './ChatAnswers';
import {
  botKeyOf,
  type ReceivingBot,
  type ReceivingBotsDeps,
  readReceivingBots,
  webhookUrlOf,
} from './receivingBots';
import { decideWebhook } from './webhookDecision';

export interface BotPollsDeps extends ReceivingBotsDeps {
  clock: Clock;
  ids: Pick<Ids, 'token'>;
  chat: Pick<ChatAnswers, 'act'>;
  createBot(address: BotAddress): TelegramBot;
  appUrl: string;
}

/** One bot that this process asks, or waits to ask. */
interface Loop {
  polled: ReceivingBot;
  bot: TelegramBot;
  stopping: AbortController;
  /** No channel has the bot any more. */
  isForgotten: boolean;
  ended: Promise<void>;
}

export interface FoundChats {
  /** The one that wrote last comes first. */
  chats: { id: string; title: string }[];
  /** Why there are none, with the remedy. */
  problem: string | null;
}

/** What the last call has shown. */
interface Heard {
  isAnswered: boolean;
  problem: string | null;
  failures: number;
}

const IN_USE =
  'A channel has this bot already: write /start to it in the other chat, and it answers with the number of that chat.';
const STOP_MS = 2_000;
const PAUSE_MS_MAX = 60_000;
const HASTY_MS = 1_000;

/**
 * Asks Telegram for what people send to the bots of the channels (long polling), so that answers arrive also
 * at a server that nobody can call. One process asks for each bot, by a lease in the database. An update is
 * handled, then recorded, then confirmed by the next call: after a crash it comes again, and changes nothing
 * then. Ids are not compared by size, because those of a bot that was quiet for a week start anew.
 */
export class BotPolls {
  private readonly loops = new Map<string, Loop>();
  private readonly owner: string;
  private readonly stopping = new AbortController();
  private isStarted = false;
  private isWanted = false;
  private looks: Promise<void> | null = null;
  private cancelTimer: () => void = () => undefined;

  constructor(private readonly deps: BotPollsDeps) {
    this.owner = deps.ids.token();
  }

  /** Begins to ask. For a process that lives on between requests. */
  start(): void {
    this.isStarted = true;
    this.wake();
  }

  /** Channels were changed. Never throws. */
  wake(): void {
    if (!this.isStarted || this.stopping.signal.aborted) return;
    this.isWanted = true;
    this.looks ??= this.look().finally(() => {
      this.looks = null;
    });
  }

  /** Ends the calls under way, and lets another process ask. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.cancelTimer();
    const loops = [...this.loops.values()];
    for (const loop of loops) loop.stopping.abort();
    const ended = Promise.all([this.looks, ...loops.map((loop) => loop.ended)]);
    await Promise.race([ended, sleep(this.deps.clock, STOP_MS)]);
  }

  /**
   * The chats that have written to a bot that no channel has yet. To ask for those of another one would end
   * the call of the server that asks.
   */
  async findChats(address: BotAddress): Promise<FoundChats> {
    const { db, clock, createBot } = this.deps;
    if (await isBotTaken(db, botKeyOf(address), clock.now())) return { chats: [], problem: IN_USE };
    try {
      const updates = await createBot(address).updates(
        { offset: null, waitSeconds: 0 },
        this.stopping.signal,
      );
      const chats = updates.flatMap((update) => (update.kind === 'other' ? [] : [update.chat]));
      const byId = new Map(chats.map(({ id, title }) => [id, { id, title }]));
      return { chats: [...byId.values()].toReversed(), problem: null };
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      return { chats: [], problem: error.message };
    }
  }

  private async look(): Promise<void> {
    const { clock, logger } = this.deps;
    while (this.isWanted && !this.stopping.signal.aborted) {
      this.isWanted = false;
      try {
        this.follow(await readReceivingBots(this.deps));
      } catch (error) {
        logger.warn(
          { reason: errorMessage(error) },
          'The bots of channels could not be read; it is tried again',
        );
      }
    }
    this.cancelTimer();
    if (this.stopping.signal.aborted) return;
    this.cancelTimer = clock.after(LIMITS.botLookSeconds * 1_000, () => this.wake());
  }

  private follow(bots: Map<string, ReceivingBot>): void {
    for (const [key, loop] of this.loops) {
      if (bots.has(key)) continue;
      loop.isForgotten = true;
      loop.stopping.abort();
      this.loops.delete(key);
    }
    for (const [key, polled] of bots) {
      const loop = this.loops.get(key);
      if (loop !== undefined) loop.polled = polled;
      else this.loops.set(key, this.begin(polled));
    }
  }

  private begin(polled: ReceivingBot): Loop {
    const bot = this.deps.createBot(polled.address);
    const loop: Loop = {
      polled,
      bot,
      stopping: new AbortController(),
      isForgotten: false,
      ended: Promise.resolve(),
    };
    loop.ended = this.poll(loop).catch((error: unknown) => {
      this.deps.logger.error(
        { reason: errorMessage(error) },
        'A bot is not asked any more; restart the server',
      );
    });
    return loop;
  }

  private async poll(loop: Loop): Promise<void> {
    const { db, clock } = this.deps;
    const { signal } = loop.stopping;
    let heard: Heard = { isAnswered: false, problem: null, failures: 0 };
    while (!signal.aborted) {
      const { next, pauseMs } = await this.cycle(loop, heard).catch((error: unknown) =>
        this.failed(loop, heard, error),
      );
      heard = next;
      if (pauseMs > 0) await sleep(clock, pauseMs, signal);
    }
    const lease = this.leaseOf(loop);
    await releaseBot(db, lease, { forget: loop.isForgotten }, clock.now()).catch(() => undefined);
  }

  /** Asks once, and handles what has come. @throws ChannelError; database errors */
  private async cycle(loop: Loop, heard: Heard): Promise<{ next: Heard; pauseMs: number }> {
    const { db, clock } = this.deps;
    const { isAnswered, problem } = heard;
    const channelIds = loop.polled.channels.map(({ id }) => id);
    const lease = this.leaseOf(loop);
    const handled = await leaseBot(db, lease, { channelIds, isAnswered, problem }, clock.now());
    const quiet = { isAnswered: false, problem: null, failures: 0 };
    if (handled === null) return { next: quiet, pauseMs: LIMITS.botLookSeconds * 1_000 };
    const last = handled.at(-1);
    const askedMs = clock.now().getTime();
    const updates = await loop.bot.updates(
      {
        offset: last === undefined ? null : last + 1,
        // The first answer tells at once that buttons work.
        waitSeconds: isAnswered ? LIMITS.botWaitSeconds : 0,
      },
      loop.stopping.signal,
    );
    const unhandled = updates.filter(({ updateId }) => !handled.includes(updateId));
    for (const update of unhandled) {
      const saying = await this.deps.chat.act(update, this.placeOf(loop));
      if (!(await recordHandled(db, lease, update.updateId, clock.now()))) return { next: quiet, pauseMs: 0 };
      await saying?.(loop.stopping.signal);
    }
    // A server that does not wait, or sends again what was confirmed, would be asked without end.
    const isHasty = isAnswered && unhandled.length === 0 && clock.now().getTime() - askedMs < HASTY_MS;
    return { next: { ...quiet, isAnswered: true }, pauseMs: isHasty ? HASTY_MS : 0 };
  }

  private async failed(
    loop: Loop,
    { failures }: Heard,
    error: unknown,
  ): Promise<{ next: Heard; pauseMs: number }> {
    const isOfFarSide = error instanceof ChannelError;
    if (!isOfFarSide) {
      const reason = errorMessage(error);
      this.deps.logger.warn({ reason }, 'What people send to a bot could not be read; it is tried again');
    }
    const backOffMs = Math.min(1_000 * 2 ** failures, PAUSE_MS_MAX);
    const askedMs = isOfFarSide ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
    const isLasting =
      isOfFarSide && error.kind !== 'transient' && !(await this.endOwnWebhook(loop).catch(() => false));
    return {
      next: { isAnswered: false, problem: isOfFarSide ? error.message : null, failures: failures + 1 },
      pauseMs: Math.max(askedMs, isLasting ? PAUSE_MS_MAX : backOffMs),
    };
  }

  /**
   * Ends that Telegram reports what is sent to the bot, which it refuses to be asked for then: this
   * installation had it so before it began to ask. Returns whether that was so. @throws ChannelError;
   * database errors
   */
  private async endOwnWebhook(loop: Loop): Promise<boolean> {
    const { db, clock, appUrl } = this.deps;
    const lease = this.leaseOf(loop);
    const { signal } = loop.stopping;
    const told = await loop.bot.webhook(signal);
    const [recorded = { url: null, isSet: false }] = await readWebhooks(db, [lease.key]);
    const own = webhookUrlOf(appUrl, lease.key);
    if (decideWebhook({ told, own, recorded, isWanted: false }, clock.now()) !== 'delete') return false;
    await loop.bot.deleteWebhook(signal);
    await forgetWebhook(db, lease);
    return true;
  }

  private leaseOf({ polled: { key } }: Loop): BotLease {
    return { key, owner: this.owner };
  }

  private placeOf({ bot, polled: { key, channels } }: Loop): ChatPlace {
    return { bot, botKey: key, channels };
  }
}
