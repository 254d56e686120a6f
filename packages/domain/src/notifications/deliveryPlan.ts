import { HOUR_MS, MINUTE_MS } from '../durations';
import { LIMITS } from '../limits';
import type { NewsKind, RuleValue, SkipDeliveryReason, WaitReason } from './lists';
import { DIGEST_TIME, nextTimeOfDay, type QuietHours, quietUntil } from './quietHours';

/** A pending delivery that is due, with what its brief and its task are now. */
export interface DueDelivery {
  id: string;
  briefId: string;
  taskId: string;
  kind: NewsKind;
  /** What it waited for until now; null: it is looked at for the first time. */
  reason: WaitReason | null;
  /** The message that it was sent in before, which is tried again. */
  messageId: string | null;
  createdAt: Date;
  /** What the channel does with this kind of news of this task, as it is set now. */
  rule: RuleValue;
  isSeen: boolean;
  isResolved: boolean;
  isMuted: boolean;
  isTaskDeleted: boolean;
  /** For `recovered`: whether the channel was told what has failed, or may still be. */
  told: 'yes' | 'not-yet' | 'no';
}

export interface ChannelState {
  isEnabled: boolean;
  /** The zone of its owner. */
  timezone: string;
  quietHours: QuietHours | null;
  /** At least so long passes between two messages about one task, unless it needs the person. */
  coolDownMinutes: number;
  /** Since when nothing has arrived, although something was sent. */
  failingSince: Date | null;
  /** How many messages may not have arrived since the last one that has. */
  unknownBefore: number;
  /** When messages went out within the last hour, oldest first. */
  lastHour: readonly Date[];
  /** When the last message about a task went out, as far as that is within the cool-down. */
  lastOfTask: ReadonlyMap<string, Date>;
}

/** The deliveries that one message tells of. `as`: why there is more than one. */
export interface PlannedMessage {
  ids: string[];
  as: 'single' | 'together' | 'digest' | 'flood' | 'retry';
}

/**
 * What becomes of the due deliveries of one channel. Those in none of the lists are looked at again after the
 * message.
 */
export interface DeliveryPlan {
  skips: { id: string; reason: SkipDeliveryReason }[];
  waits: { id: string; until: Date; reason: WaitReason }[];
  message: PlannedMessage | null;
}

/** A day, which may have 25 hours, and what the clocks of two hosts may differ. */
const DIGEST_WAIT_MS_MAX = 48 * HOUR_MS;

/**
 * Decides about the due deliveries of a channel, and which message goes out next (PROTOCOL §11): each is
 * skipped, waits, or is told, by itself or together with others. At most one message is planned, because what
 * follows depends on it.
 */
export function planDeliveries(
  channel: ChannelState,
  deliveries: readonly DueDelivery[],
  now: Date,
): DeliveryPlan {
  const plan: DeliveryPlan = { skips: [], waits: [], message: null };
  const wanted = deliveries.filter((delivery) => {
    const reason = skipReason(channel, delivery);
    if (reason !== null) plan.skips.push({ id: delivery.id, reason });
    return reason === null;
  });
  const passing = new Set(wanted.filter((delivery) => passesQuietHours(channel, delivery)).map(messageOf));
  const unsureUntil = pauseUntil(channel, now);
  const ready = wanted.filter((delivery) => {
    const wait =
      unsureUntil !== null && delivery.reason !== 'asked'
        ? { until: unsureUntil, reason: 'retry' as const }
        : waitOf(channel, delivery, passing.has(messageOf(delivery)), now);
    if (wait !== null) plan.waits.push({ id: delivery.id, ...wait });
    return wait === null;
  });
  plan.message = nextMessage(channel, ready);
  if (plan.message?.as === 'digest') return plan;
  if (plan.message === null || channel.lastHour.length < LIMITS.messagesPerHourMax) return plan;
  const until = new Date((channel.lastHour[0] ?? now).getTime() + HOUR_MS);
  for (const { id, reason } of ready) {
    // What a person has asked for stays asked for, or the rules would have a say in it, and it would be told
    // together with others.
    plan.waits.push({ id, until: later(until, now), reason: reason === 'asked' ? 'asked' : 'flood' });
  }
  return { ...plan, message: null };
}

/**
 * An outage must not use up one message after another, where each may have arrived and so is not sent again:
 * after such a one the channel rests for as long as it has failed, at most an hour. Null: it does not rest.
 */
function pauseUntil({ failingSince, unknownBefore, lastHour }: ChannelState, now: Date): Date | null {
  const last = lastHour.at(-1);
  if (unknownBefore === 0 || failingSince === null || last === undefined) return null;
  const failingMs = last.getTime() - failingSince.getTime();
  const restMs = Math.min(Math.max(failingMs, LIMITS.retryFirstSeconds * 1_000), HOUR_MS);
  const until = new Date(last.getTime() + restMs);
  return until > now ? until : null;
}

