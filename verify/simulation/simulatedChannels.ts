import type { ChannelAction, ChannelMessage } from '@everbeat/channels';
import { type ChannelKind, type Clock, LIMITS, toInstant } from '@everbeat/domain';
import type pg from 'pg';
import type { MessageSender, SendResult } from '@/server/services/deliveries/ports';
import { Random } from '../support/random';
import type { Coverage } from './coverage';
import type { Interleaver } from './interleaver';
import type { SimulatedProcess } from './simulatedProcess';

export interface ChannelsParts {
  seed: string;
  pool: pg.Pool;
  clock: Clock;
  coverage: Coverage;
  reportViolation(what: string): void;
}

/** The kinds whose far side takes a message once, however often it is sent under its id. */
const IDEMPOTENT: readonly ChannelKind[] = ['webhook'];

/** No attempt takes longer, as those of the real kinds. */
const ANSWER_SECONDS_MAX = 30;

/** How the far side treats one attempt. */
type Treatment = 'takes' | 'takes and says nothing' | 'says nothing' | 'away' | 'refuses' | 'wants a new key';

/**
 * The far sides of all channels. They keep what they take, and check at that moment what the database says of
 * it. How an attempt at a message is treated is determined by the seed.
 */
export class SimulatedChannels {
  /** Once set, everything is taken and answered at once. */
  isCalm = false;
  /** The messages that were taken. */
  readonly takenIds = new Set<string>();
  /** The messages of which an attempt was not answered. */
  readonly unansweredIds = new Set<string>();
  /** By brief, the options of the last message about it that was taken. */
  private readonly options = new Map<string, readonly ChannelAction[]>();
  /** How often people have asked for a delivery once more. */
  private readonly asked = new Map<string, number>();
  private readonly attempts = new Map<string, number>();
  /** The message of each time that a delivery was taken. */
  private readonly takenAs = new Map<string, string[]>();
  /** When a channel took each message of the last hour, as far as nothing has failed since. */
  private readonly taken = new Map<string, { id: string; atMs: number; disturbances: number }[]>();

  constructor(private readonly parts: ChannelsParts) {}

  /** A person asks for a delivery that has ended, so it may be sent once more. */
  askedFor(deliveryId: string): void {
    this.asked.set(deliveryId, (this.asked.get(deliveryId) ?? 0) + 1);
  }

  wasAskedFor(deliveryId: string): boolean {
    return this.asked.has(deliveryId);
  }

  /** What the last message about a brief offers. */
  optionsOf(briefId: string): readonly ChannelAction[] {
    return this.options.get(briefId) ?? [];
  }

  senderOf(process: SimulatedProcess, interleaver: Interleaver, clock: Clock): MessageSender {
    return {
      idempotentKinds: IDEMPOTENT,
      send: async ({ kind }, message, signal) => {
        const attempt = (this.attempts.get(message.id) ?? 0) + 1;
        this.attempts.set(message.id, attempt);
        const random = new Random(`${this.parts.seed}/channel/${message.id}/${attempt}`);
        const treatment: Treatment = this.isCalm ? 'takes' : random.weighted(TREATMENTS);
        const isTaken = treatment === 'takes' || treatment === 'takes and says nothing';
        await interleaver.call(process, 'send', `${kind} message ${message.id}`, async () => {
          this.parts.coverage.count('channel', `${kind}, ${treatment}`);
          await this.reached(kind, message, isTaken);
          if (treatment === 'takes') await this.checkCap(message);
        });
        const isSilent = treatment === 'says nothing' || treatment === 'takes and says nothing';
        if (isSilent) this.unansweredIds.add(message.id);
        const seconds = isSilent ? ANSWER_SECONDS_MAX : this.isCalm ? 0 : random.pick(ANSWER_SECONDS);
        const isAnswered = await answered(clock, seconds, signal);
        if (isAnswered) return resultOf(treatment, random);
        // Its process was asked to stop, so it cannot know.
        this.unansweredIds.add(message.id);
        return resultOf('says nothing', random);
      },
    };
  }

