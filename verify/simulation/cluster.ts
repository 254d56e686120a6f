import type { DatabaseConnection } from '@everbeat/database';
import { type Clock, type Ids, type Logger, perPool } from '@everbeat/domain';
import type { Hono } from 'hono';
import { type Env, parseEnv } from '@/env/parseEnv';
import { type Container, createContainer } from '@/server/container/container';
import { startWatchdogTimer } from '@/server/runtime/watchdogTimer';
import type { TaskFolders } from '@/server/services/taskWatchdog/AbandonedFolders';
import { createWorkflowsApp } from '@/server/workflows/app';
import type { Coverage } from './coverage';
import { isInjected, isInjectedReason } from './faultInjector';
import type { Interleaver } from './interleaver';
import { PLACES } from './places';
import type { SimulatedAgents } from './simulatedAgents';
import type { SimulatedChannels } from './simulatedChannels';
import type { SimulatedModels } from './simulatedModels';
import { SimulatedProcess } from './simulatedProcess';
import type { SimulatedQStash } from './simulatedQStash';
import type { WebhookResponse } from './webhookResponse';

export type Mode = 'local' | 'queue';

export interface ClusterParts {
  mode: Mode;
  /** How many server processes share the database. */
  count: number;
  database: DatabaseConnection;
  clock: Clock;
  ids: Ids;
  interleaver: Interleaver;
  qstash: SimulatedQStash;
  agents: SimulatedAgents;
  models: SimulatedModels;
  channels: SimulatedChannels;
  coverage: Coverage;
  note(line: string): void;
  /** An error that was not injected. */
  unexpected(what: string, error: unknown): void;
}

/** A server process and the services in its memory. */
export interface RunningServer {
  process: SimulatedProcess;
  container: Container;
  workflows: Hono;
}

/** How long a deploy leaves a process that is asked to stop. */
export const STOP_SECONDS = 7;

const APP_URL = 'http://localhost:3000';

/** A look at the real file system takes an unknown time, so a seed would not always give the same history. */
const NO_FOLDERS: TaskFolders = {
  taskIds: async () => [],
  remove: async () => undefined,
  removeTrials: async () => undefined,
  size: async () => ({ bytes: 0, isPartial: false }),
};

/**
 * The server processes that share the database. Each can be killed, frozen, and started again with empty
 * memory.
 */
export class SimulatedCluster {
  private readonly env: Env;
  private readonly servers: (RunningServer | null)[];
  private starts = 0;

  constructor(private readonly parts: ClusterParts) {
    this.env = envOf(parts.mode);
    this.servers = Array.from({ length: parts.count }, () => null);
  }

  /** Starts every server that is not running. */
  startAll(): void {
    for (const index of this.servers.keys()) if (this.servers[index] === null) this.start(index);
  }

  thawAll(): void {
    for (const server of this.servers) if (server !== null) this.thaw(server.process);
  }

  /** A process that goes on still believes what it knew before it stood still: that is a disturbance too. */
  thaw(process: SimulatedProcess): void {
    if (!process.isFrozen) return;
    this.parts.coverage.count('fault', 'goes on after it stood still');
    process.thaw();
  }

  killAll(): void {
    for (const index of this.servers.keys()) {
      this.servers[index]?.process.kill();
      this.servers[index] = null;
    }
  }

  /** Starts a new process in place of one that was killed, after `downSeconds`. */
  restartLater(process: SimulatedProcess, downSeconds: number): void {
    const index = this.servers.findIndex((server) => server?.process === process);
    if (index < 0) return;
    this.servers[index] = null;
    this.parts.clock.after(downSeconds * 1_000, () => {
      if (this.servers[index] === null) this.start(index);
    });
  }

  /**
   * Replaces a server by a new process, as a deploy does: it gets no more requests, is asked to stop, and
   * ends when it has, or when its time is over.
   */
  deploy(choice: number): void {
    const running = this.running();
    const server = running[Math.floor(choice * running.length)];
    if (server === undefined) return;
    const { process, container } = server;
    const index = this.servers.indexOf(server);
    this.servers[index] = null;
    this.parts.note(`${process.name} is asked to stop`);
    this.parts.coverage.count('deploy', 'began');
    const end = (how: string): void => {
      if (!process.isAlive) return;
      this.parts.coverage.count('deploy', how);
      process.kill();
    };
    process.onEnd(() => {
      if (this.servers[index] === null) this.start(index);
    });
    this.parts.clock.after(STOP_SECONDS * 1_000, () => end('out of time'));
    process.run(() => {
      void container.scheduler.stop();
      const stopped = Promise.all([container.runner.stop(), container.deliveries.stop()]);
      void stopped.then(() => process.run(() => end('in time')));
    });
  }

