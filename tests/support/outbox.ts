import type { ChannelMessage } from '@everbeat/channels';
import type { ChannelKind } from '@everbeat/domain';
import type { MessageSender, SendResult } from '@/server/services/deliveries/ports';

export interface Outbox {
  sender: MessageSender;
  /** Every attempt, in order. */
  attempts: { kind: ChannelKind; config: Record<string, unknown>; message: ChannelMessage }[];
  /** The messages that have arrived. */
  arrived(): ChannelMessage[];
  /** How the far side treats the following attempts. Default: it takes them. */
  answer(with_: Answer): void;
  /** Lets no attempt end before `release`. */
  hold(): void;
  release(): void;
  /** Resolves once there were so many attempts. */
  attempted(count: number): Promise<void>;
}

type Answer = 'takes' | 'is away' | 'takes it and says nothing' | 'refuses' | 'wants a new key';

/** A far side that keeps what it gets. Webhooks take a message once, mails any number of times. */
export function createOutbox(): Outbox {
  const attempts: (Outbox['attempts'][number] & { hasArrived: boolean })[] = [];
  let answer: Answer = 'takes';
  let gate: { opened: Promise<void>; open(): void } | null = null;
  const waiters = new Set<() => void>();
  return {
    attempts,
    arrived: () => attempts.filter(({ hasArrived }) => hasArrived).map(({ message }) => message),
    answer(how) {
      answer = how;
    },
    hold() {
      let open = (): void => undefined;
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      gate = { opened, open };
    },
    release() {
      gate?.open();
      gate = null;
    },
    async attempted(count) {
      while (attempts.length < count) await new Promise<void>((resolve) => waiters.add(resolve));
    },
    sender: {
      idempotentKinds: ['webhook'],
      async send({ kind, config }, message) {
        const hasArrived = answer === 'takes' || answer === 'takes it and says nothing';
        const how = answer;
        attempts.push({ kind, config, message, hasArrived });
        for (const resolve of waiters) resolve();
        waiters.clear();
        await gate?.opened;
        return RESULTS[how];
      },
    },
  };
}

const failed = { isSent: false, mayHaveArrived: false, retryAfterSeconds: 0 } as const;
const RESULTS: Record<Answer, SendResult> = {
  takes: { isSent: true, externalId: 'far-1' },
  'is away': { ...failed, kind: 'transient', error: 'It is away. It is tried again.' },
  'takes it and says nothing': { ...failed, kind: 'transient', mayHaveArrived: true, error: 'No answer.' },
  refuses: { ...failed, kind: 'refused', error: 'It refuses this.' },
  'wants a new key': { ...failed, kind: 'needs-person', error: 'The key is refused. Enter a new one.' },
};