  /** What reaches the far side was committed as being sent, and is taken no more often than it may be. */
  private async reached(
    kind: ChannelKind,
    { id, threadKey, actions }: ChannelMessage,
    isTaken: boolean,
  ): Promise<void> {
    const { pool, coverage, reportViolation } = this.parts;
    const { rows } = await pool.query<{ id: string; isTold: boolean; isSending: boolean }>({
      name: 'simulation_told_by',
      text: `select id, message_id is not null and message_id = $1::uuid as "isTold", status = 'sending' as "isSending"
        from everbeat.deliveries
        where id = $1::uuid or message_id = $1::uuid order by id`,
      values: [id],
    });
    const told = rows.filter(({ isTold }) => isTold);
    // Whoever asks for a delivery takes it out of the message, and its task may be gone.
    if (told.length === 0 && rows.length > 0 && !this.asked.has(id))
      reportViolation('14: a message was sent that was not committed as being sent');
    if (!isTaken) return;
    if (this.takenIds.has(id)) coverage.count('channel', `${kind}, taken again under its id`);
    this.takenIds.add(id);
    if (actions.length > 0) this.options.set(threadKey, actions);
    const isIdempotent = IDEMPOTENT.includes(kind);
    for (const { id: deliveryId, isSending } of told) {
      // The others of its message keep the id of a delivery that a person asks for, and are not sent again
      // with it.
      if (this.asked.has(id) && !isSending) continue;
      const before = this.takenAs.get(deliveryId) ?? [];
      const as = [...before, id];
      this.takenAs.set(deliveryId, as);
      const times = isIdempotent ? new Set(as).size : as.length;
      if (times <= 1 + (this.asked.get(deliveryId) ?? 0)) continue;
      reportViolation(
        isIdempotent
          ? `14: a delivery was taken under ${times} ids by a channel that takes an id once`
          : `14: a delivery was taken ${times} times by a channel that does not know ids`,
      );
    }
  }

  /**
   * A channel is sent so many messages an hour at most. What was sent while a process, the database or the
   * clock failed does not count: an outcome that was not recorded, or a clock that was set back, may let one
   * more go. So may a task that was deleted with what was sent for it.
   */
  private async checkCap({ id }: ChannelMessage): Promise<void> {
    const { pool, clock, coverage, reportViolation } = this.parts;
    const now = clock.now();
    const { rows } = await pool.query<CappedRow>({ ...CAPPED, values: [id, toInstant(now)] });
    const channelId = rows[0]?.channelId;
    if (channelId === undefined || rows.some(({ isDigest, wasAhead }) => isDigest || wasAhead)) return;
    const atMs = now.getTime();
    const disturbances = coverage.disturbances + (coverage.counts['act: delete, done'] ?? 0);
    const before = (this.taken.get(channelId) ?? []).filter(
      (each) => each.id !== id && each.disturbances === disturbances && atMs - each.atMs < HOUR_MS,
    );
    this.taken.set(channelId, [...before, { id, atMs, disturbances }]);
    if (before.length >= LIMITS.messagesPerHourMax)
      reportViolation(`14: a channel was sent ${before.length + 1} messages in an hour`);
  }
}

const HOUR_MS = 3_600_000;

interface CappedRow {
  channelId: string;
  /** The digest goes out beyond the cap. */
  isDigest: boolean;
  /** It was taken while the clock was ahead: the cap, which looks back an hour, does not find it. */
  wasAhead: boolean;
}

const CAPPED = {
  name: 'simulation_capped',
  text: `
    select d.channel_id as "channelId",
      coalesce(d.reason = 'digest' or coalesce(r.rules ->> d.kind, c.rules ->> d.kind) = 'digest', false) as "isDigest",
      coalesce(d.attempted_at > $2::timestamptz, false) as "wasAhead"
    from everbeat.deliveries d left join everbeat.channels c on c.id = d.channel_id
    left join everbeat.channel_task_rules r on r.task_id = d.task_id and r.channel_id = d.channel_id
    where d.message_id = $1::uuid`,
};

/** How often attempts are treated so. */
export const TREATMENTS: readonly (readonly [number, Treatment])[] = [
  [12, 'takes'],
  [2, 'takes and says nothing'],
  [1, 'says nothing'],
  [4, 'away'],
  [1, 'refuses'],
  [1, 'wants a new key'],
];

const ANSWER_SECONDS = [0, 0, 1, 10, 29] as const;

/** Resolves with false if the attempt is ended before the answer. */
const answered = (clock: Clock, seconds: number, signal: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    const end = (isAnswered: boolean) => (): void => {
      signal.removeEventListener('abort', abort);
      resolve(isAnswered);
    };
    const abort = end(false);
    clock.after(seconds * 1_000, end(true));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });

function resultOf(treatment: Treatment, random: Random): SendResult {
  const notSent = { isSent: false, mayHaveArrived: false, retryAfterSeconds: 0 } as const;
  switch (treatment) {
    case 'takes':
      return { isSent: true, externalId: null };
    case 'takes and says nothing':
    case 'says nothing':
      return { ...notSent, kind: 'transient', mayHaveArrived: true, error: 'There was no answer.' };
    case 'away': {
      const retryAfterSeconds = random.pick([0, 0, 60, 900]);
      return { ...notSent, kind: 'transient', retryAfterSeconds, error: 'It is away. It is tried again.' };
    }
    case 'refuses':
      return { ...notSent, kind: 'refused', error: 'It refuses this message.' };
    case 'wants a new key':
      return { ...notSent, kind: 'needs-person', error: 'The key is refused. Enter a new one.' };
  }
}
