import type { BriefPriority, NewsKind } from '@everbeat/domain';

/** What a person can do about a message from outside the page. */
export interface ChannelAction {
  key: string;
  label: string;
  /** A signed link. */
  url: string;
  /** The secret of the link alone, which a button sends back that is pressed. */
  token: string;
}

/** One line of a digest. */
export interface DigestLine {
  title: string;
  url: string;
  /** How many briefs it stands for. */
  count: number;
}

/** One message to a person. Its texts come from agents and pages, and are data for whoever sends it. */
export interface ChannelMessage {
  /** The same for every attempt to send it: the idempotency key. */
  id: string;
  kind: NewsKind | 'digest';
  title: string;
  /** Markdown. */
  text: string;
  /** Title or text are the beginning of longer ones. Left out: no. */
  isCut?: boolean;
  /** The address of the brief in the application. */
  url: string;
  task: { identifier: string; title: string } | null;
  priority: BriefPriority;
  /** The same for all messages about one brief. */
  threadKey: string;
  actions: readonly ChannelAction[];
  lines?: readonly DigestLine[];
}

/** What sending needs of the operator's settings. */
export interface ChannelContext {
  /** Ends the attempt. It also ends by itself in bounded time. */
  signal: AbortSignal;
  /** Whether this machine and private networks may be called. */
  allowPrivateAddresses: boolean;
  /** The port of this server on this machine, which is never called. */
  ownPort?: number;
  /** Null: the operator has not set up e-mail. `url`: `smtps://user:password@host`. */
  smtp: { url: string; from: string } | null;
  /** Whether this server hears of buttons that are pressed in this channel. Left out: it does not. */
  takesPresses?: boolean;
  /** Null: this server has no keys for push. */
  vapid: { publicKey: string; privateKey: string; subject: string } | null;
}

export interface SentMessage {
  /** The far side's own id of the message, where it gives one. */
  externalId: string | null;
  /** Whether it offers options that can be taken away once it is answered. Left out: no. */
  isOpen?: boolean;
}

/** A message that was sent, and is over. */
export interface AnsweredMessage {
  /** As `SentMessage` has told it. */
  externalId: string;
  message: ChannelMessage;
  /** What became of it, in one line. */
  outcome: string;
}

/**
 * `transient`: it may work later. `needs-person`: it will not work before a person acts. `refused`: this
 * message will never be taken, and others may.
 */
export type ChannelFault = 'transient' | 'needs-person' | 'refused';

/** A message that was not sent. Its text says what happened and what a person can do, without secrets. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  /** How long the far side asks to be left alone. */
  readonly retryAfterSeconds: number | undefined;
  /** Whether the message may have arrived all the same: there was no answer, or not that of the service. */
  readonly mayHaveArrived: boolean;

  constructor(
    readonly kind: ChannelFault,
    message: string,
    details: { retryAfterSeconds?: number | undefined; mayHaveArrived?: boolean } = {},
  ) {
    super(message);
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.mayHaveArrived = details.mayHaveArrived ?? false;
  }
}
