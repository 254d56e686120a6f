import { AppError } from './errors';
import type { TaskStatus } from './status';

/**
 * Every change of a task's status. A test checks that the decisions produce only these, and that the state
 * diagram in ARCHITECTURE.md shows them.
 */
export const TRANSITIONS = {
  start: { from: ['backlog', 'scheduled', 'paused', 'completed', 'failed', 'canceled'], to: ['scheduled'] },
  resume: { from: ['paused', 'failed', 'scheduled'], to: ['scheduled', 'backlog'] },
  pause: { from: ['backlog', 'scheduled', 'running', 'paused'], to: ['paused'] },
  cancel: { from: ['backlog', 'scheduled', 'running', 'paused', 'failed', 'canceled'], to: ['canceled'] },
  'claim-tick': { from: ['scheduled'], to: ['running'] },
  'claim-manual': {
    from: ['backlog', 'scheduled', 'paused', 'completed', 'failed', 'canceled'],
    to: ['running'],
  },
  settle: { from: ['running'], to: ['scheduled', 'paused', 'completed', 'failed'] },
  rollback: {
    from: ['running'],
    to: ['backlog', 'scheduled', 'paused', 'completed', 'failed', 'canceled'],
  },
  edit: { from: ['scheduled'], to: ['scheduled', 'paused', 'completed', 'failed'] },
  'resolve-brief': { from: ['scheduled', 'paused'], to: ['scheduled', 'completed', 'failed'] },
  /** The answer "stop" to what to do about a budget. */
  stop: { from: ['scheduled'], to: ['paused'] },
  /** The person takes an answer back before its run has begun. */
  'undo-answer': { from: ['scheduled', 'paused', 'completed'], to: ['scheduled', 'paused'] },
  'answer-dependency': { from: ['backlog'], to: ['backlog', 'scheduled', 'failed', 'canceled'] },
  unlock: { from: ['backlog'], to: ['backlog', 'scheduled', 'failed'] },
  block: { from: ['scheduled'], to: ['scheduled'] },
  /** The person looks at a task that was slowed down. */
  look: { from: ['scheduled'], to: ['scheduled'] },
  repair: { from: ['scheduled'], to: ['scheduled', 'paused', 'failed', 'completed'] },
} as const satisfies Record<string, { from: readonly TaskStatus[]; to: readonly TaskStatus[] }>;

export type TransitionName = keyof typeof TRANSITIONS;

export function mayTransition(name: TransitionName, from: TaskStatus, to?: TaskStatus): boolean {
  const row: { from: readonly TaskStatus[]; to: readonly TaskStatus[] } = TRANSITIONS[name];
  return row.from.includes(from) && (to === undefined || row.to.includes(to));
}

/** @throws AppError `invalid-transition` */
export function assertMay(name: TransitionName, from: TaskStatus): void {
  if (mayTransition(name, from)) return;
  if (from === 'running') {
    throw new AppError(
      'run-in-flight',
      `The task is running; wait for the run to end, or stop it, then ${name} again`,
    );
  }
  throw new AppError('invalid-transition', `A task that is ${from} cannot ${name}`);
}