  /** The servers that accept requests. A frozen one accepts them too, and responds once it thaws. */
  running(): RunningServer[] {
    return this.servers.filter((server) => server !== null);
  }

  /** Sends a request to this server. Rejects when its process is killed before it has responded. */
  request({ process, workflows }: RunningServer, path: string, body: string): Promise<WebhookResponse> {
    return new Promise((resolve, reject) => {
      process.onEnd(() => reject(new Error('The connection was reset')));
      const headers = { 'content-type': 'application/json' };
      process.run(() => {
        const respond = async (): Promise<WebhookResponse> => {
          const response = await workflows.request(path, { method: 'POST', body, headers });
          const retryAfter = response.headers.get('retry-after');
          return {
            status: response.status,
            text: await response.text(),
            ...(retryAfter !== null && { retryAfterSeconds: Number(retryAfter) }),
          };
        };
        respond().then((response) => process.run(() => resolve(response)), reject);
      });
    });
  }

  private start(index: number): void {
    const { mode, database, interleaver, qstash, agents, models, channels, ids } = this.parts;
    this.starts += 1;
    const process = new SimulatedProcess(`process ${this.starts}`);
    const clock = process.clockOf(this.parts.clock, () => interleaver.beforeTimer(process));
    const logger = this.loggerOf(process);
    const container = createContainer({
      env: this.env,
      clock,
      ids,
      logger,
      database: { ...database, pool: interleaver.poolOf(process) },
      runtimes: {
        http: agents.runtimeOf(process, interleaver, clock),
        model: models.runtimeOf(process, interleaver, clock),
      },
      sender: channels.senderOf(process, interleaver, clock),
      room: { pools: perPool(() => ({ runsMax: PLACES, runMb: 1 })), totalMb: 1_000 },
      taskFolders: NO_FOLDERS,
      ...(mode === 'queue' && {
        scheduler: qstash.schedulerOf(process, interleaver),
        runQueue: qstash.runQueueOf(process, interleaver),
      }),
    });
    const workflows = createWorkflowsApp({
      ...container,
      appUrl: APP_URL,
      verifier: null,
      awaitsRuns: mode === 'queue',
    });
    this.servers[index] = { process, container, workflows };
    this.parts.note(`${process.name} starts`);
    if (mode === 'local') {
      void container.scheduler.start();
      startWatchdogTimer(container);
    }
  }

  private loggerOf(process: SimulatedProcess): Logger {
    const ignore = (): void => undefined;
    const { coverage, unexpected } = this.parts;
    return {
      debug: (fields, message) => {
        if (message === 'A tick was skipped' && 'reason' in fields)
          coverage.count('skip', String(fields.reason));
      },
      info: ignore,
      warn: (fields, message) => {
        if (message !== 'The watchdog repaired lost work') return;
        for (const [sweep, times] of Object.entries(fields))
          if (times > 0) coverage.count('sweep', sweep, times);
      },
      error: (fields, message) => {
        if (!process.isAlive) return;
        const what = `${process.name} logged "${message}"`;
        if ('err' in fields && !isInjected(fields.err)) unexpected(what, fields.err);
        if ('reason' in fields && !isInjectedReason(String(fields.reason))) unexpected(what, fields.reason);
      },
    };
  }
}

/** The watchdog's interval and grace in both modes. The bounds in `liveness.ts` follow from them. */
export const WATCHDOG_SECONDS = 240;
export const GRACE_SECONDS = 60;
/** For how many days nobody has looked at a task that beats more slowly. */
export const ABSENCE_AFTER_DAYS = 14;

function envOf(mode: Mode): Env {
  const parsed = parseEnv({
    AGENT_RUNTIME_MODE: mode,
    HEARTBEAT_MIN_SECONDS: '1',
    WATCHDOG_INTERVAL_SECONDS: String(WATCHDOG_SECONDS),
    WATCHDOG_GRACE_SECONDS: String(GRACE_SECONDS),
    RUN_SLICE_SECONDS: '60',
    ABSENCE_AFTER_DAYS: String(ABSENCE_AFTER_DAYS),
    // A key file would be read at a pace that no seed decides.
    SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
    ...(mode === 'queue' && {
      APP_URL: 'https://everbeat.example.com',
      DATABASE_URL: 'postgres://localhost/simulation',
      QSTASH_TOKEN: 'token',
      QSTASH_CURRENT_SIGNING_KEY: 'sig_current',
      QSTASH_NEXT_SIGNING_KEY: 'sig_next',
    }),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.env;
}
