import { type InboxKind, type InboxView, LIMITS } from '@everbeat/domain';
import type { InboxRow } from './inboxRow';

/** What can be done with rows. */
export type RowAct = 'done' | 'read' | 'unread' | 'snooze' | 'unsnooze';

/** The views that rows leave by an act; they come into another one with the next answer of the server. */
export const LEAVES: Record<RowAct, readonly InboxView[]> = {
  done: ['waiting', 'unread', 'snoozed'],
  snooze: ['waiting', 'unread'],
  unsnooze: ['snoozed'],
  read: [],
  unread: ['done'],
};

/** A question is done when one of its options is chosen, so the others are done without it. */
export const actable = (rows: readonly InboxRow[], act: RowAct): InboxRow[] =>
  rows.filter(({ kind }) => act !== 'done' || kind !== 'needs-me');

/** One call of `inbox.apply`. */
export interface RowCall {
  act: RowAct;
  until: string | undefined;
  briefIds?: string[];
  taskId?: string;
  kind?: InboxKind;
}

/**
 * The calls that act on rows: as few as can name each of their briefs, and one for each row that has more of
 * them than it names.
 */
export function callsFor(rows: readonly InboxRow[], act: RowAct, until: string | undefined): RowCall[] {
  const isWhole = ({ briefIds }: InboxRow): boolean => briefIds.length < LIMITS.inboxRowBriefsMax;
  const named = rows.filter(isWhole).flatMap(({ briefIds }) => briefIds);
  const calls: RowCall[] = [];
  for (let from = 0; from < named.length; from += LIMITS.inboxActBriefsMax) {
    calls.push({ briefIds: named.slice(from, from + LIMITS.inboxActBriefsMax), act, until });
  }
  const large = rows.filter((row) => !isWhole(row));
  return [...calls, ...large.map(({ taskId, kind }) => ({ taskId, kind, act, until }))];
}

/** What an act was about, in a few words. */
export function subjectOf(rows: readonly InboxRow[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  if (rows.length > 1) return `${rows.length} rows`;
  return `${first.taskIdentifier} · ${first.count > 1 ? first.taskTitle : first.title}`;
}

/** What is said when a call has failed: whether those `made` before it have changed something. */
export const failedText = (subject: string, made: number): string =>
  made === 0 ? `${subject}: this did not work` : `${subject}: only a part of it was done`;
