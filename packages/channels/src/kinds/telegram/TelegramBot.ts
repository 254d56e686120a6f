import { LIMITS, truncated } from '@everbeat/domain';
import { redact, writtenForms } from '@everbeat/outgoing';
import { z } from 'zod';
import { attempt } from '../../attempt';
import type { ChannelContext } from '../../port';
import { cleanLine } from '../../text/text';
import { type BotAddress, callBot } from './botApi';
import { type ChatUpdate, readUpdate } from './receive';

/** As many as are read at once: together they stay far below what is read of an answer. */
const UPDATES_MAX = 20;
/**
 * Each has at most two messages of 4096 characters, which JSON may write with 12 bytes each, and their marks.
 */
const UPDATES_BYTES_MAX = 8_000_000;
/** How long an answer may take beyond what Telegram was asked to wait. */
const CALL_MARGIN_SECONDS = 15;
/** The length of what is shown for a moment when a button is pressed. */
const NOTE_CHARS_MAX = 200;

/** What this server wants to hear of. */
const ALLOWED_UPDATES = ['message', 'callback_query'];
/** How many updates Telegram reports at the same time: a full group must not occupy the server. */
const WEBHOOK_CONNECTIONS_MAX = 4;
const FAULT_CHARS_MAX = 300;

const webhookSchema = z.object({
  url: z.string(),
  pending_update_count: z.number().catch(0),
  last_error_date: z.number().optional().catch(undefined),
  last_error_message: z.string().optional().catch(undefined),
});

/** Where Telegram reports what is sent to a bot (https://core.telegram.org/bots/api#getwebhookinfo). */
export interface BotWebhook {
  /** Empty: nowhere. It is asked. */
  url: string;
  /** Why it could not report last, in Telegram's words on one line, while something waits to be reported. */
  fault: { at: Date; text: string } | null;
}

/** A bot as it is spoken to by others (https://core.telegram.org/bots/api#getting-updates). */
export class TelegramBot {
  constructor(
    private readonly address: BotAddress,
    private readonly context: Omit<ChannelContext, 'signal'>,
  ) {}

  /**
   * What was sent to the bot from `offset` on, which confirms all before it; null confirms nothing. Waits so
   * long until there is something.
   * @throws ChannelError
   */
  async updates(
    { offset, waitSeconds }: { offset: number | null; waitSeconds: number },
    signal: AbortSignal,
  ): Promise<ChatUpdate[]> {
    const body = {
      ...(offset === null ? {} : { offset }),
      timeout: waitSeconds,
      limit: UPDATES_MAX,
      allowed_updates: ALLOWED_UPDATES,
    };
    const raw = await this.call(
      { method: 'getUpdates', body, answerBytesMax: UPDATES_BYTES_MAX },
      z.array(z.unknown()),
      { signal, seconds: waitSeconds + CALL_MARGIN_SECONDS },
    );
    return raw.map(readUpdate).filter((update) => update !== null);
  }

  /** @throws ChannelError */
  async webhook(signal: AbortSignal): Promise<BotWebhook> {
    const told = await this.call({ method: 'getWebhookInfo', body: {} }, webhookSchema, { signal });
    const { url, pending_update_count: waiting, last_error_date: at, last_error_message: text } = told;
    if (waiting === 0 || at === undefined || text === undefined) return { url, fault: null };
    const said = redact(cleanLine(text), writtenForms(this.address.botToken));
    return { url, fault: { at: new Date(at * 1_000), text: truncated(said, FAULT_CHARS_MAX) } };
  }

  /**
   * Has what is sent to the bot reported to an address, with the secret in the header
   * `X-Telegram-Bot-Api-Secret-Token`. What waits already is reported, too. @throws ChannelError
   */
  async setWebhook({ url, secret }: { url: string; secret: string }, signal: AbortSignal): Promise<void> {
    const body = {
      url,
      secret_token: secret,
      allowed_updates: ALLOWED_UPDATES,
      max_connections: WEBHOOK_CONNECTIONS_MAX,
    };
    await this.call({ method: 'setWebhook', body }, z.unknown(), { signal });
  }

  /** Nothing is reported any more; what waits is kept for whoever asks. @throws ChannelError */
  async deleteWebhook(signal: AbortSignal): Promise<void> {
    await this.call({ method: 'deleteWebhook', body: {} }, z.unknown(), { signal });
  }

  /** Ends the waiting of whoever pressed a button, with a note. @throws ChannelError */
  async answerPress(pressId: string, note: string, signal: AbortSignal): Promise<void> {
    const body = { callback_query_id: pressId, text: truncated(note, NOTE_CHARS_MAX) };
    await this.call({ method: 'answerCallbackQuery', body }, z.unknown(), { signal });
  }

  /** Replies to a message with plain text of this server's own. @throws ChannelError */
  async reply(
    { chat, messageId }: { chat: { id: string }; messageId: string },
    text: string,
    signal: AbortSignal,
  ): Promise<void> {
    const body = {
      chat_id: chat.id,
      text,
      link_preview_options: { is_disabled: true },
      reply_parameters: { message_id: Number(messageId), allow_sending_without_reply: true },
    };
    await this.call({ method: 'sendMessage', body }, z.unknown(), { signal });
  }

  /** Takes the buttons of a message away. @throws ChannelError */
  async removeButtons(
    { chat, messageId }: { chat: { id: string }; messageId: string },
    signal: AbortSignal,
  ): Promise<void> {
    const body = { chat_id: chat.id, message_id: Number(messageId), reply_markup: { inline_keyboard: [] } };
    await this.call({ method: 'editMessageReplyMarkup', body }, z.unknown(), { signal });
  }

  private call<T>(
    call: Omit<Parameters<typeof callBot>[0], keyof BotAddress>,
    schema: z.ZodType<T>,
    within: { signal: AbortSignal; seconds?: number },
  ): Promise<T> {
    const seconds = within.seconds ?? LIMITS.deliverySendSeconds;
    const signal = AbortSignal.any([within.signal, AbortSignal.timeout(seconds * 1_000)]);
    return attempt({ label: 'Telegram', secrets: writtenForms(this.address.botToken), signal }, () =>
      callBot({ ...this.address, ...call }, schema, { ...this.context, signal }),
    );
  }
}
