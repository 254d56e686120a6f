import { type AgentRuntime, agentKinds, Workspaces } from '@everbeat/agents';
import type { BatchLimits } from '@everbeat/batching';
import type { HeldOperation } from '@everbeat/database';
import type { AgentKind, ArmedTick, Ids, RoomLimits } from '@everbeat/domain';
import type { TaskScheduler } from '@everbeat/scheduler';
import { isReachedFromThisHostAlone } from '@/env/addresses';
import type { Env } from '@/env/parseEnv';
import { version } from '../../../package.json';
import { AgentService } from '../services/agents/AgentService';
import { AnswerLinkService } from '../services/answers/AnswerLinkService';
import { ChannelService } from '../services/channels/ChannelService';
import { PushKeys } from '../services/channels/PushKeys';
import { DeliveryService } from '../services/deliveries/DeliveryService';
import { OpenMessages } from '../services/deliveries/OpenMessages';
import type { DeliveryQueue, MessageSender } from '../services/deliveries/ports';
import { DocumentService } from '../services/documents/DocumentService';
import { ActivityFeed } from '../services/feed/ActivityFeed';
import { FeedService } from '../services/feeds/FeedService';
import { InboxService } from '../services/inbox/InboxService';
import { McpServerService } from '../services/mcpServers/McpServerService';
import { ModelsService } from '../services/models/ModelsService';
import { ReadinessService } from '../services/readiness/ReadinessService';
import { ReadService } from '../services/reads/ReadService';
import { BotPolls } from '../services/receiving/BotPolls';
import { BotWebhooks } from '../services/receiving/BotWebhooks';
import { ChatAnswers } from '../services/receiving/ChatAnswers';
import { SlackPresses } from '../services/receiving/SlackPresses';
import { SecretsService } from '../services/secrets/SecretsService';
import { SecretsSweep } from '../services/secrets/SecretsSweep';
import { SpendService } from '../services/spend/SpendService';
import { SystemService } from '../services/system/SystemService';
import { CommitQueue } from '../services/taskLifecycle/commitQueue';
import { TaskLifecycleService } from '../services/taskLifecycle/TaskLifecycleService';
import { PromptArchive } from '../services/taskPrompt/PromptArchive';
import { TaskPromptService } from '../services/taskPrompt/TaskPromptService';
import { deliverTicks } from '../services/taskRunner/deliverTicks';
import type { RunQueue } from '../services/taskRunner/ports';
import { readPatiently } from '../services/taskRunner/retryDelay';
import { RunRoom } from '../services/taskRunner/room';
import { TaskRunnerService } from '../services/taskRunner/TaskRunnerService';
import { SavedFilterService } from '../services/tasks/SavedFilterService';
import { TaskService } from '../services/tasks/TaskService';
import type { TaskFolders } from '../services/taskWatchdog/AbandonedFolders';
import { Healthcheck } from '../services/taskWatchdog/Healthcheck';
import { TaskWatchdogService } from '../services/taskWatchdog/TaskWatchdogService';
import { TickPublisher } from '../services/ticks/TickPublisher';
import { WatchTransferService } from '../services/watches/WatchTransferService';
import { createWorkflowsApp } from '../workflows/app';
import {
  addressPolicyOf,
  createCommandSandbox,
  createRuntimes,
  mcpProgramsOf,
  modelsOfEnvironment,
  runsCommands,
  runtimesByUser,
  workspacesOf,
} from './agents';
import {
  callsOf,
  createBot,
  createMessageCloser,
  createMessageSender,
  createTakesPresses,
  hasReports,
  isPublic,
} from './channels';
import { roomOfProcess } from './room';
import { createRunQueue, createTaskScheduler, createVerifier, type SchedulingParts } from './scheduling';
import { keysOf } from './secrets';

/** The outside world of a container. Tests replace parts of it. */
export interface ContainerParts extends SchedulingParts {
  ids: Ids;
  /** Replaces the real runtimes of these kinds. */
  runtimes?: Partial<Record<AgentKind, AgentRuntime>>;
  /** Replaces the scheduler that TASK_SCHEDULER names. */
  scheduler?: TaskScheduler;
  /** Replaces the queue of AGENT_RUNTIME_MODE=queue. */
  runQueue?: RunQueue & DeliveryQueue;
  /** Replaces what sends messages over the network. */
  sender?: MessageSender;
  /** Replaces the room for runs that follows from the kinds of agents and the memory of this process. */
  room?: RoomLimits;
  /** Replaces the folders on this host in which commands work. */
  taskFolders?: TaskFolders;
  /** Replaces the default batch sizes of claims, commits, prompts and message ids. */
  batching?: BatchLimits;
}

