import { HOUR_MS } from './durations';
import { LIMITS } from './limits';
import type { StepKind, StepStatus } from './status';

/** What is recorded of a step that another process began, and what its tool says of itself. */
export interface FoundStep {
  kind: StepKind;
  status: StepStatus;
  /** What its tool says of itself. Null: the step has no tool, or it is not there any more. */
  tool: { readOnly: boolean; idempotent: boolean } | null;
}

/**
 * What becomes of a step whose run is taken over (PROTOCOL §9). `keep`: its result stands, and it is not
 * executed again. `execute`: it is executed again, under the same occurrence. `unknown`: it may have
 * happened, and must not happen twice; the model is told. `answer`: the person's answer decides.
 */
export type TakenOver = 'keep' | 'execute' | 'unknown' | 'answer';

export function decideTakenOverStep({ kind, status, tool }: FoundStep): TakenOver {
  // A call of the model changes nothing, and one that failed has ended its run and is no part of the
  // conversation.
  if (kind === 'model') return status === 'done' ? 'keep' : 'execute';
  if (status === 'waiting') return 'answer';
  if (status !== 'started') return 'keep';
  return tool !== null && (tool.readOnly || tool.idempotent) ? 'execute' : 'unknown';
}

/**
 * Whether a run whose process is gone goes on, as the same operation. One that its process lost so often ends
 * its own server, and is settled instead (PROTOCOL §4.1).
 * @param keepsSteps whether runs of its kind of agent can be taken over
 * @param losses how often its process was lost already
 */
export const mayGoOn = ({ keepsSteps, losses }: { keepsSteps: boolean; losses: number }): boolean =>
  keepsSteps && losses < LIMITS.lostRunsMax - 1;

/** What a person has said to a call of a tool that waits for them. */
export interface ApprovalAnswer {
  action: string;
  comment: string | null;
  /** Nobody has answered in time, and this is what was to be taken then. */
  isUnanswered?: boolean;
}

/** Whether the call is made. Any other answer, such as that of an older version, is a no. */
export const isApproved = ({ action }: ApprovalAnswer): boolean =>
  action === 'approve' || action === 'always';

/** Until when the answer to a question of a run, asked now, is waited for (PROTOCOL §9). */
export const approvalEndsAt = (now: Date, hours: number = LIMITS.approvalDays * 24): Date =>
  new Date(now.getTime() + hours * HOUR_MS);

/** The key under which a step is executed, the same whenever it is executed again (PROTOCOL §9). */
export const stepOccurrence = (occurrence: string, index: number): string => `${occurrence}:${index}`;
