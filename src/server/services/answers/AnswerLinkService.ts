import type { ChannelAction } from '@everbeat/channels';
import {
  type AnswerLink,
  addAnswerLinks,
  type Queryable,
  readAnswerLink,
  readBrief,
  type ToldBrief,
  type ToldMessage,
} from '@everbeat/database';
import {
  AppError,
  type BriefAction,
  type BriefActionView,
  type Clock,
  type Ids,
  isCure,
  LIMITS,
  needsWords,
} from '@everbeat/domain';
import { hashSecret } from '@everbeat/vault';

/** Below it stand the pages that answer a brief. */
export const ANSWERS_PATH = '/a';

export interface AnswerLinkServiceDeps {
  db: Queryable;
  clock: Clock;
  ids: Pick<Ids, 'secret'>;
  appUrl: string;
  /** Answers a brief, once. @throws AppError */
  resolve(
    userId: string,
    answer: {
      id: string;
      action: string;
      comment: string | undefined;
      isByLink: true;
      asked: string | undefined;
    },
  ): Promise<unknown>;
  /** Has messages edited whose briefs are over. Never rejects. */
  tellAnswered(): Promise<void>;
}

/** What a link stands for now. `open`: it can be answered. */
export type AnswerPage = { state: 'open' | 'answered' | 'used' | 'expired' | 'superseded'; link: AnswerLink };

/**
 * Links by which a person answers a brief from a message, without the page and without signing in
 * (PROTOCOL §11). A token is random, is known to the receiver of the message alone, and answers one brief,
 * once, for a week.
 */
export class AnswerLinkService {
  constructor(private readonly deps: AnswerLinkServiceDeps) {}

  /** Makes links for the options of a brief, for a message that is sent to a channel now. */
  async linksFor(
    { userId, channelId }: { userId: string; channelId: string },
    {
      briefId,
      title,
      questionHash,
      actions,
    }: Pick<ToldBrief, 'briefId' | 'title' | 'questionHash' | 'actions'>,
  ): Promise<ChannelAction[]> {
    const { db, clock, ids, appUrl } = this.deps;
    const offered = actions.filter(isAnswer).slice(0, LIMITS.answerLinksPerMessageMax);
    const made = offered.map(({ key, label }) => ({ key, label, token: ids.secret() }));
    const links = made.map(({ key, token }) => ({ tokenHash: hashSecret(token), action: key }));
    const asked = { userId, briefId, channelId, title, questionHash };
    if (links.length > 0) await addAnswerLinks(db, { ...asked, links }, clock.now());
    return made.map((link) => ({ ...link, url: `${appUrl}${ANSWERS_PATH}/${link.token}` }));
  }

  /** Null: there is no such link. */
  async page(token: string): Promise<AnswerPage | null> {
    const link = await readAnswerLink(this.deps.db, hashSecret(token));
    return link && { state: this.stateOf(link), link };
  }

  /**
   * Answers the brief of a button that was pressed in one of these channels: a token of another channel is
   * not known there, whoever sends it. One whose option needs words answers nothing yet: the page stays open.
   * @throws AppError
   */
  async press(channelIds: readonly string[], token: string): Promise<AnswerPage | null> {
    const page = await this.page(token);
    const channelId = page?.link.channelId ?? null;
    if (channelId === null || !channelIds.includes(channelId)) return null;
    if (page?.state === 'open' && needsWords({ key: page.link.action })) return page;
    return this.answer(token, { action: undefined, comment: undefined });
  }

  /**
   * Takes words that were sent in reply to a message as the answer to its brief, if it takes words and asks
   * what the message did. The same words a second time change nothing. Returns whether they are the answer.
   * @throws AppError
   */
  async say(
    { userId, briefId, questionHash }: Pick<ToldMessage, 'userId' | 'briefId' | 'questionHash'>,
    words: string,
  ): Promise<boolean> {
    const { db, resolve, tellAnswered } = this.deps;
    const brief = await readBrief(db, userId, briefId);
    if (brief === null) return false;
    if (brief.resolvedAt === null) {
      if (!brief.actions.some((offered) => offered.key === IN_WORDS && isAnswer(offered))) return false;
      const asked = questionHash ?? undefined;
      await resolve(userId, { id: briefId, action: IN_WORDS, comment: words, isByLink: true, asked });
    }
    await tellAnswered();
    const resolved = await readBrief(db, userId, briefId);
    return resolved?.resolvedAction === IN_WORDS && resolved.resolvedComment === words;
  }

  /**
   * Answers the brief of a link with one of its options, unless it was answered, has expired or asks
   * something else now.
   * @throws AppError
   */
  async answer(
    token: string,
    { action, comment }: { action: string | undefined; comment: string | undefined },
  ): Promise<AnswerPage | null> {
    const { resolve, tellAnswered } = this.deps;
    const page = await this.page(token);
    if (page === null) return null;
    if (page.state !== 'open') {
      // Its message may still have its options.
      await tellAnswered();
      return page;
    }
    const { userId, briefId, actions, questionHash } = page.link;
    const chosen = action ?? page.link.action;
    if (!actions.some((offered) => offered.key === chosen && isAnswer(offered)))
      throw new AppError('action-not-offered', 'Choose one of the answers below');
    const asked = questionHash ?? undefined;
    await resolve(userId, { id: briefId, action: chosen, comment, isByLink: true, asked });
    await tellAnswered();
    return this.page(token);
  }

  private stateOf({
    resolvedAt,
    usedAt,
    isSuperseded,
    expiresAt,
    action,
    actions,
  }: AnswerLink): AnswerPage['state'] {
    if (resolvedAt !== null) return 'answered';
    if (usedAt !== null) return 'used';
    if (expiresAt <= this.deps.clock.now()) return 'expired';
    const isOffered = actions.some(({ key }) => key === action);
    return isSuperseded || !isOffered ? 'superseded' : 'open';
  }
}

/** The option that is nothing without words. */
const IN_WORDS = 'feedback' satisfies BriefAction;

/** Whether an option answers the brief. Others lead to a page. */
export const isAnswer = ({ key, url }: BriefActionView): boolean => url === undefined && !isCure(key);
