import type { AgentOutcome, AgentReport, AgentRuntime, StepQuestion } from '@everbeat/agents';
import { type ClaimedRun, isTransient, savePicture } from '@everbeat/database';
import { AppError, errorMessage, tellsSteps } from '@everbeat/domain';
import type { OperationCompletion } from '../taskLifecycle/completion';
import { type ReviewMaterial, reviewMaterial } from '../taskReview/reviewRequest';
import { requestOf } from './agentRequest';
import { asBudgetStop, budgetLeftOf } from './budgetOfRun';
import { handOver } from './handOver';
import type { RunnerDeps, RunWithAgent } from './ports';
import type { RunContext } from './runContext';
import { ToldSteps } from './toldSteps';
import { TranscriptWriter } from './transcriptWriter';
import { whenDatabaseAnswers } from './whenDatabaseAnswers';

/**
 * How a run ended in this process. `elsewhere`: there is nothing to settle here, because the agent works on
 * or the operation was ended by others. `unfinished`: another process goes on from its last step
 * (PROTOCOL §9). `waiting`: it goes on from there when a person has answered. `not-begun`: the agent was not
 * called. `isOpen`: and the run is this process's to give back.
 */
export type RunEnd =
  | { kind: 'completed'; completion: OperationCompletion }
  | { kind: 'unfinished' }
  | { kind: 'waiting'; question: StepQuestion }
  | { kind: 'elsewhere' }
  | { kind: 'not-begun'; isOpen?: true };

export type ExecutionDeps = RunnerDeps & {
  loadMemory: (key: { taskId: string; userId: string }) => Promise<unknown>;
};

/** Runs the agent of a claimed run, outside any transaction, and returns how the run ended. Never throws. */
export async function executeRun(deps: ExecutionDeps, run: ClaimedRun, context: RunContext): Promise<RunEnd> {
  if (!hasAgent(run)) {
    const missing = run.trigger === 'review' ? REVIEWER_MISSING : AGENT_MISSING;
    return { kind: 'completed', completion: completionOf(run, missing, []) };
  }
  const { operationId, topicId } = run;
  const transcript = new TranscriptWriter(deps, { operationId, topicId }, run.leaseEpoch > 0);
  const told = tellsSteps(run.agent.kind) ? new ToldSteps(deps, run) : null;
  const outcome = await outcomeOf(deps, run, context, { transcript, told });
  await told?.finish();
  if (outcome.kind === 'not-begun') return outcome;
  if (outcome.kind === 'accepted') {
    await handOver(deps, run, context, { timeoutSeconds: outcome.timeoutSeconds, transcript });
    return { kind: 'elsewhere' };
  }
  const isCanceled = outcome.kind === 'canceled';
  if (isCanceled && !context.active.hasCalledAgent) return { kind: 'not-begun' };
  if (isCanceled && !context.isStopping()) return { kind: 'elsewhere' };
  if (outcome.kind === 'yielded' || (isCanceled && context.journal !== null)) {
    await transcript.writeNow();
    return { kind: 'unfinished' };
  }
  if (outcome.kind === 'waiting') {
    await transcript.writeNow();
    return outcome;
  }
  const ended = isCanceled ? SERVER_STOPPED : outcome;
  if (ended.kind === 'done' && ended.picture !== undefined) await keepPicture(deps, run, ended.picture);
  const entries = await transcript.finish(ended.content ?? '');
  // Where no other process can take the run over, its end need not say whose it is.
  const leaseEpoch = context.journal === null ? undefined : run.leaseEpoch;
  return { kind: 'completed', completion: { ...completionOf(run, ended, entries), leaseEpoch } };
}

/** Before the run is settled, so that its brief names a picture that is there. It is never worth a report. */
async function keepPicture(
  deps: RunnerDeps,
  { operationId, state }: ClaimedRun,
  { id, bytes }: NonNullable<AgentReport['picture']>,
): Promise<void> {
  const picture = { id, taskId: state.id, userId: state.userId, picture: bytes };
  try {
    await savePicture(deps.db, picture, deps.clock.now());
  } catch (error) {
    deps.logger.warn({ operationId, reason: errorMessage(error) }, 'A picture of a page could not be stored');
  }
}

const hasAgent = (run: ClaimedRun): run is RunWithAgent => run.agent !== null;

type EndedOutcome = Extract<AgentOutcome, { kind: 'done' | 'error' | 'budget' }>;

const SERVER_STOPPED: EndedOutcome = {
  kind: 'error',
  errorCode: 'server_stopped',
  errorMessage: 'The server was stopped while the run was under way. It runs again when the server is back.',
  failureClass: 'lost',
};

/** The outcome of a run whose task has no agent. */
const AGENT_MISSING: EndedOutcome = {
  kind: 'error',
  errorCode: 'agent_missing',
  errorMessage: 'The task has no agent. Edit the task and choose one.',
};

const REVIEWER_MISSING: EndedOutcome = {
  ...AGENT_MISSING,
  errorMessage:
    'The agent that checks the work of this task is gone. Edit the task, and choose another reviewer or turn the check off.',
};

/** There is nothing to check any more, so the work counts. */
const NOTHING_TO_CHECK: EndedOutcome = {
  kind: 'done',
  content: 'The work was not checked, because the check was turned off meanwhile.',
  verdict: { verdict: null, reasons: [] },
};

