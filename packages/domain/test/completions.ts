import type { Completion } from '../src/completionPlan';
import type { TaskStatus } from '../src/status';
import { inSeconds, operationBy, running, type StateChanges } from './taskStates';

/** Outcomes of runs, and manual runs, for tests of settlement. */

export const ended = (changes: Partial<Completion>): Completion => ({
  status: 'done',
  errorCode: null,
  errorMessage: null,
  goalMet: false,
  nextRunInSeconds: null,
  bringsUrgentBrief: false,
  bringsBrief: false,
  reportHash: null,
  ...changes,
});
export const DONE = ended({});
export const ERROR = ended({ status: 'error', errorMessage: 'It broke' });
export const TIMEOUT = ended({ status: 'timeout', errorMessage: 'No sign of life' });
export const INTERRUPTED = ended({ status: 'interrupted' });

export const failedBefore = (times: number): StateChanges => ({ scheduler: { consecutiveFailures: times } });

/** Running by a person's "run now". */
export const byHand = (claimedFrom: TaskStatus, changes: StateChanges = {}) =>
  running({ operation: operationBy('manual', claimedFrom), ...changes });

export const oneOff = (changes: StateChanges = {}) =>
  byHand('backlog', { automationMode: null, heartbeatInterval: null, ...changes });

/** The next arms, from NOW, of an hourly task and of one at noon. */
export const nextHour = { dueAt: inSeconds(3_600), trigger: 'heartbeat' } as const;
export const nextNoon = { dueAt: new Date('2026-06-02T12:00:00.000Z'), trigger: 'schedule' } as const;
