import {
  findOpenMessages,
  type OpenMessage,
  type Queryable,
  readToldBriefs,
  recordClosed,
  type ToldBrief,
} from '@everbeat/database';
import { type Clock, errorMessage, LIMITS, type Logger, withTimeout } from '@everbeat/domain';
import { outcomeText } from '../answers/outcome';
import type { SecretsService } from '../secrets/SecretsService';
import { messageOfBrief } from './composeMessage';
import type { MessageCloser } from './ports';

export interface OpenMessagesDeps {
  db: Queryable;
  clock: Clock;
  logger: Logger;
  secrets: Pick<SecretsService, 'openChannel'>;
  closer: MessageCloser;
  appUrl: string;
}

/** `brief`: what it has told. Null: that is gone. */
type ToldMessage = OpenMessage & { brief: ToldBrief | null };

/** How long one look for such messages edits them. */
const LOOK_MS = 10_000;

/**
 * Takes the options of messages away whose briefs were answered elsewhere, and shows there what became of
 * them. A message that stays as it is does no harm, because its options answer nothing any more: so this is
 * tried while the far side is away, and given up once it refuses. It happens beside what is sent, because a
 * far side may not answer.
 */
export class OpenMessages {
  private looks: Promise<void> | null = null;
  private isWanted = false;

  constructor(private readonly deps: OpenMessagesDeps) {}

  /** A brief may be over: has its messages edited in the background, until `signal` ends it. Never throws. */
  wake(signal: AbortSignal): void {
    this.isWanted = true;
    this.looks ??= this.work(signal).finally(() => {
      this.looks = null;
    });
  }

  /** Resolves once nothing is under way. */
  async idle(): Promise<void> {
    while (this.looks !== null) await this.looks;
  }

  private async work(signal: AbortSignal): Promise<void> {
    while (this.isWanted && !signal.aborted) {
      this.isWanted = false;
      try {
        await withTimeout(this.deps.clock, LOOK_MS, (within) => this.close(within), signal);
      } catch (error) {
        this.deps.logger.warn(
          { reason: errorMessage(error) },
          'Messages that are over could not be edited; it is tried again',
        );
      }
    }
  }

  /** A bounded number of messages, those of each channel one after the other. @throws database errors */
  private async close(signal: AbortSignal): Promise<void> {
    const { db, clock } = this.deps;
    const found = await findOpenMessages(db, clock.now(), LIMITS.closedPerPassMax);
    if (found.length === 0) return;
    const told = await readToldBriefs(
      db,
      found.map(({ deliveryId }) => deliveryId),
    );
    const briefOf = new Map(told.map((brief) => [brief.deliveryId, brief]));
    const byChannel = new Map<string, ToldMessage[]>();
    for (const open of found) {
      const message = { ...open, brief: briefOf.get(open.deliveryId) ?? null };
      byChannel.set(open.channelId, [...(byChannel.get(open.channelId) ?? []), message]);
    }
    const ended = await Promise.allSettled([...byChannel.values()].map((of) => this.closeIn(of, signal)));
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
  }

  /** Edits messages of one channel until it is away. */
  private async closeIn(messages: readonly ToldMessage[], signal: AbortSignal): Promise<void> {
    for (const open of messages) {
      if (signal.aborted || !(await this.isOver(open, signal))) return;
      await recordClosed(this.deps.db, open.deliveryId);
    }
  }

  /** Whether nothing is left to try. */
  private async isOver(open: ToldMessage, signal: AbortSignal): Promise<boolean> {
    const { secrets, closer, logger, appUrl } = this.deps;
    const { brief, deliveryId, userId, channelId, kind, externalId, resolvedAction, isUnanswered } = open;
    if (brief === null) return true;
    const message = messageOfBrief(deliveryId, brief, appUrl);
    const outcome = outcomeText({ ...brief, resolvedAction, isUnanswered });
    try {
      const config = await secrets.openChannel(userId, { id: channelId, kind, config: open.config });
      return (await closer.close({ kind, config }, { externalId, message, outcome }, signal)) !== 'later';
    } catch (error) {
      logger.debug({ reason: errorMessage(error) }, 'The options of a message were left as they are');
      return true;
    }
  }
}
