import { createHash } from 'node:crypto';
import type { DatabaseConnection } from '@everbeat/database';
import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import { createTestClock, type TestClock } from '@everbeat/testkit';
import type pg from 'pg';
import { Random } from '../support/random';
import { SimulatedAgents } from './agents';
import { type Counts, Coverage } from './coverage';
import { FaultPlan } from './faults';
import { Gate } from './gate';
import { editByHand } from './handEdits';
import { type Answer, Hosts, type Mode, WATCHDOG_SECONDS } from './hosts';
import { CALM_HORIZON_SECONDS, expectLiveness } from './liveness';
import { Observer } from './observer';
import { People } from './people';
import { SimulatedQueue } from './queue';
import { createSeededIds } from './seededIds';
import { type Act, describeStep, drawSteps, type Step } from './steps';

export interface SimulationResult {
  /** What was broken, the first of it first; empty: the seed passed. */
  breaches: string[];
  /** The id of the step after which it showed; null: none, or only when all had become calm. */
  failedAt: number | null;
  steps: Step[];
  history: string[];
  /** How many lines of it tell how the tasks came to be, before the first step. */
  setupLines: number;
  /** Of the whole history: the same seed and steps give the same. */
  hash: string;
  coverage: Counts;
}

const CALM_CHUNK_SECONDS = 60;

/**
 * Plays the history of one seed over `database`, which it empties first. With `only`, the steps of other ids are left
 * out.
 */
export async function simulate(
  database: DatabaseConnection,
  seed: string,
  only?: ReadonlySet<number>,
): Promise<SimulationResult> {
  await empty(database.pool);
  const random = new Random(seed);
  const all = drawSteps(random.fork('steps'));
  const steps = only === undefined ? all : all.filter(({ id }) => only.has(id));
  const simulation = new Simulation(database, seed, random);
  const failedAt = await simulation.play(steps);
  const { breaches, history, setupLines, coverage } = simulation;
  const hash = createHash('sha256').update(history.join('\n')).digest('hex').slice(0, 16);
  return { breaches, failedAt, steps, history, setupLines, hash, coverage: coverage.counts };
}

/** Now and then the indexes are made small again too. */
const TRUNCATE_EVERY = 100;
const emptied = new WeakMap<pg.Pool, number>();

/**
 * Leaves tables without a page, whatever was there before: where rows lie decides the order of those that a statement need not
 * sort. To delete and vacuum costs a fraction of what `truncate` does.
 */
async function empty(pool: pg.Pool): Promise<void> {
  const times = emptied.get(pool) ?? 0;
  emptied.set(pool, times + 1);
  if (times % TRUNCATE_EVERY === 0) {
    await pool.query('truncate users, system_state, task_activities cascade');
    return;
  }
  await pool.query('delete from users; delete from task_activities; delete from system_state');
  await pool.query(`vacuum (index_cleanup on, truncate on) users, agents, tasks, task_dependencies, task_comments,
    task_memories, topics, messages, operations, task_ticks, briefs, task_activities, system_state`);
}

class Simulation {
  readonly breaches: string[] = [];
  readonly history: string[] = [];
  readonly coverage = new Coverage();
  setupLines = 0;
  private readonly clock: TestClock = createTestClock();
  private readonly faults = new FaultPlan(this.coverage);
  private readonly queue: SimulatedQueue;
  private readonly agents: SimulatedAgents;
  private readonly gate: Gate;
  private readonly hosts: Hosts;
  private readonly people: People;
  private readonly observer: Observer;
  private readonly agentOf = new Map<string, string>();
  /** What is drawn while a step is under way follows from the seed and that step. */
  private drawn: Random;

  constructor(
    private readonly database: DatabaseConnection,
    seed: string,
    private readonly random: Random,
  ) {
    this.drawn = random.fork('setup');
    const { clock, faults, coverage } = this;
    const note = (line: string): void => this.note(line);
    const breach = (what: string): void => {
      note(`BREACH ${what}`);
      this.breaches.push(what);
    };
    const unexpected = (what: string, error: unknown): void =>
      breach(`unexpected: ${what}: ${error instanceof Error ? error.stack : String(error)}`);
    const request = (path: string, body: string): Promise<Answer> => this.request(path, body);
    this.queue = new SimulatedQueue({ clock, faults, coverage, note, request });
    this.agents = new SimulatedAgents({
      seed,
      clock,
      callBack: async (address, body) => {
        const { pathname, search } = new URL(address);
        const { status, text } = await this.request(`${pathname}${search}`, JSON.stringify(body));
        note(`callback: ${text}`);
        return status;
      },
    });
    this.gate = new Gate(database.pool, faults, {
      note,
      crashed: (life, downSeconds) => this.hosts.replace(life, downSeconds),
      frozen: (life, seconds) => clock.after(seconds * 1_000, () => life.thaw()),
      aroundStatement: (statement, run) => {
        if (statement.name !== 'everbeat_claim') return run();
        const [requests, now] = (statement.values ?? []).map(String);
        return this.observer.aroundClaim({ requests: requests ?? '', now: now ?? '' }, run);
      },
    });
    const mode: Mode = random.fork('mode').chance(0.2) ? 'local' : 'queue';
    coverage.count('mode', mode);
    this.hosts = new Hosts({
      ...{ mode, count: random.fork('hosts').pick([1, 2]), database, clock, coverage, note, unexpected },
      ...{
        ids: createSeededIds(random.fork('ids')),
        gate: this.gate,
        queue: this.queue,
        agents: this.agents,
      },
    });
    this.people = new People({
      hosts: this.hosts,
      agentOf: this.agentOf,
      coverage,
      note,
      unexpected,
      breach,
    });
    this.observer = new Observer({
      ...{ pool: database.pool, now: () => clock.now(), people: this.people, coverage, breach },
      callsOfOperation: this.agents.callsOfOperation,
    });
    clock.settleWith(() => this.gate.drain(this.drawn));
    if (mode === 'queue') this.callWatchdog();
  }

