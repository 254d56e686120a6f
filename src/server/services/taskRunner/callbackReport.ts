import {
  type AnswerReading,
  cleanerOfAnyKind,
  hostOfAnyKind,
  readAnswer,
  type TranscriptEntry,
} from '@everbeat/agents';
import { findOperation, findOperationAgent } from '@everbeat/database';
import { AppError } from '@everbeat/domain';
import type { OperationCompletion } from '../taskLifecycle/completion';
import { isCallbackSecret } from './callbackSecret';
import { completionOf } from './execution';
import type { RunnerDeps } from './ports';

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

/** `misfit`: why what was sent is no report. */
export type LaterReport = { completion: OperationCompletion } | { misfit: string };

/**
 * What an agent that answered 202 has sent later, as a completion, without the secrets that the agent was
 * sent. While those cannot be opened, nothing of the words of an error is kept, and a report is not taken:
 * its agent has to send it again.
 * @throws AppError `operation-not-found` when the operation or its secret is wrong, `secrets-unreadable`;
 * database errors
 */
export async function readLaterReport(
  deps: Pick<RunnerDeps, 'db' | 'ids' | 'openConfig'>,
  callback: Callback,
  body: unknown,
): Promise<LaterReport> {
  const operation = await findOperation(deps.db, callback.operationId);
  if (operation === null || !isCallbackSecret(callback.secret, operation.callbackHash)) {
    throw new AppError('operation-not-found', 'This callback address is not valid');
  }
  const { id, topicId, taskId, userId } = operation;
  const reading = await readClean(deps, operation, body);
  if (!reading.fits) return { misfit: reading.problem };
  const { outcome, notes } = reading;
  const content = outcome.content ?? '';
  const entries: TranscriptEntry[] = notes.map((note) => ({ role: 'tool', content: note }));
  if (content !== '') entries.push({ role: 'assistant', content });
  const transcript = entries.map((entry) => ({ ...entry, id: deps.ids.row() }));
  const run = { operationId: id, topicId, state: { id: taskId, userId } };
  return { completion: completionOf(run, outcome, transcript) };
}

async function readClean(
  { db, openConfig }: Pick<RunnerDeps, 'db' | 'openConfig'>,
  operation: { id: string; userId: string },
  body: unknown,
): Promise<AnswerReading> {
  const agent = await findOperationAgent(db, operation);
  if (agent === null) return readAnswer(body, null);
  const farSide = hostOfAnyKind(agent.config);
  try {
    return readAnswer(body, cleanerOfAnyKind(await openConfig(agent, operation.userId)), { farSide });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'secrets-unreadable') throw error;
    const reading = readAnswer(body, null, { farSide });
    if (!reading.fits || reading.outcome.kind !== 'error' || reading.outcome.told !== undefined) throw error;
    const errorMessage = `The agent reported an error. Its words are not shown, because they may contain secrets that this server cannot open to remove them. ${error.message}`;
    const { content: _, ...failure } = reading.outcome;
    return { fits: true, outcome: { ...failure, errorCode: 'agent_error', errorMessage }, notes: [] };
  }
}
