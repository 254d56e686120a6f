import type { Budget } from '@everbeat/domain';
import type { TRPCClient } from '@trpc/client';
import pLimit from 'p-limit';
import type { AppRouter } from '@/server/api/routers';
import type { Random } from '../support/random';
import { MCP_NAME, type ModelServer, OUTPUT_TOKENS_MAX } from './modelServer';
import { MODEL_PRICE } from './moneyAudit';

/** Which agents the tasks have, and how many tasks each. */
export interface WorkloadParts {
  agentUrl: string;
  models: ModelServer;
  tasks: number;
  modelTasks: number;
  /** Of coding agents, which run on the host of the application. */
  codingTasks: number;
  leaseSeconds: readonly [number, number];
}

const CONCURRENCY = 8;
const TASK = { instruction: 'Count the ships', automationMode: 'heartbeat' } as const;

/**
 * So low that a task reaches them after a few calls. One call of a model is reserved for with one to two
 * cents, and costs about a third of that; a run of a coding agent costs about one cent.
 */
const BUDGETS: Record<'model' | 'command', readonly Budget[]> = {
  model: [{ perRunUsd: 0.03 }, { perDayUsd: 0.05 }, { totalUsd: 0.05 }, { perDayTokens: 40_000 }, {}],
  command: [{ perRunUsd: 0.012 }, { perDayUsd: 0.04 }, { totalUsd: 0.03 }, {}],
};
/** Of everything: reached by the tasks together. */
const SHARED_BUDGETS = { agent: { totalUsd: 0.5 }, owner: { perMonthUsd: 1 } } as const satisfies Record<
  string,
  Budget
>;

/** Creates agents and tasks, starts the tasks, and returns their ids. */
export async function createWorkload(
  trpc: TRPCClient<AppRouter>,
  random: Random,
  { agentUrl, models, tasks, modelTasks, codingTasks, leaseSeconds }: WorkloadParts,
): Promise<string[]> {
  const config = { url: agentUrl, timeoutSeconds: leaseSeconds[1] + 10 };
  const http = await trpc.agent.create.mutate({ name: 'Chaos', kind: 'http', config });
  const model = modelTasks === 0 ? null : await createModelAgent(trpc, models);
  const coder = codingTasks === 0 ? null : await createCodingAgent(trpc);
  await trpc.system.setBudget.mutate({ budget: SHARED_BUDGETS.owner });
  const rule = (agentId: string, seconds: readonly [number, number], budget: Budget = {}) => ({
    agentId,
    config: { budget },
    heartbeatInterval: random.int(...seconds),
    heartbeatTimeout: random.int(...leaseSeconds),
  });
  const many = <Item>(count: number, make: () => Item): Item[] => Array.from({ length: count }, make);
  const rules = [
    ...many(tasks, () => rule(http.id, [1, 3])),
    ...(model === null ? [] : many(modelTasks, () => rule(model.id, [1, 3], random.pick(BUDGETS.model)))),
    ...(coder === null ? [] : many(codingTasks, () => rule(coder.id, [2, 4], random.pick(BUDGETS.command)))),
  ];
  const limit = pLimit(CONCURRENCY);
  const created = await limit.map(rules, (one) => trpc.task.create.mutate({ ...TASK, ...one }));
  // Started only now, because running tasks would slow down the creation of the others.
  await limit.map(created, ({ id }) => trpc.task.start.mutate({ id }));
  return created.map(({ id }) => id);
}

async function createModelAgent(
  trpc: TRPCClient<AppRouter>,
  { baseUrl, mcpUrl, apiHost }: ModelServer,
): Promise<{ id: string }> {
  const server = { name: MCP_NAME, transport: 'http', url: mcpUrl } as const;
  const { id: serverId } = await trpc.mcpServer.create.mutate(server);
  const { verdict } = await trpc.mcpServer.check.mutate({ id: serverId });
  if (verdict !== 'ready') throw new Error(`The server of tools is ${verdict}`);
  const tools = {
    http_request: { policy: 'allow', hosts: [apiHost] },
    mcp: [{ serverId, default: 'allow', tools: { pay: 'ask' } }],
  };
  const paid = { pricing: MODEL_PRICE, maxOutputTokens: OUTPUT_TOKENS_MAX, budget: SHARED_BUDGETS.agent };
  const model = { provider: 'openai-compatible', model: 'chaos', baseUrl, ...paid };
  const config = { ...model, tools, maxSteps: 12 };
  return trpc.agent.create.mutate({ name: 'Chaos of models', kind: 'model', config });
}

const createCodingAgent = (trpc: TRPCClient<AppRouter>): Promise<{ id: string }> =>
  trpc.agent.create.mutate({
    name: 'Chaos of coding',
    kind: 'command',
    config: { command: 'claude', timeoutSeconds: 60 },
  });
