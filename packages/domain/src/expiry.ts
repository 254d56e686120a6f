import type { BriefActionView } from './briefActions';
import { LIMITS } from './limits';
import { needsWords } from './status';

/** A time as an agent says it: after so many seconds, or at an instant (ISO 8601), which goes first. */
export interface AskedTime {
  afterSeconds?: number | undefined;
  at?: string | undefined;
}

/** What an agent wants chosen if nobody answers its question by a time. */
export interface AskedExpiry extends AskedTime {
  /** The key of one of its options. */
  action: string;
}

/**
 * The instant that is meant, within what the limits allow: a person has a minute at least, also where the
 * instant has passed by the time that the question reaches them.
 */
export function askedInstant({ at, afterSeconds = 0 }: AskedTime, now: Date): Date {
  const askedMs = at === undefined ? now.getTime() + afterSeconds * 1_000 : Date.parse(at);
  const [minMs, maxMs] = [LIMITS.expirySecondsMin * 1_000, LIMITS.expirySecondsMax * 1_000];
  return new Date(Math.min(Math.max(askedMs, now.getTime() + minMs), now.getTime() + maxMs));
}

/** Whether an option can be chosen for a person who says nothing: it needs neither words nor a page. */
export const mayBeDefault = (option: BriefActionView): boolean =>
  option.url === undefined && !needsWords(option);

/** What an open question says of the case that nobody answers it. */
export interface Unanswered {
  actions: readonly BriefActionView[];
  /**
   * When `defaultAction` is chosen, or, without one, nothing. Null: the question waits for as long as it
   * takes.
   */
  expiresAt: Date | null;
  defaultAction: string | null;
  /** When the person is asked again, by the channels that do so. Null: they are not. */
  escalateAt: Date | null;
}

/** The option that silence chooses; null: none. */
export const defaultOptionOf = ({
  actions,
  defaultAction,
}: Pick<Unanswered, 'actions' | 'defaultAction'>): BriefActionView | null =>
  actions.find((option) => option.key === defaultAction && mayBeDefault(option)) ?? null;

/**
 * What happens if nobody answers, in words. Null: nothing does. `timeText`: an instant as its reader sees it.
 */
export function silenceText(question: Unanswered, timeText: (at: Date) => string): string | null {
  const { expiresAt, escalateAt } = question;
  const isAskedAgain = escalateAt !== null && (expiresAt === null || escalateAt < expiresAt);
  const again = isAskedAgain
    ? `If nobody answers by ${timeText(escalateAt)}, you are asked once more.`
    : null;
  if (expiresAt === null) return again;
  const option = defaultOptionOf(question);
  const chosen =
    option === null ? 'nothing is chosen, and the agent is told so' : `“${option.label}” is chosen`;
  const end = `If nobody answers by ${timeText(expiresAt)}, ${chosen}.`;
  return again === null ? end : `${again} ${end}`;
}
