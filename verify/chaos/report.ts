import type { AgentCall } from './agentServer';
import { agentOverlaps } from './audit';
import { describeCoding } from './codingAudit';
import type { CodingRecord } from './codingPrograms';
import type { Facts } from './databaseMonitor';
import type { PlannedFault } from './faultPlan';
import type { Finding } from './finding';
import type { Installation } from './installation';
import { ticksBesideHeldRows } from './lateness';
import { describeModels, type ModelRecords } from './modelAudit';
import { describeMoney, type MoneyFacts } from './moneyFigure';
import { type InjectedFault, recoveries, recoveryTimes, slowest } from './recovery';

const CASES_SHOWN = 5;
const KIND_CHARS = 17;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** One line per finding, with its number of cases, which must be zero, and the first few of them. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ what, cases }) => [
      `  ${String(cases.length).padStart(5)}  ${what}`,
      ...cases.slice(0, CASES_SHOWN).map((text) => `           ${text}`),
    ])
    .join('\n');
}

export interface Outcome {
  facts: Facts;
  calls: readonly AgentCall[];
  plan: readonly PlannedFault[];
  faults: readonly InjectedFault[];
  missing: Installation['missing'];
  acts: { succeeded: number; failed: number; budgetAnswers: ReadonlyMap<string, number> };
  invariantChecks: number;
  loadSeconds: number;
  models: ModelRecords;
  coding: readonly CodingRecord[];
  money: MoneyFacts;
}

/** Figures of a run that are not judged. */
export function describeFigures({
  facts,
  calls,
  plan,
  faults,
  missing,
  acts,
  invariantChecks,
  loadSeconds,
  models,
  coding,
  money,
}: Outcome): string {
  const { operations, ticks } = facts;
  const done = operations.filter(({ status }) => status === 'done').length;
  const overlaps = agentOverlaps(operations, calls);
  const unused = unusedReports(facts, calls);
  const resent = ticks.filter(({ publications }) => publications > 1).length;
  const lastRepairMs = Math.max(0, ...faults.map(({ repairedAtMs }) => repairedAtMs));
  return [
    `  operations           ${operations.length} (${done} done, ${(done / loadSeconds).toFixed(1)} a second): ${countByName(operations.map(({ status, errorCode }) => [status, errorCode].filter(Boolean).join(' ')))}`,
    `  calls of agents      ${calls.length}: ${countByName(calls.map(({ reportedBy }) => reportedBy))}; ${calls.filter(({ isCutOff }) => isCutOff).length} cut off by their caller, ${callsThatCameTooLate(operations, calls)} after their run had ended`,
    `  runs of models       ${describeModels(facts, models)}`,
    `  runs of coding agents  ${describeCoding(facts, coding)}`,
    `  money                ${describeMoney(money)}`,
    `  caps                 reached in ${operations.filter(({ status }) => status === 'budget').length} runs; answered by ${describeAnswers(acts.budgetAnswers)}`,
    `  the ledger           ${ticks.length} arms: ${countByName(ticks.map(({ outcome }) => outcome ?? 'open'))}; ${resent} published more than once`,
    `  acts of the user     ${acts.succeeded} acknowledged, ${acts.failed} refused or without response`,
    `  invariant checks     ${invariantChecks}`,
    `  reports of agents whose run had already ended    ${unused.length}: ${countByName(unused)}`,
    `  agents that worked on two runs of a task at once ${overlaps.length}: ${countByName(overlaps.map(({ cause }) => cause ?? 'UNEXPLAINED'))}`,
    ...describeLateness(facts, faults),
    '  faults, and the recovery: from the repair until the slowest task began a successful run (later faults included)',
    ...describeFaults(operations, plan, faults),
    ...missing.map(({ kind, reason }) => `    ${kind.padEnd(KIND_CHARS)} left out: ${reason}`),
    `  recovery of the slowest task after the last fault  ${seconds(slowest(recoveryTimes(operations, lastRepairMs)))}`,
  ].join('\n');
}

/** A process that stands still between its last look at the lease and its call can make such a call. */
function callsThatCameTooLate(operations: Facts['operations'], calls: readonly AgentCall[]): number {
  const endOf = new Map(operations.map(({ id, finishedMs }) => [id, finishedMs ?? Number.POSITIVE_INFINITY]));
  return calls.filter(({ operationId, startedMs }) => startedMs > (endOf.get(operationId) ?? 0)).length;
}

/** One line for each kind of the plan, also if it never happened. */
function describeFaults(
  operations: Facts['operations'],
  plan: readonly PlannedFault[],
  faults: readonly InjectedFault[],
): string[] {
  const byKind = new Map(recoveries(operations, faults).map((recovery) => [recovery.kind, recovery]));
  return [...new Set(plan.map(({ kind }) => kind))].sort().map((kind) => {
    const planned = plan.filter((fault) => fault.kind === kind).length;
    const { times = 0, medianMs = 0, longestMs = 0 } = byKind.get(kind) ?? {};
    return (
      `    ${kind.padEnd(KIND_CHARS)} ${String(times).padStart(3)} of ${String(planned).padStart(2)} planned   ` +
      `median ${seconds(medianMs).padStart(7)}   longest ${seconds(longestMs).padStart(7)}`
    );
  });
}

function describeLateness({ ticks }: Facts, faults: readonly InjectedFault[]): string[] {
  const late = ticksBesideHeldRows(ticks, faults)
    .map(({ lateMs }) => lateMs)
    .sort((a, b) => a - b);
  const median = late[Math.floor(late.length / 2)];
  if (median === undefined) return [];
  return [
    `  ticks of other tasks while only rows of some were held ${late.length}: ` +
      `median ${seconds(median)} late, slowest ${seconds(late.at(-1) ?? 0)}`,
  ];
}

/** How the runs had ended whose agent reported a success too late: its work may have to be repeated. */
function unusedReports({ operations }: Facts, calls: readonly AgentCall[]): string[] {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  return calls
    .filter(({ report, endedMs }) => report.status === 'done' && endedMs !== null)
    .map(({ operationId }) => byId.get(operationId))
    .filter((operation) => operation !== undefined && operation.status !== 'done')
    .map((operation) => [operation?.status, operation?.errorCode].filter(Boolean).join(' '));
}

const describeAnswers = (answers: ReadonlyMap<string, number>): string =>
  [...answers].map(([answer, times]) => `${times} ${answer}`).join(', ') || 'nobody';

function countByName(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none'
  );
}