async function outcomeOf(
  deps: ExecutionDeps,
  run: RunWithAgent,
  context: RunContext,
  shown: { transcript: TranscriptWriter; told: ToldSteps | null },
): Promise<AgentOutcome | { kind: 'not-begun'; isOpen: true }> {
  const { active, signal } = context;
  try {
    const review = await reviewOf(deps, run, signal);
    if (review === null) return NOTHING_TO_CHECK;
    const memory = review === undefined ? await memoryOf(deps, run, signal) : null;
    const config = await deps.openConfig(run.agent, run.state.userId);
    // What a task sets is meant for its own agent, and not for another that reviews.
    const settings = run.agent.id === run.state.agentId ? await deps.openSettings(run) : undefined;
    const runtime = await runtimeOf(deps, run, signal);
    const budget = await budgetLeftOf(deps, run, context);
    if (budget !== null && budget.full.length > 0 && context.journal === null)
      return { kind: 'budget', full: budget.full, content: '' };
    await context.confirmLease();
    if (signal.aborted || context.isStopping()) return { kind: 'canceled' };
    const givenUp = new Promise<AgentOutcome>((resolve) => {
      active.giveUp = () => resolve({ kind: 'canceled' });
    });
    active.hasCalledAgent = true;
    const opened = { ...run, memory, settings, agent: { ...run.agent, config }, budget: budget?.left };
    const request = requestOf(deps, opened, context, shown, review);
    const ended = await Promise.race([runtime.run(request), givenUp]);
    const outcome = await asBudgetStop(deps, run, context, ended);
    return review === undefined || outcome.kind !== 'done' ? outcome : verdictOf(outcome);
  } catch (error) {
    if (signal.aborted) return { kind: 'canceled' };
    if (error instanceof AppError && error.code === 'secrets-unreadable')
      return { kind: 'error', errorCode: 'secrets_unreadable', errorMessage: error.message };
    const isAway = isTransient(error);
    // A person who started it was told so, and must see what became of it.
    if (isAway && !active.hasCalledAgent && run.trigger !== 'manual')
      return { kind: 'not-begun', isOpen: true };
    deps.logger.error({ err: error, operationId: run.operationId }, 'An agent runtime threw');
    return {
      kind: 'error',
      errorCode: 'agent_failed',
      errorMessage: errorMessage(error),
      ...(isAway && { failureClass: 'transient' }),
    };
  }
}

/** The verdict of a reviewer. Nothing else of its report counts. */
const verdictOf = ({
  kind,
  content,
  verdict,
  usage,
}: Extract<AgentOutcome, { kind: 'done' }>): EndedOutcome => ({
  kind,
  content,
  ...(verdict !== undefined && { verdict }),
  ...(usage !== undefined && { usage }),
});

/** What a reviewer is given. Undefined: the run is no review. Null: there is nothing to check any more. */
async function reviewOf(
  deps: ExecutionDeps,
  run: ClaimedRun,
  signal: AbortSignal,
): Promise<ReviewMaterial | null | undefined> {
  if (run.trigger !== 'review') return undefined;
  const failed = 'The work that is to be checked could not be read yet';
  return whenDatabaseAnswers(deps, run, signal, { failed, run: () => reviewMaterial(deps.db, run) });
}

function runtimeOf(deps: ExecutionDeps, run: RunWithAgent, signal: AbortSignal): Promise<AgentRuntime> {
  const read = {
    failed: 'The settings of a run could not be read yet',
    run: () => deps.runtimeFor(run.agent.kind, run.state.userId),
  };
  return whenDatabaseAnswers(deps, run, signal, read);
}

/**
 * A large memory is read only now, so that claims which arrive together do not hold all of theirs at once.
 */
async function memoryOf(deps: ExecutionDeps, run: ClaimedRun, signal: AbortSignal): Promise<unknown> {
  if (!run.hasLargeMemory) return run.memory;
  const key = { taskId: run.state.id, userId: run.state.userId };
  const read = { failed: 'The memory of a run could not be read yet', run: () => deps.loadMemory(key) };
  return whenDatabaseAnswers(deps, run, signal, read);
}

/** Its bytes are stored already. */
const withoutPicture = ({ picture: _, ...report }: AgentReport): AgentReport => report;

export function completionOf(
  run: Pick<ClaimedRun, 'operationId' | 'topicId'> & { state: { id: string; userId: string } },
  outcome: EndedOutcome,
  transcript: OperationCompletion['transcript'],
): OperationCompletion {
  const isError = outcome.kind === 'error';
  return {
    operationId: run.operationId,
    taskId: run.state.id,
    userId: run.state.userId,
    topicId: run.topicId,
    status: outcome.kind,
    ...(isError && {
      failureClass: outcome.failureClass,
      retryAfterSeconds: outcome.retryAfterSeconds,
      farSide: outcome.farSide,
      ...(outcome.told !== undefined && { told: outcome.told }),
    }),
    errorCode: isError ? outcome.errorCode : null,
    errorMessage: isError ? outcome.errorMessage : null,
    report: isError ? null : withoutPicture(outcome),
    ...(outcome.kind === 'budget' && { full: [...outcome.full] }),
    usage: outcome.usage ?? null,
    transcript,
  };
}
