import { createHash } from 'node:crypto';
import type { DatabaseConnection } from '@everbeat/database';
import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import { createTestClock, type TestClock } from '@everbeat/testkit';
import { Random } from '../support/random';
import { runCalmPhase } from './calmPhase';
import { type Mode, SimulatedCluster, STOP_SECONDS, WATCHDOG_SECONDS } from './cluster';
import { type Counts, Coverage } from './coverage';
import { emptyDatabase } from './emptyDatabase';
import { FaultInjector } from './faultInjector';
import { editByHand } from './handEdits';
import { HeldRow } from './heldRow';
import { Interleaver } from './interleaver';
import { InvariantChecker } from './invariantChecker';
import { beAway, type MomentParts, meetDeadline } from './moments';
import { createSeededIds } from './seededIds';
import { SimulatedAgents } from './simulatedAgents';
import { THINKS_SECONDS_MAX } from './simulatedAnswers';
import { SimulatedChannels } from './simulatedChannels';
import { SimulatedModels } from './simulatedModels';
import { SimulatedQStash } from './simulatedQStash';
import { addChannels, TASK_RULES, TIMEZONE } from './simulatedRules';
import { type Act, describeStep, drawSteps, type Step } from './steps';
import { UserWorkload } from './userWorkload';
import type { WebhookResponse } from './webhookResponse';

export interface SimulationResult {
  /** The violations in order of their occurrence; empty: the seed passed. */
  violations: string[];
  /** The id of the step after which the first was found; null: none, or only in the calm phase. */
  failedAt: number | null;
  steps: Step[];
  history: string[];
  /** How many lines at the start of `history` are about creating the tasks. */
  setupLines: number;
  /** A hash of the history: the same seed and steps always give the same. */
  hash: string;
  coverage: Counts;
}

/** Runs one seed on `database`, which it empties first. With `only`, all other steps are left out. */
export async function simulate(
  database: DatabaseConnection,
  seed: string,
  only?: ReadonlySet<number>,
): Promise<SimulationResult> {
  await emptyDatabase(database.pool);
  const random = new Random(seed);
  const all = drawSteps(random.fork('steps'));
  const steps = only === undefined ? all : all.filter(({ id }) => only.has(id));
  const simulation = new Simulation(database, seed, random);
  const failedAt = await simulation.run(steps);
  const { violations, history, setupLines, coverage } = simulation;
  const hash = createHash('sha256').update(history.join('\n')).digest('hex').slice(0, 16);
  return { violations, failedAt, steps, history, setupLines, hash, coverage: coverage.counts };
}

const YEARS_AHEAD_MS = 9 * 365 * 86_400_000;

class Simulation {
  readonly violations: string[] = [];
  readonly history: string[] = [];
  readonly coverage = new Coverage();
  setupLines = 0;
  private readonly clock: TestClock = createTestClock();
  private readonly faults = new FaultInjector(this.coverage);
  private readonly qstash: SimulatedQStash;
  private readonly agents: SimulatedAgents;
  private readonly models: SimulatedModels;
  private readonly channels: SimulatedChannels;
  private readonly interleaver: Interleaver;
  private readonly cluster: SimulatedCluster;
  private readonly users: UserWorkload;
  private readonly checker: InvariantChecker;
  private readonly heldRow: HeldRow;
  private readonly agentOf = new Map<string, string>();
  /** Sets the clock back, while it is years ahead. */
  private endOfAhead: (() => void) | null = null;
  /** The latest time that the clock has shown before it was set back. */
  private latestShown = new Date(0);
  /** The generator of the current step, so that a step draws the same numbers whatever steps precede it. */
  private random: Random;

