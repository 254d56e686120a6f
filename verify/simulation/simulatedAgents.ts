import type { AgentOutcome, AgentRequest, AgentRuntime, ReviewFinding } from '@everbeat/agents';
import { type Clock, errorMessage } from '@everbeat/domain';
import { Random } from '../support/random';
import type { Coverage } from './coverage';
import type { Interleaver } from './interleaver';
import { PLACES } from './places';
import type { SimulatedProcess } from './simulatedProcess';
import { away, done, drawFailure, drawReport, failed } from './simulatedReports';

export interface AgentsParts {
  seed: string;
  clock: Clock;
  coverage: Coverage;
  /** Sends a callback to the cluster, as an agent does. Resolves with the HTTP status. */
  callBack(url: string, body: object): Promise<number>;
  reportViolation(what: string): void;
}

/** How many runs of people a process may have beyond its places. */
const RESERVE = 4;

type Work =
  /** `isDeaf`: it does not stop when it is asked to. */
  | { kind: 'report'; seconds: number; outcome: AgentOutcome; isDeaf?: boolean }
  | { kind: 'accept'; seconds: number; answer: object; times: number };

/** After this time the runtime gives up on an agent that does not respond. */
const HANG_SECONDS = 400;
const ACCEPTED_SECONDS = 240;
const CALLBACK_RETRY_SECONDS = 20;
const CALLBACK_TRIES = 5;

/** The agents behind all servers. What an agent does in the n-th run of a task is determined by the seed. */
export class SimulatedAgents {
  /** How many times each operation has called its agent. */
  readonly callsOfOperation = new Map<string, number>();
  /** Once set, every run succeeds after one second. */
  isCalm = false;
  /** Until then nobody answers: the far side of every agent is away. */
  private awayUntilMs = 0;
  private readonly runsOfTask = new Map<string, number>();

  constructor(private readonly parts: AgentsParts) {}

  runtimeOf(process: SimulatedProcess, interleaver: Interleaver, clock: Clock): AgentRuntime {
    let runs = 0;
    let ticks = 0;
    const work = async (request: AgentRequest): Promise<AgentOutcome> => {
      const { random, plan } = this.drawRun(request);
      try {
        if (random.chance(0.15)) await request.prompt();
      } catch (error) {
        return failed('agent_failed', errorMessage(error));
      }
      if (request.signal.aborted) return { kind: 'canceled' };
      await interleaver.call(process, 'agent', `agent of ${request.taskIdentifier}`, async () =>
        this.countCall(request),
      );
      if (random.chance(0.2)) request.emit({ role: 'assistant', content: 'Under way' });
      if (plan.kind === 'accept') return this.acceptJob(request, plan);
      const { seconds, outcome, isDeaf } = plan;
      return new Promise((resolve) => {
        clock.after(seconds * 1_000, () => resolve(outcome));
        if (isDeaf) return;
        request.signal.addEventListener('abort', () => resolve({ kind: 'canceled' }), { once: true });
        if (request.signal.aborted) resolve({ kind: 'canceled' });
      });
    };
    // A person's run may begin before that of a tick which had taken its place earlier, so what a tick finds
    // when its agent begins says nothing. How many of each kind there are does.
    const run = async (request: AgentRequest): Promise<AgentOutcome> => {
      const isTick = request.trigger !== 'manual';
      runs += 1;
      if (isTick) ticks += 1;
      if (ticks > PLACES || runs > PLACES + RESERVE)
        this.parts.reportViolation(`room: ${runs} runs of a process, ${ticks} of them by ticks`);
      return work(request).finally(() => {
        runs -= 1;
        if (isTick) ticks -= 1;
      });
    };
    return { kind: 'http', checkConfig: (config) => config, problemOf: () => null, run };
  }

  /** Takes the far side of all agents away for so long. */
  takeAway(seconds: number): void {
    this.awayUntilMs = this.parts.clock.now().getTime() + seconds * 1_000;
  }

  private countCall({ operationId }: AgentRequest): void {
    this.callsOfOperation.set(operationId, (this.callsOfOperation.get(operationId) ?? 0) + 1);
  }

  private drawRun(request: AgentRequest): { plan: Work; random: Random } {
    const { userId, taskIdentifier } = request;
    const task = `${userId} ${taskIdentifier}`;
    const run = (this.runsOfTask.get(task) ?? 0) + 1;
    this.runsOfTask.set(task, run);
    const random = new Random(`${this.parts.seed}/agent/${task}/${run}`);
    const calm = request.review === undefined ? {} : { verdict: PASSED };
    if (this.isCalm) return { random, plan: { kind: 'report', seconds: 1, outcome: done(random, calm) } };
    if (this.parts.clock.now().getTime() < this.awayUntilMs) {
      this.parts.coverage.count('agents', 'away');
      return { random, plan: { kind: 'report', seconds: random.int(0, 10), outcome: away('the-host') } };
    }
    const isUnhealthy = new Random(`${this.parts.seed}/health/${task}`).chance(0.3);
    if (request.review !== undefined) return { random, plan: this.drawReview(random) };
    return { random, plan: drawWork(random, isUnhealthy) };
  }

