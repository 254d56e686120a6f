import { Workspaces } from '@everbeat/agents';
import { isReachedFromThisHostAlone } from '@/env/addresses';
import { Healthcheck } from '../services/taskWatchdog/Healthcheck';
import { TaskWatchdogService } from '../services/taskWatchdog/TaskWatchdogService';
import { createWorkflowsApp } from '../workflows/app';
import { createAgentServices } from './agentServices';
import { workspacesOf } from './agents';
import { createEngine } from './engine';
import { createFoundation } from './foundation';
import { createNotifications } from './notifications';
import { createPageServices } from './pageServices';
import type { ContainerParts } from './parts';
import { createRunQueue, createVerifier } from './scheduling';

/**
 * Everything that a process serves, built and connected. The files beside this one are the only places where
 * services and adapters are made. Starts nothing; `runtime.ts` does.
 */
export function createContainer(parts: ContainerParts) {
  const { env, database, clock, ids, logger } = parts;
  const foundation = createFoundation(parts);
  const { secrets, secretsSweep, feed } = foundation;
  const queue = parts.runQueue ?? createRunQueue(parts);

  const agentServices = createAgentServices(foundation, parts);
  const engine = createEngine(foundation, parts, {
    ...agentServices,
    queue,
    tell: () => notifications.deliveries.tell(),
  });
  const { lifecycle, runner } = engine;
  const pageServices = createPageServices(foundation, agentServices, engine);
  const notifications = createNotifications(foundation, parts, {
    lifecycle,
    tasks: pageServices.tasks,
    queue,
  });
  const { deliveries, botWebhooks } = notifications;

  const { folder, repositories } = workspacesOf(env);
  const workspaces = new Workspaces(folder, repositories);
  const watchdog = new TaskWatchdogService({
    ...foundation,
    ...engine,
    readiness: agentServices.readiness,
    deliveries,
    graceSeconds: env.WATCHDOG_GRACE_SECONDS,
    folders: parts.taskFolders ?? workspaces,
    bots: { sweep: async () => botWebhooks?.sweep() },
  });
  const healthcheck = new Healthcheck({ url: env.HEALTHCHECK_URL, clock, logger });
  const workflows = createWorkflowsApp({
    runner,
    lifecycle,
    watchdog,
    healthcheck,
    deliveries,
    logger,
    ids,
    appUrl: env.APP_URL,
    verifier: createVerifier(env, isReachedFromThisHostAlone(env)),
    awaitsRuns: env.AGENT_RUNTIME_MODE === 'queue',
  });
  return {
    env,
    database,
    clock,
    ids,
    logger,
    secrets,
    secretsSweep,
    feed,
    runtimes: agentServices.runtimes,
    mcpServers: agentServices.mcpServers,
    models: agentServices.models,
    readiness: agentServices.readiness,
    commandSandbox: agentServices.commandSandbox,
    room: engine.room,
    scheduler: engine.scheduler,
    lifecycle,
    runner,
    ...pageServices,
    ...notifications,
    workspaces,
    watchdog,
    healthcheck,
    workflows,
  };
}

export type Container = ReturnType<typeof createContainer>;