  constructor(
    private readonly database: DatabaseConnection,
    seed: string,
    private readonly seedRandom: Random,
  ) {
    this.random = seedRandom.fork('setup');
    const { clock, faults, coverage } = this;
    const note = (line: string): void => this.note(line);
    const reportViolation = (what: string): void => {
      note(`VIOLATION ${what}`);
      this.violations.push(what);
    };
    const unexpected = (what: string, error: unknown): void =>
      reportViolation(`unexpected: ${what}: ${error instanceof Error ? error.stack : String(error)}`);
    const request = (path: string, body: string): Promise<WebhookResponse> => this.request(path, body);
    this.qstash = new SimulatedQStash({ clock, faults, coverage, note, request });
    this.agents = new SimulatedAgents({
      seed,
      clock,
      reportViolation,
      coverage,
      callBack: async (address, body) => {
        const { pathname, search } = new URL(address);
        const { status, text } = await this.request(`${pathname}${search}`, JSON.stringify(body));
        note(`callback: ${text}`);
        return status;
      },
    });
    this.models = new SimulatedModels({
      seed,
      coverage,
      reportViolation,
      written: (document) => this.users.acknowledged.documents.push(document),
    });
    this.heldRow = new HeldRow({ pool: database.pool, coverage, reportViolation });
    this.channels = new SimulatedChannels({ seed, pool: database.pool, clock, coverage, reportViolation });
    this.interleaver = new Interleaver(database.pool, faults, {
      note,
      crashed: (process, downSeconds) => this.cluster.restartLater(process, downSeconds),
      heldRowMet: (statement) => this.heldRow.met(statement),
      frozen: (process, seconds) => clock.after(seconds * 1_000, () => this.cluster.thaw(process)),
      aroundStatement: (statement, run) => this.checker.aroundStatement(statement, run),
    });
    const mode: Mode = seedRandom.fork('mode').chance(0.2) ? 'local' : 'queue';
    coverage.count('mode', mode);
    const count = seedRandom.fork('hosts').pick([1, 2]);
    // No service knows a process by its name or pid (tests/layout.test.ts), so two servers are always twins.
    coverage.count('cluster', count === 1 ? 'one server' : 'twins');
    this.cluster = new SimulatedCluster({
      mode,
      count,
      database,
      clock,
      coverage,
      note,
      unexpected,
      ids: createSeededIds(seedRandom.fork('ids')),
      interleaver: this.interleaver,
      qstash: this.qstash,
      agents: this.agents,
      models: this.models,
      channels: this.channels,
    });
    this.users = new UserWorkload({
      cluster: this.cluster,
      agentOf: this.agentOf,
      coverage,
      note,
      unexpected,
      reportViolation,
      asked: (deliveryId) => this.channels.askedFor(deliveryId),
      optionsOf: (briefId) => this.channels.optionsOf(briefId),
    });
    this.checker = new InvariantChecker({
      pool: database.pool,
      now: () => clock.now(),
      users: this.users,
      coverage,
      reportViolation,
      callsOfOperation: this.agents.callsOfOperation,
      channels: this.channels,
      latestShown: () => this.latestShown,
    });
    clock.settleWith(() => this.interleaver.drain(this.random));
    if (mode === 'queue') this.scheduleWatchdog();
  }

  /** Takes the steps. Returns the id of the step after which a violation was found, if any. */
  async run(steps: readonly Step[]): Promise<number | null> {
    try {
      await this.setUp();
      this.setupLines = this.history.length;
      for (const step of steps) {
        this.random = this.seedRandom.fork(`step ${step.id}`);
        this.note(describeStep(step));
        const { statements } = this.interleaver;
        await this.take(step);
        await this.heldRow.afterStep();
        if (this.interleaver.statements > statements || step.kind === 'hand-edit') await this.checker.check();
        if (this.violations.length > 0) return step.id;
      }
      await this.heldRow.letGo();
      this.random = this.seedRandom.fork('calm');
      await this.calmDown();
      const { clock, checker, coverage, users, violations } = this;
      const { pool } = this.database;
      await runCalmPhase({ clock, checker, coverage, users, violations, pool });
      return null;
    } finally {
      await this.heldRow.letGo();
      this.cluster.killAll();
      await this.interleaver.abandonTransaction();
    }
  }

  private note(line: string): void {
    this.history.push(`${this.clock.now().toISOString()} ${line}`);
  }

  private async setUp(): Promise<void> {
    const { random } = this;
    const { pool } = this.database;
    const channelsOf = new Map<string, string[]>();
    for (const [index, userId] of ['ada', 'bob', 'cyd'].slice(0, random.int(2, 3)).entries()) {
      const agentId = `00000000-0000-7000-8000-00000000000${index}`;
      this.agentOf.set(userId, agentId);
      // What all tasks of a user share: two servers, and tasks that know nothing of each other, come upon one
      // cap.
      const budget = random.fork(`budget of ${userId}`).chance(0.4) ? { perDayUsd: 0.6 } : {};
      await pool.query(
        'insert into everbeat.users (id, name, email, timezone, budget) values ($1, $1, $1, $2, $3)',
        [userId, TIMEZONE, JSON.stringify(budget)],
      );
      await pool.query(
        `insert into everbeat.agents (id, user_id, name, kind, config) values ($1, $2, 'Agent', $3, '{}')`,
        [agentId, userId, userId === 'bob' ? 'model' : 'http'],
      );
      const of = { userId, place: index, now: this.clock.now() };
      channelsOf.set(userId, await addChannels(pool, of, random.fork(`channels of ${userId}`)));
    }
    this.cluster.startAll();
    const [process] = this.cluster.running();
    if (process === undefined) throw new Error('No process has started');
    const { tasks, channels } = process.container;
    const last = new Map<string, string>();
    for (let count = random.int(5, 15); count > 0; count -= 1) {
      const userId = random.pick([...this.agentOf.keys()]);
      const former = last.get(userId);
      const isSubtask = former !== undefined && random.chance(0.25);
      const input = this.users.drawTask(userId, random);
      const { id } = await this.finish(
        tasks.create(userId, isSubtask ? { ...input, automationMode: null, parentTaskId: former } : input),
      );
      if (former !== undefined && !isSubtask && random.chance(0.2)) {
        await this.finish(tasks.addDependency(userId, id, former));
      }
      last.set(userId, id);
      const rules = random.fork(`rules ${count}`);
      if (rules.chance(0.7)) continue;
      const channelId = rules.pick(channelsOf.get(userId) ?? []);
      await this.finish(channels.setForTask(userId, { task: id, channelId, rules: rules.pick(TASK_RULES) }));
    }
    await this.checker.check();
  }

