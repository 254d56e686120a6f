import type { AgentFailure, AgentRuntime, PagePreview, PreviewRequest } from '@everbeat/agents';
import { type AgentKind, AppError, type Clock, classifyFailure, type KindSettings } from '@everbeat/domain';

/** What a task of this agent would begin with. */
export type AgentPreviewView = { durationMs: number } & (
  | { kind: 'done'; page: PagePreview }
  | ({ kind: 'error' } & Pick<
      AgentFailure,
      'errorCode' | 'errorMessage' | 'failureClass' | 'retryAfterSeconds'
    >)
  | { kind: 'canceled' }
);

export interface PreviewInput {
  /** Undefined: no agent is made yet. */
  id?: string | undefined;
  kind: AgentKind;
  /** What was typed so far for the task. */
  settings: KindSettings;
}

interface PreviewJob extends Omit<PreviewRequest, 'signal'> {
  /** Aborted when the client disconnects. */
  signal: AbortSignal | undefined;
}

/** @throws AppError `invalid-input` for a kind without a preview */
export async function previewOf(
  runtime: AgentRuntime,
  { signal = new AbortController().signal, ...job }: PreviewJob,
  clock: Clock,
): Promise<AgentPreviewView> {
  if (runtime.preview === undefined) {
    throw new AppError('invalid-input', `There is no preview for agents of kind ${runtime.kind}`);
  }
  const startedAt = clock.now();
  const outcome = await runtime.preview({ ...job, signal });
  const durationMs = clock.now().getTime() - startedAt.getTime();
  if (outcome.kind !== 'error') return { ...outcome, durationMs };
  const { errorCode, errorMessage, retryAfterSeconds, failureClass } = outcome;
  const known = classifyFailure({ status: 'error', errorCode, failureClass }) ?? undefined;
  return { kind: 'error', errorCode, errorMessage, retryAfterSeconds, failureClass: known, durationMs };
}
