import type { AnsweredMessage, ChannelMessage, SentMessage } from '@everbeat/channels';
import type { ChannelKind, FailedSend } from '@everbeat/domain';

export type SendResult =
  | ({ isSent: true } & SentMessage)
  /** `error`: what was wrong, with the remedy and without secrets. */
  | ({ isSent: false; error: string } & FailedSend);

/** A channel with its secrets. */
export interface OpenedChannel {
  kind: ChannelKind;
  config: Record<string, unknown>;
}

/** What sends messages outside. Tests and the simulator replace it. */
export interface MessageSender {
  /** The kinds whose far side takes a message once, however often it is sent under its id. */
  idempotentKinds: readonly ChannelKind[];
  /**
   * One attempt, in bounded time. `config`: with its secrets. `takesPresses`: buttons that are pressed there
   * reach this server. Never rejects.
   */
  send(
    channel: OpenedChannel & { takesPresses?: boolean },
    message: ChannelMessage,
    signal: AbortSignal,
  ): Promise<SendResult>;
}

/** What edits messages that were sent. */
export interface MessageCloser {
  /** Shows what became of a message, and takes its options away, in bounded time. Never rejects. */
  close(
    channel: OpenedChannel,
    answered: AnsweredMessage,
    signal: AbortSignal,
  ): Promise<'closed' | 'refused' | 'later'>;
}

/** Queue mode: has what is due sent in a request of its own. Rejects when the queue did not accept it. */
export interface DeliveryQueue {
  /**
   * `about`: what is to be done. What is asked for at about the same time, which `at` says, is one request.
   */
  deliver(request: { about: string; at: Date }): Promise<void>;
}
