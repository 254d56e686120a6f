import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../support/random';
import { Agents } from './agents';
import { audit, type Finding } from './audit';
import { Household } from './household';
import { openLocalStage } from './localStage';
import { Observer } from './observer';
import { Person } from './person';
import { describePlan, drawPlan } from './plan';
import { openQueueStage } from './queueStage';
import { describeFigures, describeFindings } from './report';
import type { Stage } from './stage';
import { raiseStorm } from './storm';

export type ChaosMode = 'queue' | 'local';

export interface ChaosWish {
  mode: ChaosMode;
  /** How long faults go on. */
  seconds: number;
  seed: string;
  tasks: number;
  /** Queue mode: how many servers. */
  servers: number;
  leaseSeconds: readonly [number, number];
  say(line: string): void;
  /** Ends the run early, its processes with it. */
  signal: AbortSignal;
}

export interface ChaosResult {
  findings: Finding[];
  holds: boolean;
  text: string;
  /** Where the logs of its processes are, if they were kept. */
  logFolder: string | null;
}

const PROGRESS_EVERY_MS = 5_000;
const WARM_UP_MS = 2_000;
/** For everything to be as it was after the last fault: leases, the watchdog's grace and its doubled waits fit in. */
const CALM_MS_MAX = 180_000;
const LOOK_EVERY_MS = 500;
/** In calm a tick is late by the watchdog's grace and pace, and by what a busy machine adds. */
const LEDGER_OPEN_SECONDS = 60;
const QUIET_MS_MAX = 45_000;

/** One run of one mode: a load, faults, calm, and the reckoning. Rejects when it cannot be carried out. */
export async function runChaos(wish: ChaosWish): Promise<ChaosResult> {
  const household = await Household.open();
  let result: ChaosResult | undefined;
  try {
    // Ended early, it does not wait for what is under way: the household ends whatever is left.
    result = await Promise.race([runIn(household, wish), untilAborted(wish.signal)]);
    return result;
  } finally {
    await household.close({ keepsLogs: result === undefined ? !wish.signal.aborted : !result.holds });
  }
}

async function runIn(household: Household, wish: ChaosWish): Promise<ChaosResult> {
  const { mode, say } = wish;
  say(`starting ${mode === 'queue' ? `${wish.servers} servers, Postgres and QStash` : 'the application'}`);
  const stage = await (mode === 'queue' ? openQueueStage(household, wish) : openLocalStage(household));
  const random = new Random(`chaos/${mode}/${wish.seed}`);
  const agents = await Agents.open(random.fork('agents'), wish.leaseSeconds[1]);
  const observer = new Observer(stage.databaseUrl);
  const person = new Person(stage.appUrl, random.fork('person'), observer);
  const progress = setInterval(
    () => say(`… ${describeProgress(stage, agents, observer)}`),
    PROGRESS_EVERY_MS,
  );
  try {
    const taskIds = await person.setUp(agents.url, wish);
    say(`${taskIds.length} tasks are beating`);
    const beganMs = Date.now();
    observer.watch();
    person.live(taskIds);
    await pauseFor(WARM_UP_MS, wish.signal);
    const kinds = { servers: stage.servers, kinds: stage.kinds, leaseSecondsMax: wish.leaseSeconds[1] };
    const plan = drawPlan(random.fork('plan'), { seconds: wish.seconds, ...kinds });
    say(`the plan of seed ${wish.seed}: ${describePlan(plan)}`);
    const faults = await raiseStorm(stage, plan, wish);
    say('the faults are over');
    agents.calmDown();
    person.calmDown();
    const stopped = await tasksThatStopped(observer, new Date(), wish.signal);
    await observer.stop();
    const loadSeconds = (Date.now() - beganMs) / 1_000;
    await observer.look(LEDGER_OPEN_SECONDS);
    await person.rest();
    const unpaused = await person.pauseAll(taskIds, QUIET_MS_MAX);
    await untilQuiet(observer, agents);
    await observer.look(LEDGER_OPEN_SECONDS);

    const facts = await observer.facts();
    const { calls } = agents;
    const findings = [
      ...audit(facts, { calls, acknowledged: person.acknowledged }),
      { what: 'tasks that stopped beating', cases: stopped },
      {
        what: 'violations of the invariants',
        cases: [...observer.violations].map(([text, at]) => `${at.toISOString()} ${text}`),
      },
      { what: 'servers that ended by themselves', cases: stage.misdeeds() },
      { what: 'tasks that could not be paused in calm', cases: Array.from({ length: unpaused }, String) },
    ];
    const holds = findings.every(({ cases }) => cases.length === 0);
    const figures = describeFigures({
      facts,
      calls,
      faults,
      acts: person,
      looks: observer.looks,
      loadSeconds,
    });
    const text = `${figures}\n  what must be zero\n${describeFindings(findings)}`;
    return { findings, holds, text, logFolder: holds ? null : household.logFolder };
  } finally {
    clearInterval(progress);
    await observer.stop();
    await agents.close();
    await person.rest();
    await stage.close();
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal });
}

/** Waits until every task has begun a good run; answers those that did not within the time. */
async function tasksThatStopped(observer: Observer, since: Date, signal: AbortSignal): Promise<string[]> {
  const giveUpAtMs = Date.now() + CALM_MS_MAX;
  let left: string[] = [];
  do {
    await pauseFor(LOOK_EVERY_MS, signal);
    left = await observer.notBeatenSince(since);
  } while (left.length > 0 && Date.now() < giveUpAtMs);
  return observer.standings(left);
}

async function untilQuiet(observer: Observer, agents: Agents): Promise<void> {
  const giveUpAtMs = Date.now() + QUIET_MS_MAX;
  while (((await observer.running()) > 0 || agents.working > 0) && Date.now() < giveUpAtMs) {
    await delay(LOOK_EVERY_MS);
  }
}

function describeProgress(stage: Stage, agents: Agents, { looks, violations }: Observer): string {
  const state = violations.size === 0 ? 'all good' : `${violations.size} VIOLATIONS`;
  return `${agents.calls.length} calls, ${agents.working} at work; ${stage.state()}; invariants ${looks} looks, ${state}`;
}
