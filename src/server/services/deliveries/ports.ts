import type { ChannelMessage } from '@everbeat/channels';
import type { ChannelKind, FailedSend } from '@everbeat/domain';

export type SendResult =
  | { isSent: true; externalId: string | null }
  /** `error`: what was wrong, with the remedy and without secrets. */
  | ({ isSent: false; error: string } & FailedSend);

/** What sends messages outside. Tests and the simulator replace it. */
export interface MessageSender {
  /** The kinds whose far side takes a message once, however often it is sent under its id. */
  idempotentKinds: readonly ChannelKind[];
  /** One attempt, in bounded time. `config`: with its secrets. Never rejects. */
  send(
    channel: { kind: ChannelKind; config: Record<string, unknown> },
    message: ChannelMessage,
    signal: AbortSignal,
  ): Promise<SendResult>;
}

/** Queue mode: has what is due sent in a request of its own. Rejects when the queue did not accept it. */
export interface DeliveryQueue {
  deliver(due: { deliveryId: string; attempts: number }): Promise<void>;
}
