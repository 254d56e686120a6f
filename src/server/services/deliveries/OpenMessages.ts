import {
  findOpenMessages,
  type OpenMessage,
  type Queryable,
  readToldBriefs,
  recordClosed,
} from '@everbeat/database';
import { type Clock, errorMessage, LIMITS, type Logger } from '@everbeat/domain';
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

/**
 * Takes the options of messages away whose briefs were answered elsewhere, and shows there what became of them. A
 * message that stays as it is does no harm, because its options answer nothing any more: so this is tried while the far
 * side is away, and given up once it refuses.
 */
export class OpenMessages {
  constructor(private readonly deps: OpenMessagesDeps) {}

  /** A bounded number of messages, until `signal` ends it. @throws database errors */
  async close(signal: AbortSignal): Promise<void> {
    const { db, clock } = this.deps;
    for (const open of await findOpenMessages(db, clock.now(), LIMITS.closedPerPassMax)) {
      if (signal.aborted) return;
      if (await this.isOver(open, signal)) await recordClosed(db, open.deliveryId);
    }
  }

  /** Whether nothing is left to try. */
  private async isOver(open: OpenMessage, signal: AbortSignal): Promise<boolean> {
    const { db, secrets, closer, logger, appUrl } = this.deps;
    const { deliveryId, userId, channelId, kind, externalId, resolvedAction } = open;
    const [brief] = await readToldBriefs(db, [deliveryId]);
    if (brief === undefined) return true;
    const message = messageOfBrief(deliveryId, brief, appUrl);
    const outcome = outcomeText(brief.actions, resolvedAction);
    try {
      const config = await secrets.openChannel(userId, { id: channelId, kind, config: open.config });
      return (await closer.close({ kind, config }, { externalId, message, outcome }, signal)) !== 'later';
    } catch (error) {
      logger.debug({ reason: errorMessage(error) }, 'The options of a message were left as they are');
      return true;
    }
  }
}
