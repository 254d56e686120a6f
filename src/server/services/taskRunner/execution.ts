import type { AgentOutcome, AgentRequest } from '@everbeat/agents';
import { type ClaimedRun, extendLease, isContention, isDatabaseUnavailable } from '@everbeat/database';
import { errorMessage } from '@everbeat/domain';
import type { OperationCompletion } from '../taskLifecycle/completion';
import { callbackUrl } from './callbackSecret';
import type { RunnerDeps, RunWithAgent } from './ports';
import { RETRIES_MAX, retryDelay } from './retryDelay';
import { TranscriptWriter } from './transcriptWriter';

/**
 * Runs the agent of a claimed run, outside any transaction, and returns how the run ended. Null: nothing to
 * settle, because the agent continues elsewhere or the operation was ended by others. Never throws.
 */
export async function executeRun(
  deps: RunnerDeps,
  run: RunWithAgent,
  context: RunContext & { isStopping: () => boolean },
): Promise<OperationCompletion | null> {
  const transcript = new TranscriptWriter(deps, { operationId: run.operationId, topicId: run.topicId });
  const outcome = await outcomeOf(deps, run, context, transcript);
  if (outcome.kind === 'accepted') {
    await handOver(deps, run, outcome.timeoutSeconds, transcript);
    return null;
  }
  if (outcome.kind === 'canceled') {
    return context.isStopping() ? completionOf(run, SERVER_STOPPED, await transcript.finish('')) : null;
  }
  return completionOf(run, outcome, await transcript.finish(outcome.content ?? ''));
}

type EndedOutcome = Extract<AgentOutcome, { kind: 'done' | 'error' }>;

const SERVER_STOPPED = {
  kind: 'error',
  errorCode: 'server_stopped',
  errorMessage: 'The server was stopped while the run was under way. The next run starts as scheduled.',
} as const satisfies EndedOutcome;

interface RunContext {
  secret: string;
  signal: AbortSignal;
}

/** The outcome of a run whose task has no agent. */
export const AGENT_MISSING = {
  kind: 'error',
  errorCode: 'agent_missing',
  errorMessage: 'The task has no agent. Edit the task and choose one.',
} as const satisfies EndedOutcome;

async function outcomeOf(
  deps: RunnerDeps,
  run: RunWithAgent,
  context: RunContext,
  transcript: TranscriptWriter,
): Promise<AgentOutcome> {
  try {
    return await deps.runtimes[run.agent.kind].run(requestOf(deps, run, context, transcript));
  } catch (error) {
    deps.logger.error({ err: error, operationId: run.operationId }, 'An agent runtime threw');
    return { kind: 'error', errorCode: 'agent_failed', errorMessage: errorMessage(error) };
  }
}

function requestOf(
  deps: RunnerDeps,
  run: RunWithAgent,
  { secret, signal }: RunContext,
  transcript: TranscriptWriter,
): AgentRequest {
  let prompt: Promise<string> | null = null;
  const buildPrompt = async (): Promise<string> => {
    const text = await promptWithRetries(deps, run, signal);
    transcript.add({ role: 'user', content: text });
    return text;
  };
  return {
    operationId: run.operationId,
    taskId: run.state.id,
    taskIdentifier: run.state.identifier,
    topicId: run.topicId,
    userId: run.state.userId,
    trigger: run.trigger,
    instruction: run.instruction,
    prompt: () => {
      prompt ??= buildPrompt();
      return prompt;
    },
    config: run.agent.config,
    settings: run.state.config[run.agent.kind],
    memory: run.memory,
    occurrence: run.operationId,
    attempt: 1,
    callbackUrl: callbackUrl(deps.appUrl, run.operationId, secret),
    signal,
    emit: (entry) => transcript.emit(entry),
  };
}

/**
 * Retries while the database is unavailable or a row is held: the agent has not begun, so neither need fail
 * the run.
 */
async function promptWithRetries(deps: RunnerDeps, run: RunWithAgent, signal: AbortSignal): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await deps.buildPrompt(run);
    } catch (error) {
      const isTransient = isDatabaseUnavailable(error) || isContention(error);
      if (!isTransient || signal.aborted || attempt >= RETRIES_MAX) throw error;
      deps.logger.warn(
        { operationId: run.operationId, attempt, reason: errorMessage(error) },
        'The prompt of a run could not be built yet',
      );
      await retryDelay(deps, attempt);
    }
  }
}

/**
 * The agent continues elsewhere: stores the transcript so far and extends the lease to the agent's own
 * timeout.
 */
async function handOver(
  deps: RunnerDeps,
  run: ClaimedRun,
  timeoutSeconds: number,
  transcript: TranscriptWriter,
): Promise<void> {
  transcript.add({ role: 'tool', content: 'The agent accepted the job and will report when it is done.' });
  await transcript.writeNow();
  const now = deps.clock.now();
  try {
    await extendLease(deps.db, run.operationId, new Date(now.getTime() + timeoutSeconds * 1_000), now);
  } catch (error) {
    deps.logger.warn(
      { operationId: run.operationId, reason: errorMessage(error) },
      'The lease of an accepted run could not be extended; it ends with the ordinary lease',
    );
  }
}

export function completionOf(
  run: Pick<ClaimedRun, 'operationId' | 'topicId'> & { state: { id: string; userId: string } },
  outcome: EndedOutcome,
  transcript: OperationCompletion['transcript'],
): OperationCompletion {
  const isDone = outcome.kind === 'done';
  return {
    operationId: run.operationId,
    taskId: run.state.id,
    userId: run.state.userId,
    topicId: run.topicId,
    status: outcome.kind,
    errorCode: isDone ? null : outcome.errorCode,
    errorMessage: isDone ? null : outcome.errorMessage,
    report: isDone ? outcome : null,
    usage: outcome.usage ?? null,
    transcript,
  };
}
