import {
  type AgentFailure,
  type AnswerReading,
  redactFailureOfAnyKind,
  type TranscriptEntry,
} from '@everbeat/agents';
import { findOperation, findOperationAgent } from '@everbeat/database';
import { AppError } from '@everbeat/domain';
import type { OperationCompletion } from '../taskLifecycle/completion';
import { isCallbackSecret } from './callbackSecret';
import { completionOf } from './execution';
import type { RunnerDeps } from './ports';

/** What an agent reported itself. */
export type ReportedAnswer = Extract<AnswerReading, { fits: true }>;

/** Whether an operation has this callback secret. */
export async function knowsCallback(db: RunnerDeps['db'], callback: Callback): Promise<boolean> {
  const operation = await findOperation(db, callback.operationId);
  return operation !== null && isCallbackSecret(callback.secret, operation.callbackHash);
}

/** What a callback address carries. */
export interface Callback {
  operationId: string;
  secret: string;
}

/**
 * The later report of an agent that answered 202, as a completion. Secrets of the agent's configuration are
 * removed from a reported error.
 * @throws AppError `operation-not-found` when the operation or its secret is wrong; database errors
 */
export async function completionByCallback(
  deps: Pick<RunnerDeps, 'db' | 'ids' | 'openConfig'>,
  callback: Callback,
  { outcome: reported, notes }: ReportedAnswer,
): Promise<OperationCompletion> {
  const operation = await findOperation(deps.db, callback.operationId);
  if (operation === null || !isCallbackSecret(callback.secret, operation.callbackHash)) {
    throw new AppError('operation-not-found', 'This callback address is not valid');
  }
  const { id, topicId, taskId, userId } = operation;
  const outcome = reported.kind === 'error' ? await withoutSecrets(deps, reported, { id, userId }) : reported;
  const content = outcome.content ?? '';
  const entries: TranscriptEntry[] = notes.map((note) => ({ role: 'tool', content: note }));
  if (content !== '') entries.push({ role: 'assistant', content });
  const transcript = entries.map((entry) => ({ ...entry, id: deps.ids.row() }));
  return completionOf({ operationId: id, topicId, state: { id: taskId, userId } }, outcome, transcript);
}

/** A reported failure without the secrets that its agent was sent. If those cannot be known, nothing of its words is kept. */
async function withoutSecrets<Failure extends AgentFailure>(
  { db, openConfig }: Pick<RunnerDeps, 'db' | 'openConfig'>,
  failure: Failure,
  operation: { id: string; userId: string },
): Promise<Failure> {
  const agent = await findOperationAgent(db, operation);
  if (agent === null) return failure;
  try {
    return redactFailureOfAnyKind(failure, await openConfig(agent, operation.userId));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'secrets-unreadable') throw error;
    const errorMessage = `The agent reported an error. Its words are not shown, because they may contain secrets that this server cannot open to remove them. ${error.message}`;
    return { ...failure, errorMessage };
  }
}
