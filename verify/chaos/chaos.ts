import { setTimeout as delay } from 'node:timers/promises';
import { untilAborted } from '../support/interruption';
import { Random } from '../support/random';
import { AgentServer } from './agentServer';
import { audit } from './audit';
import { CodingPrograms } from './codingPrograms';
import { DatabaseMonitor } from './databaseMonitor';
import { describePlan, drawFaultPlan, type PlannedFault } from './faultPlan';
import { injectFaults } from './injectFaults';
import type { Installation } from './installation';
import { startLocalInstallation } from './localInstallation';
import { ModelServer } from './modelServer';
import { startQueueInstallation } from './queueInstallation';
import type { InjectedFault } from './recovery';
import { describeFigures, describeFindings } from './report';
import { Sandbox } from './sandbox';
import { UserWorkload } from './userWorkload';

export interface ChaosOptions {
  mode: 'queue' | 'local';
  /** How long faults are injected. */
  seconds: number;
  seed: string;
  tasks: number;
  /** How many more tasks have a model for their agent. */
  modelTasks: number;
  /** How many more have a coding agent. In local mode alone: a command needs a host that lasts. */
  codingTasks: number;
  /** The number of servers in queue mode. */
  servers: number;
  leaseSeconds: readonly [min: number, max: number];
  print(line: string): void;
  /** Stops the run early. */
  signal: AbortSignal;
}

export interface ChaosResult {
  hasPassed: boolean;
  /** Figures and findings, to be printed. */
  text: string;
  /** The logs of the processes; null after a run that passed, which removes them. */
  logFolder: string | null;
}

const PROGRESS_EVERY_MS = 5_000;
const WARM_UP_MS = 2_000;
/**
 * After the last fault every task must run again within this time: leases, the watchdog's grace and its
 * backoff.
 */
const RECOVERY_MS_MAX = 180_000;
const POLL_MS = 500;
/**
 * Without faults a tick may be late by the watchdog's grace and interval, and by what a busy machine adds.
 */
const LEDGER_OPEN_SECONDS = 60;
const QUIET_MS_MAX = 45_000;

