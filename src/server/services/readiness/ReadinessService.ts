import type { AgentRuntime, CheckRequest } from '@everbeat/agents';
import {
  type AgentOfTask,
  type AgentToCheck,
  isDatabaseUnavailable,
  readAgentsNotReady,
  readAgentsOfTasks,
  readAgentToCheck,
  recheckAgents,
  recheckAgentsNotReady,
  recordAgentCheck,
  takeDueAgents,
} from '@everbeat/database';
import {
  type AgentFault,
  type AgentKind,
  type AgentReadiness,
  AppError,
  type Clock,
  cannotRun,
  errorMessage,
  type Ids,
  type KindSettings,
  LIMITS,
  type Logger,
  parseTaskConfig,
  readinessOf,
  type StoredAgent,
  withTimeout,
} from '@everbeat/domain';
import type { Pool } from 'pg';
import { orThrow } from '../reads/ReadService';
import type { SecretsService } from '../secrets/SecretsService';
import { checkWrite } from './checkWrite';
import { type NotReadyTask, notStarted } from './notReadyTasks';

export interface ReadinessServiceDeps {
  pool: Pool;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** The runtime for a user's agents of a kind. */
  runtimeFor(kind: AgentKind, userId: string): Promise<AgentRuntime>;
  secrets: Pick<SecretsService, 'openAgent' | 'openSettings'>;
}

/** Whether everything is asked that a run would call. */
type Depth = Required<Pick<CheckRequest, 'isThorough'>>;

/**
 * Whether agents can run, asked before their runs fail (PROTOCOL §4.3): when one is saved, when a task is
 * started, and once a day while a task uses it.
 */
export class ReadinessService {
  /** A server that was started anew may be set up in another way. */
  private isSetUpNew = true;

  constructor(private readonly deps: ReadinessServiceDeps) {}

  /** Checks an agent now, and records what was found. @throws AppError `agent-not-found` */
  async check(userId: string, agentId: string, { isThorough }: Depth): Promise<AgentReadiness> {
    const agent = orThrow(await readAgentToCheck(this.deps.pool, userId, agentId), 'agent-not-found');
    return this.checkAndRecord(agent, LIMITS.agentCheckWaitMs, { isThorough });
  }

  /**
   * Has the agents of a user checked soon: a key, a server of tools, or something else that they may need has
   * changed.
   */
  async recheck(userId: string): Promise<void> {
    await recheckAgents(this.deps.pool, userId, this.deps.clock.now());
  }

  /** The agents that are not ready although tasks use them, by the last check. */
  notReady(userId: string): Promise<StoredAgent[]> {
    return readAgentsNotReady(this.deps.pool, userId);
  }

  /**
   * Checks the agent of a task that is to be started. `run`: one run, which a person waits for, and whose
   * failure would say the same; so the agent is asked only where the last check has found that it cannot run.
   * Nothing is said of a task without an agent.
   * @throws AppError `agent-not-ready` when its runs would fail until a person acts
   */
  async assertMayStart(userId: string, taskId: string, what: 'loop' | 'run'): Promise<void> {
    const [found] = await readAgentsOfTasks(this.deps.pool, userId, [taskId]);
    if (found === undefined) return;
    const isKnownToFail = found.checkVerdict !== null && cannotRun(found.checkVerdict);
    if (what === 'run' && !isKnownToFail) return;
    const { verdict, problem } = await this.checkForStart(found);
    if (cannotRun(verdict)) throw notStarted([{ ...whichOf(found), problem }]);
  }

