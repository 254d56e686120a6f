import type { TaskCreateInput } from '@everbeat/domain';
import { type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import { afterEach, beforeEach } from 'vitest';
import { createWorld, type World, type WorldOptions } from '../support/world';

export interface StepRow {
  index: number;
  kind: string;
  name: string;
  status: string;
  occurrence: string;
}

/** The services with the real `model` agent, which calls a server that speaks OpenAI's protocol. */
export interface StepsWorld extends World {
  chat: FakeChatModel;
  /** Creates a task with the model agent, and starts it. `rule`: of the task. Returns its id. */
  startModelTask(config?: Record<string, unknown>, rule?: Partial<TaskCreateInput>): Promise<string>;
  /** Delivers the armed tick, without waiting for the end of its run. Returns the operation's id. */
  begin(taskId: string): Promise<string>;
  steps(operationId: string): Promise<StepRow[]>;
  operations(taskId: string): Promise<OperationRow[]>;
  /**
   * The lease of a running operation is over, as if its process had ended some time ago. Returns when it
   * ended.
   */
  loseLease(operationId: string): Promise<Date>;
}

export interface OperationRow {
  id: string;
  status: string;
  error_code: string | null;
  failure_class: string | null;
  losses: number;
}

/** `runtimesFor`: runtimes that replace the product's, such as a model agent with further tools. */
export async function createStepsWorld(
  options: WorldOptions = {},
  runtimesFor: (chat: FakeChatModel) => WorldOptions['runtimes'] = () => ({}),
): Promise<StepsWorld> {
  const chat = await startFakeChatModel();
  const env = {
    OPENAI_BASE_URL: chat.baseUrl,
    MODEL_DEFAULT: 'openai-compatible/fake-model',
    ...options.env,
  };
  const world = await createWorld({
    ...options,
    env,
    runtimes: { ...options.runtimes, ...runtimesFor(chat) },
  });
  return {
    ...world,
    chat,
    async startModelTask(config = {}, rule = {}) {
      const agent = await world.agents.create(world.userId, { name: 'Model', kind: 'model', config });
      return world.startTask({ agentId: agent.id, ...rule });
    },
    async begin(taskId) {
      const { tickToken } = (await world.task(taskId)).scheduler;
      const tick = { taskId, userId: world.userId, tickToken: tickToken ?? '' };
      const { result } = await world.runner.runTick(tick);
      if (!result.ran) throw new Error(`It was skipped: ${result.reason}`);
      return result.operationId;
    },
    steps: (operationId) =>
      world.query<StepRow>(
        'select index, kind, name, status, occurrence from everbeat.operation_steps where operation_id = $1 order by index',
        [operationId],
      ),
    operations: (taskId) =>
      world.query<OperationRow>(
        'select id, status, error_code, failure_class, losses from everbeat.operations where task_id = $1 order by started_at, id',
        [taskId],
      ),
    async loseLease(operationId) {
      const leaseExpiresAt = new Date(world.clock.now().getTime() - 1_000);
      await world.query('update everbeat.operations set lease_expires_at = $2 where id = $1', [
        operationId,
        leaseExpiresAt,
      ]);
      return leaseExpiresAt;
    },
    async close() {
      chat.release();
      await world.close();
      await chat.close();
    },
  };
}

/** A world of its own for each test of a file, which must satisfy the invariants when the test ends. */
export function stepsWorldPerTest(...options: Parameters<typeof createStepsWorld>): () => StepsWorld {
  let world: StepsWorld;
  beforeEach(async () => {
    world = await createStepsWorld(...options);
  });
  afterEach(async () => {
    try {
      await world.expectSound();
    } finally {
      await world.close();
    }
  });
  return () => world;
}