/** Runs one mode: workload, faults, recovery, audit. Rejects when the run cannot be carried out. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const sandbox = await Sandbox.open();
  let result: ChaosResult | undefined;
  try {
    // A run that is stopped early does not wait for what is under way: the sandbox ends the remaining
    // processes.
    result = await Promise.race([runIn(sandbox, options), untilAborted(options.signal)]);
    return result;
  } finally {
    const keepsLogs = result === undefined ? !options.signal.aborted : !result.hasPassed;
    await sandbox.close({ keepsLogs });
  }
}

async function runIn(sandbox: Sandbox, options: ChaosOptions): Promise<ChaosResult> {
  const { mode, print, seed, leaseSeconds } = options;
  print(
    `starting ${mode === 'queue' ? `${options.servers} servers, Postgres and QStash` : 'the application'}`,
  );
  const programs = await CodingPrograms.create(sandbox.folder);
  const installation = await (mode === 'queue'
    ? startQueueInstallation(sandbox, options)
    : startLocalInstallation(sandbox, programs.settings));
  const random = new Random(`chaos/${mode}/${seed}`);
  const agents = await AgentServer.start(random.fork('agents'), leaseSeconds[1]);
  const models = await ModelServer.start(random.fork('models'), leaseSeconds[1]);
  const monitor = new DatabaseMonitor(installation.databaseUrl);
  const user = new UserWorkload(installation.appUrl, random.fork('user'), monitor);
  const progress = setInterval(
    () => print(`… ${describeProgress(installation, { agents, models }, monitor)}`),
    PROGRESS_EVERY_MS,
  );
  try {
    const codingTasks = mode === 'queue' ? 0 : options.codingTasks;
    const taskIds = await user.createTasks({ ...options, codingTasks, agentUrl: agents.url, models });
    print(`${taskIds.length} tasks are running`);
    const startedAtMs = Date.now();
    monitor.start();
    user.start(taskIds);
    await delay(WARM_UP_MS, undefined, { signal: options.signal });
    const { servers, kinds, missing } = installation;
    for (const { kind, reason } of missing) print(`${kind} is left out: ${reason}`);
    const plan = drawFaultPlan(random.fork('plan'), {
      seconds: options.seconds,
      servers,
      kinds,
      leaseSecondsMax: leaseSeconds[1],
    });
    print(`the fault plan of seed ${seed}: ${describePlan(plan)}`);
    const faults = await injectFaults(installation, plan, options);
    print('all faults are repaired');
    agents.stopFailing();
    models.stopFailing();
    user.stopActing();
    const stopped = await tasksThatStopped(monitor, new Date(), options.signal);
    await monitor.stop();
    const loadSeconds = (Date.now() - startedAtMs) / 1_000;
    await monitor.checkInvariants(LEDGER_OPEN_SECONDS);
    await user.stop();
    const unpaused = await user.pauseAll(taskIds, QUIET_MS_MAX);
    await untilQuiet(monitor, agents);
    await monitor.checkInvariants(LEDGER_OPEN_SECONDS);

    const facts = await monitor.facts();
    const { calls } = agents;
    const coding = await programs.records();
    const findings = [
      ...audit(facts, { calls, acknowledged: user.acknowledged, faults, models, coding }),
      { what: 'tasks that stopped running', cases: stopped },
      {
        what: 'violations of the invariants',
        cases: [...monitor.violations].map(([text, at]) => `${at.toISOString()} ${text}`),
      },
      { what: 'statements that waited too long for a held row', cases: installation.longWaits() },
      { what: 'planned faults that never happened', cases: kindsThatNeverHappened(plan, faults) },
      { what: 'servers that exited by themselves', cases: installation.unexpectedExits() },
      { what: 'tasks that could not be paused at the end', cases: Array.from({ length: unpaused }, String) },
    ];
    const figures = describeFigures({
      facts,
      calls,
      models,
      coding,
      plan,
      faults,
      missing,
      acts: user,
      loadSeconds,
      invariantChecks: monitor.checks,
      money: await monitor.money(),
    });
    const hasPassed = findings.every(({ cases }) => cases.length === 0);
    const text = `${figures}\n  must be zero\n${describeFindings(findings)}`;
    return { hasPassed, text, logFolder: hasPassed ? null : sandbox.logFolder };
  } finally {
    clearInterval(progress);
    await monitor.stop();
    await agents.close();
    await models.close();
    await user.stop();
    await installation.close();
  }
}

const kindsThatNeverHappened = (
  plan: readonly PlannedFault[],
  faults: readonly InjectedFault[],
): string[] => {
  const happened = new Set(faults.map(({ kind }) => kind));
  return [...new Set(plan.map(({ kind }) => kind))].filter((kind) => !happened.has(kind));
};

/** Waits until every task has begun a successful run. Describes those that did not within the time. */
async function tasksThatStopped(
  monitor: DatabaseMonitor,
  since: Date,
  signal: AbortSignal,
): Promise<string[]> {
  const giveUpAtMs = Date.now() + RECOVERY_MS_MAX;
  let left: string[] = [];
  do {
    await delay(POLL_MS, undefined, { signal });
    left = await monitor.tasksWithoutSuccessSince(since);
  } while (left.length > 0 && Date.now() < giveUpAtMs);
  return monitor.describeTasks(left);
}

/** Until nothing runs, and all that was called is counted. */
async function untilQuiet(monitor: DatabaseMonitor, agents: AgentServer): Promise<void> {
  const giveUpAtMs = Date.now() + QUIET_MS_MAX;
  const isBusy = async (): Promise<boolean> =>
    agents.working > 0 || (await monitor.runningOperations()) > 0 || (await monitor.openReservations()) > 0;
  while ((await isBusy()) && Date.now() < giveUpAtMs) await delay(POLL_MS);
}

function describeProgress(
  installation: Installation,
  { agents, models }: { agents: AgentServer; models: ModelServer },
  { checks, violations }: DatabaseMonitor,
): string {
  const invariants = `${checks} checks of the invariants, ${violations.size === 0 ? 'no' : violations.size} violations`;
  return `${agents.calls.length} calls, ${agents.working} under way, ${models.answers.length} of models; ${installation.state()}; ${invariants}`;
}