  /** A reviewer judges the work, or breaks: it gives no verdict, contradicts itself, fails, or never ends. */
  private drawReview(random: Random): Work {
    const kind = random.weighted([
      [12, 'judges'],
      [2, 'says nothing'],
      [2, 'contradicts itself'],
      [2, 'fails'],
      [1, 'hangs'],
      [2, 'accepts'],
    ] as const);
    this.parts.coverage.count('reviewer', kind);
    return reviewOf(kind, random);
  }

  /** The agent responds with 202 and calls back later: in time or too late, never, once or twice. */
  private acceptJob(request: AgentRequest, work: Extract<Work, { kind: 'accept' }>): AgentOutcome {
    const report = async (triesLeft: number): Promise<void> => {
      const status = await this.parts.callBack(request.callbackUrl, work.answer).catch(() => 0);
      const isAccepted = status >= 200 && status < 500 && status !== 0;
      if (isAccepted || triesLeft === 0) return;
      this.parts.clock.after(CALLBACK_RETRY_SECONDS * 1_000, () => void report(triesLeft - 1));
    };
    for (let time = 0; time < work.times; time += 1) {
      this.parts.clock.after(work.seconds * 1_000, () => void report(CALLBACK_TRIES));
    }
    return { kind: 'accepted', timeoutSeconds: ACCEPTED_SECONDS };
  }
}

function drawWork(random: Random, isUnhealthy: boolean): Work {
  const seconds = random.weighted([
    [5, 0],
    [5, random.int(1, 10)],
    [3, random.int(20, 200)],
  ]);
  const kind = random.weighted([
    [isUnhealthy ? 2 : 14, 'done'],
    [isUnhealthy ? 10 : 2, 'error'],
    [1, 'hang'],
    [3, 'accept'],
  ] as const);
  switch (kind) {
    case 'done':
      return { kind: 'report', seconds, outcome: done(random, drawReport(random)) };
    case 'error':
      return { kind: 'report', seconds, outcome: drawFailure(random) };
    case 'hang':
      return {
        kind: 'report',
        seconds: HANG_SECONDS,
        isDeaf: random.chance(0.5),
        outcome: failed('agent_timeout', 'The agent gave no answer'),
      };
    case 'accept':
      return {
        kind: 'accept',
        seconds: random.pick([1, 30, 200, 230, 400]),
        times: random.pick([0, 1, 1, 1, 2]),
        answer: random.chance(isUnhealthy ? 0.8 : 0.1)
          ? { status: 'error', errorMessage: 'The job failed' }
          : { content: 'The job is done' },
      };
  }
}

const PASSED: ReviewFinding = { verdict: 'passed', reasons: [] };

type Review = 'judges' | 'says nothing' | 'contradicts itself' | 'fails' | 'hangs' | 'accepts';

function reviewOf(kind: Review, random: Random): Work {
  const seconds = random.pick([0, 1, 10, 100]);
  const report = (outcome: AgentOutcome): Work => ({ kind: 'report', seconds, outcome });
  const later = (answer: object): Work => ({
    kind: 'accept',
    answer,
    seconds: random.pick([1, 30, 230, 400]),
    times: random.pick([0, 1, 2]),
  });
  switch (kind) {
    case 'judges':
      // What else it reports must have no effect.
      return report(done(random, { ...drawReport(random), verdict: drawFinding(random) }));
    case 'says nothing':
      return report(done(random, drawReport(random)));
    case 'contradicts itself':
      // Nothing is wrong with the work, and it has not passed.
      return later({ verdict: random.pick(['failed', 'uncertain']), reasons: [], content: 'Passed' });
    case 'fails':
      return report(drawFailure(random));
    case 'hangs':
      return { ...report(failed('agent_timeout', 'The agent gave no answer')), seconds: HANG_SECONDS };
    case 'accepts':
      return later(random.pick([drawFinding(random), { content: 'Looks fine' }]));
  }
}

function drawFinding(random: Random): ReviewFinding {
  const verdict = random.weighted([
    [5, 'passed'],
    [4, 'failed'],
    [2, 'uncertain'],
  ] as const);
  return { verdict, reasons: [`Reason ${random.int(0, 99)}`] };
}
