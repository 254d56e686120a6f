import {
  countAttention,
  countTasks,
  isWritable,
  readLastWatchdogRun,
  readRecentDays,
  readRecentRuns,
  readStorageRecord,
  type TaskCounts,
} from '@everbeat/database';
import {
  type Clock,
  type CommandSandboxView,
  cureLink,
  DAY_MS,
  parseStorageRecord,
  type RecentDaysView,
  type StoredAgent,
  type SystemOverviewView,
  type SystemStatusView,
  sleep,
  toStorageView,
} from '@everbeat/domain';
import type { TaskScheduler } from '@everbeat/scheduler';
import type { Pool } from 'pg';
import type { ActivityFeed } from '../feed/ActivityFeed';
import type { ModelsService } from '../models/ModelsService';
import type { ReadinessService } from '../readiness/ReadinessService';
import type { SecretsService } from '../secrets/SecretsService';
import { wrongPasswords } from './wrongPasswords';

/** The part of the status that changes while the process runs. */
type Changing =
  | keyof TaskCounts
  | 'commandSandbox'
  | 'lastWatchdogRun'
  | 'liveStreams'
  | 'modelConfigured'
  | 'secrets'
  | 'storage'
  | 'wrongPasswords';

/** The part of the status that does not. */
export type SystemFacts = Omit<SystemStatusView, Changing>;

export interface SystemServiceDeps {
  pool: Pool;
  clock: Clock;
  scheduler: Pick<TaskScheduler, 'check'>;
  feed: Pick<ActivityFeed, 'streams'>;
  /** Null where no commands are run. */
  commandSandbox: () => Promise<CommandSandboxView | null>;
  secrets: Pick<SecretsService, 'view'>;
  models: Pick<ModelsService, 'isConfigured'>;
  readiness: Pick<ReadinessService, 'notReady'>;
  facts: SystemFacts;
}

const agentNotReadyView = ({ id, name, checkVerdict, checkProblem, checkCure }: StoredAgent) => ({
  id,
  name,
  verdict: checkVerdict,
  problem: checkProblem,
  cure: checkCure && cureLink(checkCure, { agentId: id, identifier: null }),
});

type PartState = 'ok' | 'unavailable';
/** `not-writable`: it answers, but it is read-only or its disk is full. */
type DatabaseState = PartState | 'not-writable';

export interface Readiness {
  database: DatabaseState;
  scheduler: PartState;
}

const CHECK_LIMIT_MS = 3_000;
/** How long a response of the scheduler stands, and how long its absence. */
const SCHEDULER_OK_MS = 30_000;
const SCHEDULER_FAILED_MS = 5_000;

/** The state of the installation. */
export class SystemService {
  private schedulerCheck: { untilMs: number; result: Promise<unknown> } | null = null;

  constructor(private readonly deps: SystemServiceDeps) {}

  async status(userId: string): Promise<SystemStatusView> {
    const { pool, clock, feed, facts, commandSandbox, secrets, models } = this.deps;
    const [counts, lastWatchdogRun, storage, sandbox, secretsView, modelConfigured] = await Promise.all([
      countTasks(pool, userId, clock.now()),
      readLastWatchdogRun(pool),
      readStorageRecord(pool),
      commandSandbox(),
      secrets.view(userId),
      models.isConfigured(userId),
    ]);
    const measured = parseStorageRecord(storage);
    return {
      ...facts,
      ...counts,
      lastWatchdogRun,
      commandSandbox: sandbox,
      secrets: secretsView,
      modelConfigured,
      liveStreams: feed.streams,
      wrongPasswords: wrongPasswords(),
      storage: measured === null ? null : toStorageView(measured),
    };
  }

  /** What a person must act on, and how the last day went. */
  async overview(userId: string): Promise<SystemOverviewView> {
    const { pool, clock, readiness } = this.deps;
    const [attention, lastDay, notReady] = await Promise.all([
      countAttention(pool, userId),
      readRecentRuns(pool, userId, new Date(clock.now().getTime() - DAY_MS)),
      readiness.notReady(userId),
    ]);
    return { attention, lastDay, agentsNotReady: notReady.map(agentNotReadyView) };
  }

  /** How the runs of the last 30 days ended. */
  recentDays(userId: string): Promise<RecentDaysView> {
    return readRecentDays(this.deps.pool, userId, this.deps.clock.now());
  }

  /**
   * Anyone may ask whether the server is ready, so one response of the scheduler stands for a while: with
   * QStash, each check is a request to it.
   */
  private checkScheduler(): Promise<unknown> {
    const nowMs = this.deps.clock.now().getTime();
    if (this.schedulerCheck === null || nowMs >= this.schedulerCheck.untilMs) {
      const check = { untilMs: nowMs + SCHEDULER_FAILED_MS, result: this.deps.scheduler.check() };
      const extend = () => {
        check.untilMs = nowMs + SCHEDULER_OK_MS;
      };
      check.result.then(extend, () => undefined);
      this.schedulerCheck = check;
    }
    return this.schedulerCheck.result;
  }

  /**
   * Whether the database takes writes and the scheduler responds, within `CHECK_LIMIT_MS`. Never throws.
   */
  async readiness(): Promise<Readiness> {
    const { pool, clock } = this.deps;
    const [database, schedulerState] = await Promise.all([
      this.stateOf<DatabaseState>(
        isWritable(pool, clock.now()).then((isOk) => (isOk ? 'ok' : 'not-writable')),
      ),
      this.stateOf<PartState>(this.checkScheduler().then(() => 'ok')),
    ]);
    return { database, scheduler: schedulerState };
  }

  private async stateOf<State extends DatabaseState>(check: Promise<State>): Promise<State | 'unavailable'> {
    const done = new AbortController();
    const timeout = sleep(this.deps.clock, CHECK_LIMIT_MS, done.signal).then(() => 'unavailable' as const);
    const state = await Promise.race([check, timeout]).catch(() => 'unavailable' as const);
    done.abort();
    return state;
  }
}