/** The only place where services and adapters are built and connected. Starts nothing; `runtime.ts` does. */
export function createContainer(parts: ContainerParts) {
  const { env, database, clock, ids, logger } = parts;
  const batching = parts.batching && { batching: parts.batching };
  const db = database.pool;
  const sandbox = createCommandSandbox(env);
  const runtimes = { ...createRuntimes(env, sandbox), ...parts.runtimes };
  const feed = new ActivityFeed({ db, clock, logger });
  const keys = keysOf(env);
  const secrets = new SecretsService({ db, clock, keys });
  const mcpServers = new McpServerService({
    pool: db,
    clock,
    ids,
    secrets,
    programs: mcpProgramsOf(env),
    addressPolicy: addressPolicyOf(env),
  });
  const whileAway = <Result>(work: () => Promise<Result>) => readPatiently({ clock }, work);
  const environment = {
    ...modelsOfEnvironment(env),
    mcpServers: (...of: Parameters<typeof mcpServers.chosen>) => whileAway(() => mcpServers.chosen(...of)),
    checkMcpServer: mcpServers.checkedFor.bind(mcpServers),
  };
  const models = new ModelsService({ db, clock, secrets, environment });
  const runtimeFor = runtimesByUser(
    runtimes,
    parts.runtimes?.model ? null : (userId) => models.settingsOf(userId),
  );
  const readiness = new ReadinessService({ pool: db, clock, ids, logger, runtimeFor, secrets });
  const secretsSweep = new SecretsSweep({ db, clock, logger, keys, secrets });
  const nudge = (): void => feed.nudge();

  // Runner and scheduler refer to each other. `deliver` is only called once both exist.
  const room = new RunRoom(parts.room ?? roomOfProcess());
  const deliver = (ticks: readonly ArmedTick[]) => deliverTicks({ runner, logger }, ticks);
  const scheduler = parts.scheduler ?? createTaskScheduler(parts, { room, deliver });
  const publisher = new TickPublisher({ db, scheduler, clock, logger, ...batching });
  const effects = {
    publish: publisher.publish.bind(publisher),
    abort: (operationId: string): void => runner.abort(operationId),
    goOn: (operation: HeldOperation): Promise<void> => runner.goOn(operation),
    tell: (): Promise<void> => deliveries.tell(),
    nudge,
  };
  const queue = parts.runQueue ?? createRunQueue(parts);
  const pushKeys = new PushKeys({ db, clock, secrets });
  const sender = parts.sender ?? createMessageSender(env, pushKeys);
  const answers = new AnswerLinkService({
    db,
    clock,
    ids,
    appUrl: env.APP_URL,
    resolve: (userId, answer) => lifecycle.resolveBrief(userId, answer),
    tellAnswered: () => deliveries.tellAnswered(),
  });
  const deliveries = new DeliveryService({
    pool: db,
    clock,
    ids,
    logger,
    sender,
    secrets,
    appUrl: env.APP_URL,
    queue,
    linksFor: answers.linksFor.bind(answers),
    takesPresses: createTakesPresses({ env, db, clock }),
    openMessages: new OpenMessages({
      db,
      clock,
      logger,
      secrets,
      closer: createMessageCloser(env),
      appUrl: env.APP_URL,
    }),
  });
  const chat = new ChatAnswers({
    db,
    clock,
    logger,
    answers,
    comment: (...said) => tasks.comment(...said),
  });
  const receiving = {
    db,
    clock,
    ids,
    logger,
    secrets,
    chat,
    createBot: createBot(env),
    appUrl: env.APP_URL,
  };
  const bots = new BotPolls(receiving);
  const botWebhooks = hasReports(env) ? new BotWebhooks(receiving) : null;
  const slack = new SlackPresses({
    db,
    clock,
    logger,
    secrets,
    answers,
    calls: callsOf(env),
  });
  const channels = new ChannelService({
    pool: db,
    clock,
    ids,
    secrets,
    sender,
    pushKeys,
    appUrl: env.APP_URL,
    isPublic: isPublic(env),
    hasReports: hasReports(env),
    tell: () => deliveries.tell(),
    async follow(configs) {
      if (botWebhooks !== null) await botWebhooks.follow(configs);
      else bots.wake();
    },
  });
  const commits = new CommitQueue({ db, clock, effects, ...batching });
  const lifecycle = new TaskLifecycleService({
    db,
    clock,
    ids,
    logger,
    scheduler,
    commits,
    publisher,
    effects,
    readiness,
    absenceAfterDays: env.ABSENCE_AFTER_DAYS,
  });
  const prompts = new TaskPromptService({ db, ...batching });
  const archive = new PromptArchive({ db, logger });
  const runner: TaskRunnerService = new TaskRunnerService({
    db,
    clock,
    ids,
    logger,
    runtimes,
    runtimeFor,
    room,
    settlement: lifecycle,
    queue,
    appUrl: env.APP_URL,
    sliceSeconds: env.RUN_SLICE_SECONDS,
    buildPrompt: async (run) => {
      const prompt = await prompts.build({
        taskId: run.state.id,
        userId: run.state.userId,
        topicId: run.topicId,
        operationId: run.operationId,
        trigger: run.trigger,
        extraPrompt: run.extraPrompt,
        reporting: agentKinds[run.agent.kind].reporting,
        now: clock.now(),
      });
      return { text: prompt.text, recipe: await archive.recipeOf(run.state.id, prompt) };
    },
    openConfig: (agent, userId) => secrets.openAgent(userId, agent),
    openSettings: ({ agent: { kind }, state }) =>
      secrets.openSettings(state.userId, state.id, kind, state.config[kind]),
    cancelMessage: publisher.cancel.bind(publisher),
    nudge,
    ...batching,
  });
  const graceSeconds = env.WATCHDOG_GRACE_SECONDS;
  const { folder, repositories } = workspacesOf(env);
  const workspaces = new Workspaces(folder, repositories);
  const folders = parts.taskFolders ?? workspaces;
  const watchdog = new TaskWatchdogService({
    db,
    clock,
    logger,
    lifecycle,
    runner,
    publisher,
    graceSeconds,
    folders,
    secretsSweep,
    readiness,
    deliveries,
    bots: { sweep: async () => botWebhooks?.sweep() },
  });
  const healthcheck = new Healthcheck({ url: env.HEALTHCHECK_URL, clock, logger });
  const reads = new ReadService({ db, prompts: archive });
  const tasks = new TaskService({
    pool: db,
    clock,
    ids,
    reads,
    lifecycle,
    feed,
    secrets,
    heartbeatMinSeconds: env.HEARTBEAT_MIN_SECONDS,
  });
  const inbox = new InboxService({ pool: db, clock, ids, reads, feed, lifecycle });
  const spend = new SpendService({ db, clock, lifecycle });
  const documents = new DocumentService({ pool: db, clock, ids, feed });
  const savedFilters = new SavedFilterService({ pool: db, clock });
  const feeds = new FeedService({ db, clock, ids, appUrl: env.APP_URL });
  const transfer = new WatchTransferService({
    pool: db,
    clock,
    ids,
    lifecycle,
    secrets,
    heartbeatMinSeconds: env.HEARTBEAT_MIN_SECONDS,
  });
  const agents = new AgentService({
    pool: db,
    clock,
    ids,
    logger,
    runtimeFor,
    room,
    secrets,
    readiness,
    lifecycle,
    whileAway,
    appUrl: env.APP_URL,
  });
  const commandSandbox = async () => (runsCommands(env) ? await sandbox.state() : null);
  const system = new SystemService({
    pool: db,
    clock,
    scheduler,
    feed,
    commandSandbox,
    secrets,
    models,
    readiness,
    facts: systemFacts(env),
  });
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
    scheduler,
    runtimes,
    room,
    lifecycle,
    runner,
    watchdog,
    tasks,
    documents,
    agents,
    reads,
    system,
    feed,
    workflows,
    commandSandbox,
    workspaces,
    secrets,
    secretsSweep,
    mcpServers,
    models,
    spend,
    transfer,
    readiness,
    inbox,
    healthcheck,
    channels,
    deliveries,
    feeds,
    answers,
    bots,
    slack,
    botWebhooks,
    savedFilters,
  };
}

export type Container = ReturnType<typeof createContainer>;

const systemFacts = (env: Env) => ({
  mode: env.AGENT_RUNTIME_MODE,
  scheduler: env.TASK_SCHEDULER,
  database: env.DATABASE_URL === undefined ? ('embedded' as const) : ('external' as const),
  version,
  commands: Object.keys(env.AGENT_COMMANDS ?? {}),
  repositories: workspacesOf(env).repositories.map(({ name }) => name),
  heartbeatMinSeconds: env.HEARTBEAT_MIN_SECONDS,
  mailConfigured: env.SMTP_URL !== undefined,
});
