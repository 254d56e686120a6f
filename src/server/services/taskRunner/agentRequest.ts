import type { AgentRequest } from '@everbeat/agents';
import type { ReviewMaterial } from '../taskReview/reviewRequest';
import { callbackUrl } from './callbackSecret';
import type { RunnerDeps, RunWithAgent } from './ports';
import { sessionsOf } from './programSessions';
import { documentsOf, tasksAround } from './readers';
import type { RunContext } from './runContext';
import type { ToldSteps } from './toldSteps';
import type { TranscriptWriter } from './transcriptWriter';
import { whenDatabaseAnswers } from './whenDatabaseAnswers';

/** What the agent of a run is given. Its prompt is built when the agent first asks for it. */
export function requestOf(
  deps: RunnerDeps,
  run: RunWithAgent & Pick<AgentRequest, 'settings' | 'budget'>,
  { secret, signal, active, confirmLease, journal }: RunContext,
  { transcript, told }: { transcript: TranscriptWriter; told: ToldSteps | null },
  review: ReviewMaterial | undefined,
): AgentRequest {
  let prompt: Promise<string> | null = null;
  const buildPrompt = async (): Promise<string> => {
    // A runtime that needs the prompt calls its agent with it, so not before.
    active.hasCalledAgent = false;
    const build = {
      failed: 'The prompt of a run could not be built yet',
      run: async () => (review === undefined ? deps.buildPrompt(run) : { text: review.prompt, recipe: null }),
    };
    const { text, recipe } = await whenDatabaseAnswers(deps, run, signal, build);
    await confirmLease();
    signal.throwIfAborted();
    active.hasCalledAgent = true;
    transcript.add(recipe === null ? { role: 'user', content: text } : { role: 'user', content: '', recipe });
    return text;
  };
  const owned = { userId: run.state.userId, taskId: run.state.id };
  return {
    operationId: run.operationId,
    taskId: run.state.id,
    taskIdentifier: run.state.identifier,
    topicId: run.topicId,
    userId: run.state.userId,
    trigger: run.trigger,
    instruction: run.instruction,
    isInstructionTyped: run.instructionAuthor === 'user',
    prompt: () => {
      prompt ??= buildPrompt();
      return prompt;
    },
    config: run.agent.config,
    settings: run.settings,
    memory: run.memory,
    occurrence: run.occurrence,
    attempt: run.attempt,
    mayChooseWakeUp: run.state.config.pacing !== undefined,
    callbackUrl: callbackUrl(deps.appUrl, run.operationId, secret),
    signal,
    emit: (entry) => transcript.emit(entry),
    tellStep: told === null ? undefined : (step) => told.tell(step),
    steps: journal ?? undefined,
    documents: documentsOf(deps.db, owned),
    tasks: tasksAround(deps.db, owned),
    budget: run.budget,
    review: review?.request,
    // What the work was talked about is no part of its check, and the other way round.
    sessions: review === undefined ? sessionsOf(deps, run, signal) : undefined,
  };
}