function skipReason({ isEnabled }: ChannelState, delivery: DueDelivery): SkipDeliveryReason | null {
  if (!isEnabled) return 'channel-off';
  if (delivery.isTaskDeleted) return 'task-deleted';
  if (delivery.reason === 'asked') return null;
  if (delivery.rule === 'never') return 'rule';
  if (delivery.isMuted) return 'muted';
  if (delivery.kind === 'recovered') return delivery.told === 'no' ? 'not-told' : null;
  if (delivery.isResolved) return 'resolved';
  // Whoever has seen a question has not answered it.
  return delivery.isSeen && delivery.kind !== 'unanswered' ? 'seen' : null;
}

const needsMe = ({ kind }: DueDelivery): boolean => kind === 'needs-me' || kind === 'unanswered';

/**
 * A message that is tried again stays whole: a far side that takes an id once would not take the rest of it
 * later under the same id.
 */
const messageOf = ({ id, messageId }: DueDelivery): string => messageId ?? id;

const passesQuietHours = ({ quietHours }: ChannelState, delivery: DueDelivery): boolean =>
  needsMe(delivery) && quietHours?.urgentPasses === true && delivery.rule === 'at-once';

/** `passes`: its message is sent in quiet hours too. */
function waitOf(
  channel: ChannelState,
  delivery: DueDelivery,
  passes: boolean,
  now: Date,
): { until: Date; reason: WaitReason } | null {
  const { timezone, quietHours } = channel;
  if (delivery.reason === 'asked') return null;
  if (delivery.told === 'not-yet')
    return { until: new Date(now.getTime() + LIMITS.deliveryLookSeconds * 1_000), reason: 'retry' };
  const quiet = passes ? null : quietUntil(quietHours, timezone, now);
  if (quiet !== null) return { until: quiet, reason: 'quiet-hours' };
  if (delivery.messageId !== null) return null;
  if (delivery.rule === 'digest') {
    const until = nextTimeOfDay(timezone, DIGEST_TIME, delivery.createdAt);
    return until > now && isPossible(until, now) ? { until, reason: 'digest' } : null;
  }
  const last = needsMe(delivery) ? undefined : channel.lastOfTask.get(delivery.taskId);
  if (last === undefined) return null;
  const until = new Date(last.getTime() + channel.coolDownMinutes * MINUTE_MS);
  return until > now ? { until, reason: 'cool-down' } : null;
}

/**
 * Whether the next digest may be that far ahead. One for news that were written while a clock was ahead is
 * not.
 */
const isPossible = (digest: Date, now: Date): boolean =>
  digest.getTime() - now.getTime() <= DIGEST_WAIT_MS_MAX;

/** What needs the person goes first, by itself, so that it can be answered; the digest last. */
function nextMessage(channel: ChannelState, ready: readonly DueDelivery[]): PlannedMessage | null {
  const again = ready.find(({ messageId }) => messageId !== null);
  if (again !== undefined) {
    return message(
      ready.filter(({ messageId }) => messageId === again.messageId),
      'retry',
    );
  }
  const asked = ready.find(({ reason }) => reason === 'asked');
  if (asked !== undefined) return message([asked], 'single');
  const atOnce = ready.filter(({ rule }) => rule === 'at-once');
  const isLastOfHour = channel.lastHour.length === LIMITS.messagesPerHourMax - 1;
  if (isLastOfHour && atOnce.length > 1) return message(atOnce, 'flood');
  const asking = atOnce.find(needsMe);
  if (asking !== undefined) return message([asking], 'single');
  const [first] = atOnce;
  if (first !== undefined) {
    const others = atOnce.filter((delivery) => belongTogether(first, delivery));
    return message(others, others.length > 1 ? 'together' : 'single');
  }
  return ready.length > 0 ? message(ready, 'digest') : null;
}

/** Several of one task are one message, and so is what waited for the end of quiet hours or of a flood. */
const belongTogether = (first: DueDelivery, other: DueDelivery): boolean =>
  first.taskId === other.taskId ||
  (first.reason === other.reason && (first.reason === 'quiet-hours' || first.reason === 'flood'));

const message = (deliveries: readonly DueDelivery[], as: PlannedMessage['as']): PlannedMessage => ({
  ids: deliveries.map(({ id }) => id),
  as,
});

const later = (until: Date, now: Date): Date =>
  until > now ? until : new Date(now.getTime() + LIMITS.deliveryLookSeconds * 1_000);
