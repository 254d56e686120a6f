import { agentKinds } from '@everbeat/agents';
import type { HeldOperation } from '@everbeat/database';
import type { ArmedTick } from '@everbeat/domain';
import type { DeliveryQueue } from '../services/deliveries/ports';
import { CommitQueue } from '../services/taskLifecycle/commitQueue';
import { TaskLifecycleService } from '../services/taskLifecycle/TaskLifecycleService';
import { PromptArchive } from '../services/taskPrompt/PromptArchive';
import { TaskPromptService } from '../services/taskPrompt/TaskPromptService';
import { deliverTicks } from '../services/taskRunner/deliverTicks';
import type { RunQueue, RunWithAgent } from '../services/taskRunner/ports';
import { RunRoom } from '../services/taskRunner/room';
import { TaskRunnerService } from '../services/taskRunner/TaskRunnerService';
import { TickPublisher } from '../services/ticks/TickPublisher';
import type { AgentServices } from './agentServices';
import type { Foundation } from './foundation';
import type { ContainerParts } from './parts';
import { roomOfProcess } from './room';
import { createTaskScheduler } from './scheduling';

/** What the engine takes beside its foundation. */
interface EngineDeps extends AgentServices {
  queue: (RunQueue & DeliveryQueue) | null;
  /** Has sent what rules send of new briefs. What does so is built later, and called only then. */
  tell(): Promise<void>;
}

/** What makes tasks wake, run and go on: the scheduler, the lifecycle and the runner. */
export function createEngine(
  foundation: Foundation,
  parts: ContainerParts,
  { runtimes, runtimeFor, readiness, queue, tell }: EngineDeps,
) {
  const { env, db, clock, logger, secrets, feed } = foundation;
  const common = { ...foundation, ...(parts.batching && { batching: parts.batching }) };
  const nudge = (): void => feed.nudge();

  // Runner and scheduler refer to each other. `deliver` is only called once both exist.
  const room = new RunRoom(parts.room ?? roomOfProcess());
  const deliver = (ticks: readonly ArmedTick[]) => deliverTicks({ runner, logger }, ticks);
  const scheduler = parts.scheduler ?? createTaskScheduler(parts, { room, deliver });
  const publisher = new TickPublisher({ ...common, scheduler });
  const effects = {
    publish: publisher.publish.bind(publisher),
    abort: (operationId: string): void => runner.abort(operationId),
    goOn: (operation: HeldOperation): Promise<void> => runner.goOn(operation),
    tell,
    nudge,
  };
  const lifecycle = new TaskLifecycleService({
    ...foundation,
    scheduler,
    commits: new CommitQueue({ ...common, effects }),
    publisher,
    effects,
    readiness,
    absenceAfterDays: env.ABSENCE_AFTER_DAYS,
  });
  const prompts = new TaskPromptService(common);
  const archive = new PromptArchive({ db, logger });
  const buildPrompt = async ({ state, topicId, operationId, trigger, extraPrompt, agent }: RunWithAgent) => {
    const prompt = await prompts.build({
      taskId: state.id,
      userId: state.userId,
      topicId,
      operationId,
      trigger,
      extraPrompt,
      reporting: agentKinds[agent.kind].reporting,
      now: clock.now(),
    });
    return { text: prompt.text, recipe: await archive.recipeOf(state.id, prompt) };
  };
  const runner: TaskRunnerService = new TaskRunnerService({
    ...common,
    runtimes,
    runtimeFor,
    room,
    settlement: lifecycle,
    queue,
    sliceSeconds: env.RUN_SLICE_SECONDS,
    buildPrompt,
    openConfig: (agent, userId) => secrets.openAgent(userId, agent),
    openSettings: ({ agent: { kind }, state }) =>
      secrets.openSettings(state.userId, state.id, kind, state.config[kind]),
    cancelMessage: publisher.cancel.bind(publisher),
    nudge,
  });
  return { room, scheduler, publisher, lifecycle, runner, archive };
}

export type Engine = ReturnType<typeof createEngine>;
