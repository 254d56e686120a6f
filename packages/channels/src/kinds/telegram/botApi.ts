import { z } from 'zod';
import { answerError } from '../../http/answerError';
import { type ChannelAnswer, post } from '../../http/post';
import { readJson } from '../../http/readJson';
import { type ChannelContext, ChannelError } from '../../port';

const TELEGRAM_API = 'https://api.telegram.org';

/** How a bot is reached. */
export interface BotAddress {
  botToken: string;
  /** The address of a Bot API server of one's own. Undefined: Telegram's. */
  apiUrl?: string | undefined;
}

interface BotCall extends BotAddress {
  method:
    | 'sendMessage'
    | 'editMessageText'
    | 'editMessageReplyMarkup'
    | 'answerCallbackQuery'
    | 'getUpdates'
    | 'getWebhookInfo'
    | 'setWebhook'
    | 'deleteWebhook';
  body: object;
  answerBytesMax?: number;
}

/** Every answer of the Bot API (https://core.telegram.org/bots/api#making-requests). */
const answerSchema = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  description: z.string().catch(''),
  parameters: z
    .object({
      retry_after: z.number().optional().catch(undefined),
      migrate_to_chat_id: z.number().optional().catch(undefined),
    })
    .catch({}),
});
type BotAnswer = z.output<typeof answerSchema>;

/**
 * One call of the Bot API.
 * @returns its result @throws ChannelError; the signal's reason
 */
export async function callBot<T>(
  { botToken, apiUrl = TELEGRAM_API, method, body, answerBytesMax }: BotCall,
  resultSchema: z.ZodType<T>,
  context: ChannelContext,
): Promise<T> {
  const answer = await post(
    {
      url: `${apiUrl.replace(/\/+$/, '')}/bot${botToken}/${method}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(answerBytesMax === undefined ? {} : { answerBytesMax }),
    },
    context,
  );
  const read = readJson(answer.text, answerSchema);
  if (answer.status === 200 && read?.ok === true) {
    const result = resultSchema.safeParse(read.result);
    if (result.success) return result.data;
  }
  throw botError(answer, read);
}

/** Telegram says 400 of much that a person can cure, and says which in its description alone. */
function botError(answer: ChannelAnswer, read: BotAnswer | null): ChannelError {
  const said = read?.description ?? '';
  const { migrate_to_chat_id: newChatId, retry_after: retryAfterSeconds } = read?.parameters ?? {};
  const needsPerson = (remedy: string) =>
    new ChannelError('needs-person', `Telegram answered: ${said}. ${remedy}`);
  if (newChatId !== undefined) {
    return needsPerson(`The group has become a supergroup: edit the channel and set the chat ${newChatId}.`);
  }
  if (/chat not found|chat_id is empty|PEER_ID_INVALID/i.test(said)) {
    return needsPerson('Open the chat with your bot, press Start, and check the number of the chat.');
  }
  if (/have no rights|not enough rights|CHAT_WRITE_FORBIDDEN|need administrator/i.test(said)) {
    return needsPerson('Let the bot write in this chat: it must be a member, in a channel an administrator.');
  }
  if (/bad webhook/i.test(said)) {
    return needsPerson(
      'Telegram reports to public addresses alone, by HTTPS at port 443, 80, 88 or 8443: set APP_URL to such a one.',
    );
  }
  if (answer.status === 409) {
    return needsPerson(
      /webhook/i.test(said)
        ? 'A webhook takes what is sent to this bot, so that this server does not get it: call deleteWebhook of the bot, or use a bot of its own here.'
        : 'Another program asks for what is sent to this bot: stop it, or use a bot of its own here.',
    );
  }
  if (answer.status === 200) {
    return new ChannelError('transient', `${answer.host} sent an answer that is none of the Bot API.`, {
      mayHaveArrived: true,
    });
  }
  return answerError(answer, {
    remedy:
      answer.status === 403
        ? 'The bot was blocked or removed from the chat: unblock it, or add it again.'
        : 'Check the token of the bot with @BotFather.',
    said,
    retryAfterSeconds,
  });
}
