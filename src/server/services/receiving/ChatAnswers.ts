import { createHash } from 'node:crypto';
import { ChannelError, type ChatUpdate, isChat, type TelegramBot } from '@everbeat/channels';
import {
  faultCode,
  isContention,
  isDatabaseUnavailable,
  isUniqueViolation,
  type Queryable,
  readToldMessage,
  type ToldMessage,
} from '@everbeat/database';
import {
  AppError,
  type Clock,
  errorMessage,
  LIMITS,
  type Logger,
  readsWords,
  storableText,
} from '@everbeat/domain';
import type { AnswerLinkService } from '../answers/AnswerLinkService';
import { pressedText } from '../answers/outcome';

export interface ChatAnswersDeps {
  db: Queryable;
  clock: Clock;
  logger: Logger;
  answers: Pick<AnswerLinkService, 'press' | 'say'>;
  /**
   * Adds what a person says to a task. @throws AppError `task-not-found`; a unique violation: it was added
   * before
   */
  comment(userId: string, taskId: string, content: string, id: string): Promise<unknown>;
}

/** A channel that writes to a chat. */
export interface ChatChannel {
  id: string;
  userId: string;
  chatId: string;
}

/** Where an update came from. */
export interface ChatPlace {
  bot: Pick<TelegramBot, 'reply' | 'answerPress' | 'removeButtons'>;
  botKey: string;
  /** All channels of the bot. */
  channels: readonly ChatChannel[];
}

/** What is said in the chat once it is recorded that the update was handled. Never rejects. */
export type Saying = (signal: AbortSignal) => Promise<void>;

/**
 * Does what people ask for in a chat: a button answers, a reply is an answer in words or a comment. Each act
 * may be done twice, when the server dies before it is recorded, and changes nothing the second time.
 */
export class ChatAnswers {
  /**
   * When each chat was last told what it can do, so that two programs that write to each other come to an
   * end.
   */
  private readonly hintedAt = new Map<string, number>();
  /** How often updates were tried here whose rows other sessions hold. */
  private readonly heldUp = new Map<string, number>();

  constructor(private readonly deps: ChatAnswersDeps) {}

  /**
   * Returns what to say. What comes later in a chat waits for an update that other sessions hold up, so that
   * one is given up after some tries, and whoever sent it is told.
   * @throws database errors that pass: nothing was done then, or it may be done again
   */
  async act(update: ChatUpdate, place: ChatPlace): Promise<Saying | null> {
    if (update.kind === 'other') return null;
    const { logger } = this.deps;
    const say = await this.said(update, place);
    if (say === null) return null;
    return (signal) =>
      say(signal).catch((error: unknown) =>
        logger.debug({ reason: errorMessage(error) }, 'A person in a chat was not told what was done'),
      );
  }

  private async said(update: Said, place: ChatPlace): Promise<Saying | null> {
    const { logger } = this.deps;
    const channels = place.channels.filter(({ chatId }) => isChat(update.chat, chatId));
    try {
      return await this.actOn(update, { ...place, channels });
    } catch (error) {
      if (isDatabaseUnavailable(error) || (isContention(error) && !this.isGivenUp(update, place)))
        throw error;
      if (error instanceof AppError) return saying(update, place, `${error.message}.`);
      const reason = faultCode(error) ?? (error instanceof Error ? error.name : typeof error);
      logger.error({ reason, kind: update.kind }, 'What a person has sent to a bot could not be done');
      return saying(update, place, 'That did not work. Answer it in Everbeat.');
    }
  }

  private isGivenUp({ updateId }: Said, { botKey }: ChatPlace): boolean {
    const id = `${botKey} ${updateId}`;
    const tries = 1 + (this.heldUp.get(id) ?? 0);
    if (this.heldUp.size >= REMEMBERED_MAX) this.heldUp.clear();
    if (tries < LIMITS.botUpdateTriesMax) this.heldUp.set(id, tries);
    else this.heldUp.delete(id);
    return tries >= LIMITS.botUpdateTriesMax;
  }

