import { isFromSlack, readSlackPress, type SlackPress, sayInSlack, slackAppOf } from '@everbeat/channels';
import { type Queryable, readEnabledChannels } from '@everbeat/database';
import { AppError, type Clock, errorMessage, type Logger, withTimeout } from '@everbeat/domain';
import type { AnswerLinkService } from '../answers/AnswerLinkService';
import { pressedText } from '../answers/outcome';
import type { SecretsService } from '../secrets/SecretsService';

export interface SlackPressesDeps {
  db: Queryable;
  clock: Clock;
  logger: Logger;
  secrets: Pick<SecretsService, 'openChannel'>;
  answers: Pick<AnswerLinkService, 'press'>;
  /** What every call to a far side needs, but its end. */
  calls: Omit<Parameters<typeof sayInSlack>[2], 'signal'>;
}

export interface SlackRequest {
  /** As it came. */
  body: string;
  timestamp: string | undefined;
  signature: string | undefined;
}

const SAY_MS = 10_000;

/** Buttons that are pressed in the messages of apps of Slack. */
export class SlackPresses {
  constructor(private readonly deps: SlackPressesDeps) {}

  /**
   * Does what a request asks for. Null: it is not from the app of such a channel, or is an old one. Else what
   * ends once it is done, and never rejects: Slack waits three seconds for its answer.
   * @throws database errors; AppError `secrets-unreadable`
   */
  async receive(channelId: string, request: SlackRequest): Promise<{ done: Promise<void> } | null> {
    const { db, clock, secrets } = this.deps;
    const [channel] = await readEnabledChannels(db, [channelId], 'slack');
    if (channel === undefined) return null;
    const { userId, ...stored } = channel;
    const app = slackAppOf(await secrets.openChannel(userId, stored));
    if (app === null || !isFromSlack(app.signingSecret, request, clock.now())) return null;
    const press = readSlackPress(request.body);
    return { done: press === null ? Promise.resolve() : this.press(channelId, press, app.apiUrl) };
  }

  private async press(
    channelId: string,
    { token, responseUrl }: SlackPress,
    apiUrl: string | undefined,
  ): Promise<void> {
    const { clock, answers, calls, logger } = this.deps;
    try {
      const said = await answers.press([channelId], token).then(
        (page) =>
          page?.state === 'answered' && page.link.action === page.link.resolvedAction
            ? null
            : pressedText(page),
        (error: unknown) => {
          if (error instanceof AppError) return `${error.message}.`;
          throw error;
        },
      );
      if (said === null || responseUrl === null) return;
      await withTimeout(clock, SAY_MS, (signal) =>
        sayInSlack({ responseUrl, apiUrl }, said, { ...calls, signal }),
      );
    } catch (error) {
      logger.warn({ reason: errorMessage(error) }, 'A button that was pressed in Slack could not be handled');
    }
  }
}
