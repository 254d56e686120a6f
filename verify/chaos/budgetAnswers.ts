import type { BriefActionView, Budget } from '@everbeat/domain';
import type { Random } from '../support/random';
import type { WaitingTask } from './databaseMonitor';

/** What a user does about a task that waits. */
export type Remedy =
  | { kind: 'resume' }
  | { kind: 'resolve'; briefId: string; action: string }
  /** The caps of the task are raised in its settings, instead of in the brief. */
  | { kind: 'raise-in-settings' };

/**
 * Mostly the caps are raised in the brief. A user who waits, or stops the task, thinks better of it later.
 */
export function remedyFor(task: WaitingTask, random: Random): Remedy {
  const { briefId, type, purpose, actions, waitsForBudget } = task;
  if (waitsForBudget) return { kind: 'raise-in-settings' };
  if (briefId === null) return { kind: 'resume' };
  if (type === 'error') return { kind: 'resolve', briefId, action: 'retry' };
  const [first] = actions;
  const action = purpose === 'budget' ? drawAnswer(task, random) : (first?.key ?? '');
  return { kind: 'resolve', briefId, action };
}

function drawAnswer({ taskId, actions }: WaitingTask, random: Random): string {
  const isOwnCap = ({ raises = [] }: BriefActionView) => raises.every(({ scopeId }) => scopeId === taskId);
  const mayWait = actions.every(isOwnCap) && actions.some(({ key }) => key === 'wait');
  return random.weighted([
    [6, 'raise'],
    [mayWait ? 3 : 0, 'wait'],
    [1, 'stop'],
  ] as const);
}

/** The same caps, three times as high. */
export const raisedBudget = (budget: Budget): Budget =>
  Object.fromEntries(Object.entries(budget).map(([cap, amount]) => [cap, amount * 3]));