  /** Answers the id of the step after which a breach showed. */
  async play(steps: readonly Step[]): Promise<number | null> {
    try {
      await this.setUp();
      this.setupLines = this.history.length;
      for (const step of steps) {
        this.drawn = this.random.fork(`step ${step.id}`);
        this.note(describeStep(step));
        const { statements } = this.gate;
        await this.take(step);
        if (this.gate.statements > statements || step.kind === 'hand-edit') await this.observer.look();
        if (this.breaches.length > 0) return step.id;
      }
      this.drawn = this.random.fork('calm');
      await this.becomeCalm();
      return null;
    } finally {
      this.hosts.killAll();
      await this.gate.abandonTransaction();
    }
  }

  private note(line: string): void {
    this.history.push(`${this.clock.now().toISOString()} ${line}`);
  }

  private async setUp(): Promise<void> {
    const { drawn } = this;
    const { pool } = this.database;
    for (const [index, userId] of ['ada', 'bob', 'cyd'].slice(0, drawn.int(2, 3)).entries()) {
      const agentId = `00000000-0000-7000-8000-00000000000${index}`;
      this.agentOf.set(userId, agentId);
      await pool.query('insert into users (id, name, email) values ($1, $1, $1)', [userId]);
      await pool.query(
        `insert into agents (id, user_id, name, kind, config) values ($1, $2, 'Agent', 'http', '{}')`,
        [agentId, userId],
      );
    }
    this.hosts.startAll();
    const [process] = this.hosts.running();
    if (process === undefined) throw new Error('No process has started');
    const { tasks } = process.container;
    const last = new Map<string, string>();
    for (let count = drawn.int(5, 15); count > 0; count -= 1) {
      const userId = drawn.pick([...this.agentOf.keys()]);
      const former = last.get(userId);
      const isSubtask = former !== undefined && drawn.chance(0.25);
      const input = this.people.drawTask(userId, drawn);
      const { id } = await this.finish(
        tasks.create(userId, isSubtask ? { ...input, automationMode: null, parentTaskId: former } : input),
      );
      if (former !== undefined && !isSubtask && drawn.chance(0.2)) {
        await this.finish(tasks.addDependency(userId, id, former));
      }
      last.set(userId, id);
    }
    await this.observer.look();
  }

  private async finish<Result>(work: Promise<Result>): Promise<Result> {
    await this.gate.drain(this.drawn);
    return work;
  }

  private async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'wait':
        return this.clock.advance(step.seconds * 1_000);
      case 'clock':
        this.coverage.count('clock', step.seconds > 0 ? 'forwards' : 'backwards');
        return this.clock.set(new Date(this.clock.now().getTime() + step.seconds * 1_000));
      case 'hand-edit': {
        const { pool } = this.database;
        const { coverage, observer } = this;
        const now = this.clock.now();
        const orphanId = await editByHand({ pool, snapshot: observer.last, coverage }, { ...step, now });
        if (orphanId !== null) observer.orphanIds.add(orphanId);
        return;
      }
      case 'call-fault':
        return this.faults.addCallFault(step.fault);
      case 'delivery-fault':
        return this.faults.addDeliveryFault(step.fault);
      case 'acts':
        for (const act of step.acts) this.begin(act);
        return this.clock.advance(0);
    }
  }

  private begin({ what, ...act }: Act): void {
    if (what === 'redeliver') this.queue.redeliver(act.choice);
    else if (what === 'sweep') void this.request(WEBHOOK_PATHS.watchdog, '{}').catch(() => null);
    else this.people.begin({ what, ...act }, this.observer.last, this.drawn);
  }

  private async request(path: string, body: string): Promise<Answer> {
    const running = this.hosts.running();
    if (running.length === 0) throw new Error('The connection was refused');
    return this.hosts.request(this.drawn.pick(running), path, body);
  }

  /** The schedule of the queue. */
  private callWatchdog(): void {
    this.clock.after(WATCHDOG_SECONDS * 1_000, () => {
      this.queue.send(WEBHOOK_PATHS.watchdog, {});
      this.callWatchdog();
    });
  }

  /** Faults stop, time goes on: all that was under way must come to its end within its bound. */
  private async becomeCalm(): Promise<void> {
    this.note('calm');
    this.faults.clear();
    this.agents.isCalm = true;
    this.hosts.thawAll();
    this.hosts.startAll();
    this.queue.releaseHeld();
    await this.clock.advance(0);
    await this.observer.look();
    let open = expectLiveness(this.observer, this.clock.now().getTime());
    while (open.length > 0 && this.breaches.length === 0) {
      await this.clock.advance(CALM_CHUNK_SECONDS * 1_000);
      await this.observer.look();
      const nowMs = this.clock.now().getTime();
      open = open.filter((expectation) => !expectation.isMet(this.observer));
      for (const { what, deadlineMs } of open) if (nowMs > deadlineMs) this.breaches.push(what);
    }
    await this.observer.look(CALM_HORIZON_SECONDS);
    for (const { what, userId } of this.people.deeds)
      this.breaches.push(`9: ${userId}'s ${what} was never answered`);
  }
}