  /**
   * The tasks whose agent cannot run, by their ids, among some that are to start together. Tasks of one agent
   * that set the same for it are checked once.
   */
  async notReadyAmong(userId: string, taskIds: readonly string[]): Promise<Map<string, NotReadyTask>> {
    const found = taskIds.length === 0 ? [] : await readAgentsOfTasks(this.deps.pool, userId, taskIds);
    const checks = new Map<string, Promise<AgentReadiness>>();
    const verdicts = found.map(async (agent): Promise<[string, NotReadyTask][]> => {
      const sameFor = JSON.stringify([agent.id, settingsOf(agent)]);
      const check = checks.get(sameFor) ?? this.checkForStart(agent);
      checks.set(sameFor, check);
      const { verdict, problem } = await check;
      return cannotRun(verdict) ? [[agent.task.id, { ...whichOf(agent), problem }]] : [];
    });
    return new Map((await Promise.all(verdicts)).flat());
  }

  private async checkForStart({ task, ...agent }: AgentOfTask): Promise<AgentReadiness> {
    const settings = settingsOf({ task, kind: agent.kind });
    const of = { task: { id: task.id, settings }, isThorough: false };
    const faults = await this.faultsOf(agent, LIMITS.agentCheckWaitMs, of);
    // What the task sets is not the agent's, and neither is what it still has to set.
    const ofAgent = faults.filter(({ cure }) => cure !== 'edit-task');
    if (settings === undefined) await this.record(agent, readinessOf(ofAgent));
    return readinessOf(faults);
  }

  /**
   * Checks some of the agents that are due. Several servers may do this at once: each agent is checked by one
   * of them. Never rejects; what fails is tried again later.
   */
  async sweep(): Promise<void> {
    const { pool, clock, logger } = this.deps;
    try {
      if (this.isSetUpNew) await recheckAgentsNotReady(pool, clock.now());
      this.isSetUpNew = false;
      const due = await takeDueAgents(pool, { now: clock.now(), limit: LIMITS.agentChecksPerSweep });
      await Promise.all(due.map((agent) => this.attempt(agent)));
    } catch (error) {
      logger.warn({ reason: errorMessage(error) }, 'Agents could not be checked; tried again');
    }
  }

  private async attempt(agent: AgentToCheck): Promise<void> {
    try {
      await this.checkAndRecord(agent, LIMITS.agentCheckMs, { isThorough: true });
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      const reason = errorMessage(error);
      this.deps.logger.warn(
        { agentId: agent.id, reason },
        'An agent could not be checked; tried again later',
      );
    }
  }

  private async checkAndRecord(
    agent: AgentToCheck,
    limitMs: number,
    { isThorough }: Depth,
  ): Promise<AgentReadiness> {
    return this.record(agent, readinessOf(await this.faultsOf(agent, limitMs, { task: null, isThorough })));
  }

  private async record(agent: AgentToCheck, readiness: AgentReadiness): Promise<AgentReadiness> {
    const { pool, clock, ids } = this.deps;
    const now = clock.now();
    await recordAgentCheck(pool, checkWrite(agent, readiness, { ids, now }), now);
    return readiness;
  }

  /** `task`: the one that is to be started; null: the agent by itself. */
  private async faultsOf(
    agent: AgentToCheck,
    limitMs: number,
    { task, isThorough }: Depth & { task: { id: string; settings: KindSettings | undefined } | null },
  ): Promise<AgentFault[]> {
    const { runtimeFor, secrets, clock } = this.deps;
    const { userId, kind } = agent;
    try {
      return await withTimeout(clock, limitMs, async (signal) => {
        const runtime = await runtimeFor(kind, userId);
        const config = await secrets.openAgent(userId, agent);
        const settings = task && {
          ofTask: await secrets.openSettings(userId, task.id, kind, task.settings),
        };
        return (await runtime.check?.({ config, settings, userId, isThorough, signal })) ?? [];
      });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'secrets-unreadable') throw error;
      return [{ verdict: 'reauth-required', problem: error.message, cure: 'open-system' }];
    }
  }
}

const settingsOf = ({ task, kind }: Pick<AgentOfTask, 'task' | 'kind'>): KindSettings | undefined =>
  parseTaskConfig(task.config)[kind];

const whichOf = ({ task, id, name }: AgentOfTask): Omit<NotReadyTask, 'problem'> => ({
  identifier: task.identifier,
  agentId: id,
  agentName: name,
});
