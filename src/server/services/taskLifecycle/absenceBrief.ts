import { actionsOf, type TaskState } from '@everbeat/domain';
import type { NewBrief } from './briefWrites';

/**
 * The brief of a task that beats more slowly from now on, because nobody looks at what it reports
 * (PROTOCOL §4.5). `since`: an instant of its scheduler's state. It belongs to news that wait for nobody: to
 * read it is to look.
 */
export function absenceBrief(state: TaskState, dueAt: Date, since: string | null, now: Date): NewBrief {
  const day = since === null ? 'a long time ago' : since.slice(0, 10);
  const seconds = Math.round((dueAt.getTime() - now.getTime()) / 1_000);
  return {
    type: 'insight',
    priority: 'normal',
    title: `${state.identifier} runs less often, because nobody looks at it`,
    summary: `Nothing that this task reports has been read since ${day}. It now runs after ${inWords(seconds)} instead of ${rhythmOf(state)}, and more rarely the longer nobody looks, down to once a day.

It goes back to its own rhythm as soon as you look at it or answer it, and its settings are as you left them. If it is to keep its rhythm whether anybody looks or not, choose "Always keep its rhythm".`,
    actions: actionsOf('keep-rhythm', 'acknowledge'),
    purpose: 'absence',
  };
}

const rhythmOf = ({ automationMode, heartbeatInterval, schedulePattern }: TaskState): string =>
  automationMode === 'heartbeat'
    ? inWords(heartbeatInterval ?? 0)
    : `at every time of its schedule (${schedulePattern})`;

const UNITS = [
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** In the largest unit in which it is at least one and a half: "90 seconds", "20 minutes", "24 hours". */
function inWords(seconds: number): string {
  const [name, size] = UNITS.find(([, unit]) => seconds >= 1.5 * unit) ?? UNITS[2];
  const amount = Math.round(seconds / size);
  return `${amount} ${name}${amount === 1 ? '' : 's'}`;
}