  private async finish<Result>(work: Promise<Result>): Promise<Result> {
    await this.interleaver.drain(this.random);
    return work;
  }

  private async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'wait':
        return this.clock.advance(step.seconds * 1_000);
      case 'clock':
        this.coverage.count('clock', step.seconds > 0 ? 'forwards' : 'backwards');
        return this.moveClock(step.seconds * 1_000);
      case 'deploy':
        this.cluster.deploy(step.choice);
        return this.clock.advance(0);
      case 'clock-ahead':
        return this.setAhead(step.seconds);
      case 'outage':
        return this.agents.takeAway(step.seconds);
      case 'hand-edit': {
        const { pool } = this.database;
        const { coverage, checker } = this;
        const now = this.clock.now();
        // Whoever edits by hand would wait for the rows that the other session holds.
        await this.heldRow.letGo();
        const orphanIds = await editByHand({ pool, snapshot: checker.snapshot, coverage }, { ...step, now });
        for (const id of orphanIds) checker.orphanIds.add(id);
        return;
      }
      case 'weeks-away':
        await this.heldRow.letGo();
        return beAway(this.momentParts(), step);
      case 'deadline':
        return meetDeadline(this.momentParts(), step);
      case 'held-row': {
        const taskId = HeldRow.pick(this.checker.snapshot, step.what, step.target);
        if (taskId !== undefined) await this.heldRow.take(step.what, taskId, step.steps);
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

  private setAhead(seconds: number): void {
    if (this.endOfAhead !== null) return;
    this.coverage.count('clock', 'years ahead');
    this.moveClock(YEARS_AHEAD_MS);
    const end = () => {
      cancel();
      this.endOfAhead = null;
      this.coverage.count('clock', 'right again');
      this.moveClock(-YEARS_AHEAD_MS);
    };
    const cancel = this.clock.after(seconds * 1_000, end);
    this.endOfAhead = end;
  }

  private moveClock(ms: number): void {
    const now = this.clock.now();
    if (now > this.latestShown) this.latestShown = now;
    this.clock.set(new Date(now.getTime() + ms));
  }

  private begin({ what, ...act }: Act): void {
    if (what === 'redeliver') this.qstash.redeliver(act.choice);
    else if (what === 'sweep') void this.request(WEBHOOK_PATHS.watchdog, '{}').catch(() => null);
    else {
      const { snapshot } = this.checker;
      this.users.begin({ what, ...act }, { snapshot, random: this.random });
    }
  }

  private momentParts(): MomentParts {
    const { clock, coverage, checker, users, random, database } = this;
    const sweep = (): void => this.begin({ what: 'sweep', target: 0, choice: 0 });
    return { pool: database.pool, clock, coverage, checker, users, random, sweep };
  }

  private async request(path: string, body: string): Promise<WebhookResponse> {
    const running = this.cluster.running();
    if (running.length === 0) throw new Error('The connection was refused');
    return this.cluster.request(this.random.pick(running), path, body);
  }

  /** The QStash schedule of the watchdog. */
  private scheduleWatchdog(): void {
    this.clock.after(WATCHDOG_SECONDS * 1_000, () => {
      this.qstash.send(WEBHOOK_PATHS.watchdog, {});
      this.scheduleWatchdog();
    });
  }

  /** Stops the faults: from now on, everything under way must end. */
  private async calmDown(): Promise<void> {
    this.note('calm');
    this.endOfAhead?.();
    this.faults.clear();
    this.agents.isCalm = true;
    this.models.isCalm = true;
    this.channels.isCalm = true;
    this.cluster.thawAll();
    this.cluster.startAll();
    this.qstash.releaseHeld();
    // A process that was asked to stop while it stood still is killed when its time is over, and a user who
    // thinks about an answer comes to an end.
    await this.clock.advance(Math.max(STOP_SECONDS, THINKS_SECONDS_MAX + 1) * 1_000);
    await this.checker.check();
    // Else the beats that are put off, up to a day, would have to be waited for.
    const [server] = this.cluster.running();
    if (server === undefined) return;
    await this.finish(this.users.comeBack(server, this.checker.snapshot));
    await this.checker.check();
    this.checker.checkAllLookedAt();
  }
}
