import { agentKinds } from '@everbeat/agents';
import {
  type AgentConfigRow,
  noteSealFrom,
  postponeSealing,
  type Queryable,
  readAgentConfigs,
  readSealedTaskConfigs,
  readSealingKeyIds,
  replaceConfig,
  type TaskConfigRow,
} from '@everbeat/database';
import {
  AGENT_KINDS,
  type Clock,
  errorMessage,
  LIMITS,
  type Logger,
  parseTaskConfig,
} from '@everbeat/domain';
import { sealedBy } from '@everbeat/vault';
import { KEY_REMEDY, type Keys } from './keys';
import { resealOthers } from './resealOthers';
import type { SecretsService } from './SecretsService';
import { secretTextsOf } from './secretTexts';

export interface SecretsSweepDeps {
  db: Queryable;
  clock: Clock;
  logger: Logger;
  keys: Keys;
  secrets: SecretsService;
}

/** Servers of older versions end within this time after the first of this version has started. */
const OLDER_SERVERS_SECONDS = 900;

/**
 * Seals what was stored before secrets were encrypted, and what is sealed with a former key, with the present
 * one. It looks at all agents, and all tasks with secrets, once in the life of a process, some of them in
 * each pass of the watchdog. A row that somebody changes meanwhile is left alone: whoever writes it seals it.
 * So several servers may do this at once, and one that dies in between leaves nothing half done.
 */
export class SecretsSweep {
  private after: string | null = null;
  private isDone = false;
  private taskAfter: string | null = null;
  private areTasksDone = false;

  constructor(private readonly deps: SecretsSweepDeps) {}

  /**
   * Before this server serves.
   * @throws Error with a sentence, when secrets are stored that this server could neither open nor encrypt
   */
  async begin(): Promise<void> {
    const { db, clock, keys } = this.deps;
    const now = clock.now();
    await noteSealFrom(db, { now, from: afterOlderServers(now) });
    if (keys.source.kind === 'none' && (await this.hasSecrets()))
      throw new Error(`SECRETS_KEY is needed, because secrets are stored. ${KEY_REMEDY}`);
  }

  /** Returns how many rows were sealed. Never rejects: what fails is tried again in the next pass. */
  async sweep(): Promise<number> {
    if (this.isDone && this.areTasksDone) return 0;
    try {
      const agents = !this.isDone && (await this.isTime()) ? await this.sealSome() : 0;
      return agents + (await this.resealSomeTasks());
    } catch (error) {
      this.deps.logger.warn(
        { reason: errorMessage(error) },
        'Stored secrets could not be encrypted; tried again',
      );
      return 0;
    }
  }

  /** An older server that still works puts off the time at which sealing begins. */
  private async isTime(): Promise<boolean> {
    const { db, clock, secrets } = this.deps;
    const now = clock.now();
    await postponeSealing(db, { now, from: afterOlderServers(now) });
    return secrets.maySealAgents();
  }

  private async sealSome(): Promise<number> {
    const { db, logger } = this.deps;
    let sealed = 0;
    let isLast = false;
    for (let batch = 0; batch < LIMITS.watchdogBatchesMax && !isLast; batch += 1) {
      const rows = await readAgentConfigs(db, this.after, LIMITS.watchdogBatchRows);
      for (const row of rows) if (await this.reseal(row)) sealed += 1;
      this.after = rows.at(-1)?.id ?? this.after;
      isLast = rows.length < LIMITS.watchdogBatchRows;
    }
    if (isLast) await resealOthers(this.deps);
    this.isDone = isLast;
    if (sealed > 0)
      logger.info({ agents: sealed }, 'Stored secrets of agents were encrypted with the present key');
    return sealed;
  }

  /** Secrets of tasks were sealed from the first on; a key may have followed another. */
  private async resealSomeTasks(): Promise<number> {
    const { db, logger } = this.deps;
    let sealed = 0;
    for (let batch = 0; batch < LIMITS.watchdogBatchesMax && !this.areTasksDone; batch += 1) {
      const rows = await readSealedTaskConfigs(db, this.taskAfter, LIMITS.watchdogBatchRows);
      for (const row of rows) if (await this.resealTask(row)) sealed += 1;
      this.taskAfter = rows.at(-1)?.id ?? this.taskAfter;
      this.areTasksDone = rows.length < LIMITS.watchdogBatchRows;
    }
    if (sealed > 0)
      logger.info({ tasks: sealed }, 'Stored secrets of tasks were encrypted with the present key');
    return sealed;
  }

  private async resealTask({ id, userId, config }: TaskConfigRow): Promise<boolean> {
    const { db, keys, logger, secrets } = this.deps;
    const keyId = (await keys.find())?.keyId;
    const stored = parseTaskConfig(config);
    const texts = AGENT_KINDS.flatMap((kind) =>
      secretTextsOf(stored[kind] ?? {}, agentKinds[kind].secretFields),
    );
    if (texts.every((text) => sealedBy(text) === keyId)) return false;
    try {
      const opened = await secrets.openTask(userId, id, stored);
      const to = { ...config, ...(await secrets.sealTask(userId, id, opened)) };
      return await replaceConfig(db, 'tasks', { id, from: config, to });
    } catch (error) {
      logger.warn(
        { taskId: id, reason: errorMessage(error) },
        'Secrets of a task could not be encrypted anew',
      );
      return false;
    }
  }

  private async hasSecrets(): Promise<boolean> {
    let after: string | null = null;
    if ((await readSealingKeyIds(this.deps.db, null)).length > 0) return true;
    for (;;) {
      const rows: AgentConfigRow[] = await readAgentConfigs(this.deps.db, after, LIMITS.watchdogBatchRows);
      if (rows.some((row) => secretTextsOf(row.config, agentKinds[row.kind].secretFields).length > 0))
        return true;
      const last = rows.at(-1);
      if (last === undefined || rows.length < LIMITS.watchdogBatchRows) return false;
      after = last.id;
    }
  }

  private async reseal(agent: AgentConfigRow): Promise<boolean> {
    const { db, keys, logger, secrets } = this.deps;
    const { id, userId, kind, config } = agent;
    const keyId = (await keys.find())?.keyId;
    if (secretTextsOf(config, agentKinds[kind].secretFields).every((text) => sealedBy(text) === keyId))
      return false;
    try {
      const opened = { ...agent, config: await secrets.openAgent(userId, agent) };
      const to = await secrets.sealAgent(userId, opened);
      return await replaceConfig(db, 'agents', { id, from: config, to });
    } catch (error) {
      logger.warn(
        { agentId: id, reason: errorMessage(error) },
        'Secrets of an agent could not be encrypted anew',
      );
      return false;
    }
  }
}

const afterOlderServers = (now: Date): Date => new Date(now.getTime() + OLDER_SERVERS_SECONDS * 1_000);
