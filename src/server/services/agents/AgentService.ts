import type { AgentRuntime } from '@everbeat/agents';
import {
  agentChanged,
  createAgent,
  deleteAgent,
  readAgent,
  readAgents,
  updateAgent,
} from '@everbeat/database';
import {
  type AgentKind,
  type AgentView,
  AppError,
  type Clock,
  errorMessage,
  type Ids,
  isSameBudget,
  type KindSettings,
  type Logger,
  parseBudget,
  type StoredAgent,
} from '@everbeat/domain';
import { CALLBACK_PATH, webhookUrl } from '@everbeat/scheduler';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { ReadinessService } from '../readiness/ReadinessService';
import { orThrow } from '../reads/ReadService';
import { hasMask, maskAgent, unmaskConfig, withoutMasks } from '../secrets/maskedConfig';
import type { SecretsService } from '../secrets/SecretsService';
import { agentView } from './agentView';
import { type AgentPreviewView, type PreviewInput, previewOf } from './preview';
import { type AgentTrialView, tryAgent } from './trial';
import { TrialMoney } from './trialMoney';

export type { AgentPreviewView } from './preview';
export type { AgentTrialView } from './trial';

export interface AgentServiceDeps {
  pool: Pool;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** The runtime for a user's agents of a kind. */
  runtimeFor(kind: AgentKind, userId: string): Promise<AgentRuntime>;
  room: TrialRoom;
  secrets: SecretsService;
  readiness: Pick<ReadinessService, 'check'>;
  /** What waits for a budget goes on, once that has changed. */
  lifecycle: { goOnWithinBudgets(userId: string): Promise<void> };
  /** Does work again, which may be done twice, while the database is away or a row is held. */
  whileAway<Result>(work: () => Promise<Result>): Promise<Result>;
  /** The public origin. A trial passes a callback URL under it, but reports to that URL are refused. */
  appUrl: string;
}

export interface AgentInput {
  name: string;
  kind: AgentKind;
  config: Record<string, unknown>;
}

export interface AgentEdit extends Partial<AgentInput> {
  id: string;
  /** Of the view that the edit was made from. */
  updatedAt?: Date | undefined;
}

/** The settings of a kind, under its name, stand for those that a task would have. */
export interface TrialRequest extends Partial<Record<AgentKind, KindSettings>> {
  id: string;
  instruction?: string | undefined;
}

/** The room for runs, as far as a trial needs it. */
interface TrialRoom {
  /** Null: aborted, or the server stops. */
  forPerson(kind: AgentKind, signal?: AbortSignal): Promise<{ release(): void } | null>;
}

/** The agents of users. In every view that leaves it, secrets are masked. */
export class AgentService {
  constructor(private readonly deps: AgentServiceDeps) {}

  async list(userId: string): Promise<AgentView[]> {
    const agents = await readAgents(this.deps.pool, userId);
    return Promise.all(agents.map((agent) => this.view(userId, agent)));
  }

  /** @throws AppError `agent-misconfigured`, `limit-reached`, `secrets-key-missing`, `secrets-unreadable` */
  async create(userId: string, input: AgentInput): Promise<AgentView> {
    const { pool, clock, ids, secrets } = this.deps;
    const config = await this.checkConfig(userId, input.kind, unmaskConfig(input.kind, input.config, {}));
    const agent = { id: ids.row(), userId, name: input.name, kind: input.kind, config };
    const sealed = { ...agent, config: await secrets.sealAgent(userId, agent) };
    const stored = await createAgent(pool, sealed, clock.now());
    return this.checked(userId, stored);
  }

  /**
   * A secret that is sent back as its mask keeps its stored value. An edit of what the agent was before, as a
   * form that was open meanwhile holds it, is refused: it would put back what others took away, such as a
   * permission.
   * @throws AppError `agent-not-found`, `agent-misconfigured`, `state-changed`, `secrets-key-missing`,
   * `secrets-unreadable`
   */
  async update(userId: string, edit: AgentEdit): Promise<AgentView> {
    const { pool, clock, secrets } = this.deps;
    const stored = orThrow(await readAgent(pool, userId, edit.id), 'agent-not-found');
    if (edit.updatedAt !== undefined && edit.updatedAt.getTime() !== stored.updatedAt.getTime())
      throw agentChanged();
    const kind = edit.kind ?? stored.kind;
    const agent = { id: stored.id, userId, name: edit.name ?? stored.name, kind, config: stored.config };
    if (edit.kind !== undefined || edit.config !== undefined) {
      const config = await this.checkConfig(
        userId,
        kind,
        await this.given(userId, stored, kind, edit.config),
      );
      agent.config = await secrets.sealAgent(userId, { ...agent, config });
    }
    const saved = await updateAgent(pool, agent, stored.updatedAt, clock.now());
    if (!isSameBudget(parseBudget(stored.config.budget), parseBudget(saved.config.budget)))
      await this.deps.lifecycle.goOnWithinBudgets(userId);
    return this.checked(userId, saved);
  }

  /** Checks now whether the agent can run. @throws AppError `agent-not-found` */
  check(userId: string, agentId: string): Promise<AgentView> {
    return this.checkNow(userId, agentId, { isThorough: true });
  }