  private async actOn(update: Said, place: ChatPlace): Promise<Saying | null> {
    const { channels } = place;
    if (update.kind === 'start') return this.hint(update, place, startText(update, channels));
    if (channels.length === 0) {
      this.deps.logger.info({ kind: update.kind }, 'A chat that is no channel has written to a bot: ignored');
      return update.kind === 'press' ? saying(update, place, pressedText(null)) : null;
    }
    if (update.kind === 'press') return this.press(update, place);
    if (update.kind === 'reply') return saying(update, place, await this.reply(update, place));
    return this.hint(update, place, HINT);
  }

  private async press(update: Extract<Said, { kind: 'press' }>, place: ChatPlace): Promise<Saying> {
    const page = await this.deps.answers.press(
      place.channels.map(({ id }) => id),
      update.token,
    );
    const isOver = page !== null && page.state !== 'open' && page.state !== 'answered';
    const say = saying(update, place, pressedText(page));
    return async (signal) => {
      await say(signal);
      // A message that was answered is edited as a whole.
      if (isOver) await place.bot.removeButtons(update, signal);
    };
  }

  private async reply(update: Extract<Said, { kind: 'reply' }>, { channels, botKey }: ChatPlace) {
    const { db, answers, comment } = this.deps;
    const ids = channels.map(({ id }) => id);
    const told = await readToldMessage(db, ids, update.toMessageId);
    if (told === null) return HINT;
    if (told.isOneOfSeveral)
      return 'That message tells of several things. Open Everbeat to answer one of them.';
    const { userId, taskId } = told;
    const words = storableText(update.text.trim(), LIMITS.commentCharsMax);
    // What was said to another question is no answer to this one.
    const isAnswer = !told.isSuperseded && (await answers.say(told, words));
    if (isAnswer) return 'This is your answer now. The task goes on with it.';
    await comment(userId, taskId, words, commentId(botKey, update)).catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
    });
    return notedText(told);
  }

  private hint(update: Said, place: ChatPlace, text: string): Saying | null {
    const nowMs = this.deps.clock.now().getTime();
    const chat = `${place.botKey} ${update.chat.id} ${update.kind}`;
    const last = this.hintedAt.get(chat);
    if (last !== undefined && Math.abs(nowMs - last) < HINT_MS) return null;
    if (this.hintedAt.size >= REMEMBERED_MAX) this.hintedAt.clear();
    this.hintedAt.set(chat, nowMs);
    return saying(update, place, text);
  }
}

/** What becomes of words that answer nothing. */
function notedText({ agentKind, isWaiting }: Pick<ToldMessage, 'agentKind' | 'isWaiting'>): string {
  const noted = readsWords(agentKind)
    ? 'Noted: the next run reads it.'
    : 'Kept as a note on the task: its agent reads no comments.';
  return isWaiting ? `${noted} It is no answer to the question, which still waits for you.` : noted;
}

type Said = Exclude<ChatUpdate, { kind: 'other' }>;

const HINT_MS = 60_000;
const REMEMBERED_MAX = 1_000;
const HINT =
  'I pass your answers on: press a button of one of my messages, or reply to it in your own words. Anything else I do not read.';

function startText({ chat }: Said, channels: readonly ChatChannel[]): string {
  const number = `The number of this chat is ${chat.id}.`;
  return channels.length > 0
    ? `${number} Everbeat writes to it.`
    : `${number} Enter it in Everbeat under Settings → Notifications, and messages arrive here.`;
}

const saying =
  (update: Said, { bot }: ChatPlace, text: string): Saying =>
  async (signal) => {
    if (update.kind !== 'press') return bot.reply(update, text, signal);
    await bot.answerPress(update.pressId, text, signal).catch((error: unknown) => {
      if (!(error instanceof ChannelError) || error.kind === 'transient') throw error;
      // Telegram takes a note for a short while after the press alone.
      return bot.reply(update, text, signal);
    });
  };

/**
 * The same each time that a message is handled. The ids of updates would not do: those of a bot that was
 * quiet for a week begin anew, and come to numbers that were used before.
 */
function commentId(botKey: string, { chat, messageId }: Said): string {
  const hash = createHash('sha256').update(`${botKey} ${chat.id} ${messageId}`).digest('hex');
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `a${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}
