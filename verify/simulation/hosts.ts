import type { DatabaseConnection } from '@everbeat/database';
import type { Clock, Ids, Logger } from '@everbeat/domain';
import type { Hono } from 'hono';
import { type Env, parseEnv } from '@/env/parseEnv';
import { type Container, createContainer } from '@/server/container/container';
import { startWatchdogTimer } from '@/server/runtime/watchdogTimer';
import { createWorkflowsApp } from '@/server/workflows/app';
import type { SimulatedAgents } from './agents';
import type { Coverage } from './coverage';
import { isInjected } from './faults';
import type { Gate } from './gate';
import { Life } from './life';
import type { SimulatedQueue } from './queue';

export type Mode = 'local' | 'queue';

export interface HostsParts {
  mode: Mode;
  /** How many processes serve the one database. */
  count: number;
  database: DatabaseConnection;
  clock: Clock;
  ids: Ids;
  gate: Gate;
  queue: SimulatedQueue;
  agents: SimulatedAgents;
  coverage: Coverage;
  note(line: string): void;
  /** An error that nobody put there. */
  unexpected(what: string, error: unknown): void;
}

export interface RunningProcess {
  life: Life;
  container: Container;
  workflows: Hono;
}

export interface Answer {
  status: number;
  text: string;
}

const APP_URL = 'http://localhost:3000';

/** The processes that serve the database: each may end, stand still and come back with an empty memory. */
export class Hosts {
  private readonly env: Env;
  private readonly processes: (RunningProcess | null)[];
  private starts = 0;

  constructor(private readonly parts: HostsParts) {
    this.env = envOf(parts.mode);
    this.processes = Array.from({ length: parts.count }, () => null);
  }

  /** Starts a process wherever none runs. */
  startAll(): void {
    for (const index of this.processes.keys()) if (this.processes[index] === null) this.start(index);
  }

  thawAll(): void {
    for (const process of this.processes) process?.life.thaw();
  }

  killAll(): void {
    for (const index of this.processes.keys()) {
      this.processes[index]?.life.die();
      this.processes[index] = null;
    }
  }

  /** A process has ended; another takes its place after a while. */
  replace(life: Life, downSeconds: number): void {
    const index = this.processes.findIndex((process) => process?.life === life);
    if (index < 0) return;
    this.processes[index] = null;
    this.parts.clock.after(downSeconds * 1_000, () => {
      if (this.processes[index] === null) this.start(index);
    });
  }

  /** The processes that could take a request; a frozen one takes it and answers when it thaws. */
  running(): RunningProcess[] {
    return this.processes.filter((process) => process !== null);
  }

  /** A request to this process, and its answer; rejects when the process ends first. */
  request({ life, workflows }: RunningProcess, path: string, body: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      life.onDeath(() => reject(new Error('The connection was reset')));
      const headers = { 'content-type': 'application/json' };
      life.run(() => {
        const answered = async (): Promise<Answer> => {
          const response = await workflows.request(path, { method: 'POST', body, headers });
          return { status: response.status, text: await response.text() };
        };
        answered().then((answer) => life.run(() => resolve(answer)), reject);
      });
    });
  }

  private start(index: number): void {
    const { mode, database, gate, queue, agents, ids } = this.parts;
    this.starts += 1;
    const life = new Life(`process ${this.starts}`);
    const clock = life.clockOf(this.parts.clock, () => gate.crossTimer(life));
    const logger = this.loggerOf(life);
    const container = createContainer({
      ...{ env: this.env, clock, ids, logger },
      database: { ...database, pool: gate.poolOf(life) },
      runtimes: { http: agents.runtimeOf(life, gate, clock) },
      ...(mode === 'queue' && {
        scheduler: queue.schedulerOf(life, gate),
        runQueue: queue.runQueueOf(life, gate),
      }),
    });
    const workflows = createWorkflowsApp({
      ...{ ...container, appUrl: APP_URL, verifier: null, awaitsRuns: mode === 'queue' },
    });
    this.processes[index] = { life, container, workflows };
    this.parts.note(`${life.name} starts`);
    if (mode === 'local') {
      void container.scheduler.start();
      startWatchdogTimer(container);
    }
  }

  private loggerOf(life: Life): Logger {
    const ignore = (): void => undefined;
    const { coverage, unexpected } = this.parts;
    return {
      debug: (fields, message) => {
        if (message === 'A tick was skipped' && 'reason' in fields)
          coverage.count('skip', String(fields.reason));
      },
      info: ignore,
      warn: (fields, message) => {
        if (message !== 'The watchdog mended what was stuck') return;
        for (const [sweep, times] of Object.entries(fields))
          if (times > 0) coverage.count('sweep', sweep, times);
      },
      error: (fields, message) => {
        if (!life.isAlive || !('err' in fields) || isInjected(fields.err)) return;
        unexpected(`${life.name} logged "${message}"`, fields.err);
      },
    };
  }
}

/** The settings of both modes; the watchdog's grace and pace are those of the liveness bound. */
export const WATCHDOG_SECONDS = 240;
export const GRACE_SECONDS = 60;

function envOf(mode: Mode): Env {
  const parsed = parseEnv({
    AGENT_RUNTIME_MODE: mode,
    HEARTBEAT_MIN_SECONDS: '1',
    WATCHDOG_INTERVAL_SECONDS: String(WATCHDOG_SECONDS),
    WATCHDOG_GRACE_SECONDS: String(GRACE_SECONDS),
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