  private async checkNow(
    userId: string,
    agentId: string,
    depth: { isThorough: boolean },
  ): Promise<AgentView> {
    await this.deps.readiness.check(userId, agentId, depth);
    return this.view(userId, orThrow(await readAgent(this.deps.pool, userId, agentId), 'agent-not-found'));
  }

  /** Returns the deleted agent. @throws AppError `agent-not-found`, `agent-in-use` */
  async delete(userId: string, agentId: string): Promise<AgentView> {
    const { pool, clock } = this.deps;
    return this.view(userId, await deleteAgent(pool, { userId, agentId }, clock.now()));
  }

  /**
   * Runs the agent once without a task, in a place as a person's run takes it. Its failures are returned, not
   * thrown.
   * @throws AppError `agent-not-found`, `secrets-unreadable`, `unavailable` when it was not started
   */
  async test(userId: string, trial: TrialRequest, signal: AbortSignal | undefined): Promise<AgentTrialView> {
    const { pool, clock, ids, logger, whileAway, runtimeFor, room, appUrl } = this.deps;
    const stored = orThrow(await readAgent(pool, userId, trial.id), 'agent-not-found');
    const agent = { ...stored, config: await this.opened(userId, stored) };
    const { instruction, [agent.kind]: given } = trial;
    const settings = given && unmaskConfig(agent.kind, given, {});
    const runtime = await runtimeFor(agent.kind, userId);
    const place = await room.forPerson(agent.kind, signal);
    if (place === null) throw new AppError('unavailable', 'The trial was not started: it was stopped before');
    const callbackUrl = webhookUrl(appUrl, CALLBACK_PATH);
    const operationId = ids.row();
    const paid = { operationId, userId, agentId: agent.id };
    const money = new TrialMoney({ db: pool, clock, ids, logger, whileAway }, paid);
    const run = { operationId, money, agent, runtime, instruction, settings, callbackUrl, signal };
    try {
      return await tryAgent(run, userId, clock, ids);
    } finally {
      place.release();
    }
  }

  /**
   * Shows what a task would begin with, before it is made: of a watched page, what may be watched. In a
   * place, as a person's run takes it. Its failures are returned, not thrown.
   * @throws AppError `agent-not-found`, `invalid-input` for a kind without a preview, `secrets-unreadable`,
   * `unavailable` when it was not started
   */
  async preview(
    userId: string,
    { id, kind, settings }: PreviewInput,
    signal: AbortSignal | undefined,
  ): Promise<AgentPreviewView> {
    const { pool, clock, runtimeFor, room } = this.deps;
    const agent = id === undefined ? null : orThrow(await readAgent(pool, userId, id), 'agent-not-found');
    if (agent !== null && agent.kind !== kind) {
      throw new AppError('invalid-input', `The agent is of kind ${agent.kind}, not ${kind}`);
    }
    const place = await room.forPerson(kind, signal);
    if (place === null) throw new AppError('unavailable', 'The preview was not made: it was stopped before');
    try {
      const config = agent === null ? null : await this.opened(userId, agent);
      const request = { config, settings: withoutMasks(kind, settings), userId, signal };
      return await previewOf(await runtimeFor(kind, userId), request, clock);
    } finally {
      place.release();
    }
  }

  /**
   * The agent is saved, whatever the check says of it, and whether it can be made or not: the watchdog makes
   * it too.
   */
  private async checked(userId: string, saved: StoredAgent): Promise<AgentView> {
    try {
      return await this.checkNow(userId, saved.id, { isThorough: false });
    } catch (error) {
      this.deps.logger.warn({ agentId: saved.id, reason: errorMessage(error) }, 'An agent was not checked');
      return this.view(userId, saved);
    }
  }

  private async view(userId: string, agent: StoredAgent): Promise<AgentView> {
    return agentView(maskAgent(agent), await this.problemOf(userId, agent));
  }

  private async problemOf(userId: string, agent: StoredAgent): Promise<string | null> {
    try {
      const runtime = await this.deps.runtimeFor(agent.kind, userId);
      return runtime.problemOf(await this.opened(userId, agent));
    } catch (error) {
      if (error instanceof AppError && error.code === 'secrets-unreadable') return error.message;
      throw error;
    }
  }

  /**
   * The configuration that an edit asks for, with the stored values of the secrets that it leaves as they
   * are.
   */
  private async given(
    userId: string,
    stored: StoredAgent,
    kind: AgentKind,
    config: Config | undefined,
  ): Promise<Config> {
    // Who gives all secrets anew needs none of those that are stored, which perhaps cannot be opened any
    // more.
    if (config !== undefined && !hasMask(kind, config)) return config;
    const opened = await this.opened(userId, stored);
    return config === undefined ? opened : unmaskConfig(kind, config, opened);
  }

  private opened(userId: string, agent: StoredAgent): Promise<Config> {
    return this.deps.secrets.openAgent(userId, agent);
  }

  private async checkConfig(userId: string, kind: AgentKind, config: Config): Promise<Config> {
    const runtime = await this.deps.runtimeFor(kind, userId);
    return configSchema.parse(runtime.checkConfig(config));
  }
}

type Config = Record<string, unknown>;

/** Every runtime returns an object; anything else is a bug of the runtime. */
const configSchema = z.record(z.string(), z.unknown());
