import { LIMITS } from './limits';
import { modeOf } from './planRest';
import { toInstant } from './schedulerState';
import { isTerminal, type SkipReason } from './status';
import type { TaskState } from './taskState';

export interface TickClaim {
  userId: string;
  tickToken: string;
}

export type TickDecision = { run: true } | { run: false; reason: SkipReason };

/**
 * Whether a tick may start an operation, and if not, why (PROTOCOL §3.1). The claim statement guards the same
 * conditions; this function explains a claim that took no row. Tests hold the two together.
 */
export function decideTick(state: TaskState | null, claim: TickClaim, now: Date): TickDecision {
  const reason = skipReason(state, claim, now);
  return reason === null ? { run: true } : { run: false, reason };
}

function skipReason(state: TaskState | null, claim: TickClaim, now: Date): SkipReason | null {
  if (state === null || state.userId !== claim.userId) return 'not-found';
  const { scheduler } = state;
  const isCurrent = scheduler.tickToken === claim.tickToken;
  const armedMode = modeOf(scheduler.trigger);
  if (isCurrent && armedMode !== null && armedMode !== state.automationMode) return 'mode-changed';
  if (isCurrent && state.automationMode === 'heartbeat' && !hasInterval(state)) return 'no-interval';
  if (isTerminal(state.status)) return 'terminal';
  if (state.status === 'paused') return 'paused';
  if (state.operation?.isWaiting) return 'human-waiting';
  if (state.operation !== null || state.status === 'running') return 'in-flight';
  if (scheduler.blockedBy !== null) return 'human-waiting';
  if (!isCurrent || state.status !== 'scheduled') return 'stale-token';
  if (state.humanWaiting) return 'human-waiting';
  if (scheduler.endAt !== undefined && scheduler.endAt < toInstant(now)) return 'end-date';
  return isEarly(scheduler.dueAt, now) ? 'early' : null;
}

const hasInterval = (state: TaskState): boolean =>
  state.heartbeatInterval !== null && state.heartbeatInterval > 0;

const isEarly = (dueAt: string | null, now: Date): boolean =>
  dueAt === null || Date.parse(dueAt) > now.getTime() + LIMITS.earlyToleranceMs;
