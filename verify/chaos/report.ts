import type { AgentCall } from './agents';
import { agentOverlaps, type Finding } from './audit';
import type { Facts } from './observer';
import { beatsAfter, type PastFault, recoveries, slowest } from './recovery';

const CASES_SHOWN = 5;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** What was found, a line each; zero is what it has to be. */
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
  faults: readonly PastFault[];
  acts: { done: number; refused: number };
  looks: number;
  loadSeconds: number;
}

/** The figures of a run that are neither right nor wrong. */
export function describeFigures({ facts, calls, faults, acts, looks, loadSeconds }: Outcome): string {
  const { operations, ticks } = facts;
  const done = operations.filter(({ status }) => status === 'done').length;
  const overlaps = agentOverlaps(operations, calls);
  const unsettled = answersNotTaken(facts, calls);
  const resent = ticks.filter(({ publications }) => publications > 1).length;
  const lastMendedMs = Math.max(0, ...faults.map(({ mendedMs }) => mendedMs));
  return [
    `  operations           ${operations.length} (${done} done, ${(done / loadSeconds).toFixed(1)} a second): ${counted(operations.map(({ status, errorCode }) => [status, errorCode].filter(Boolean).join(' ')))}`,
    `  calls of agents      ${calls.length}: ${counted(calls.map(({ how }) => how))}; ${calls.filter(({ isCutOff }) => isCutOff).length} cut off by their caller`,
    `  the ledger           ${ticks.length} arms: ${counted(ticks.map(({ outcome }) => outcome ?? 'open'))}; ${resent} published more than once`,
    `  a person's acts      ${acts.done} done, ${acts.refused} refused or unanswered`,
    `  looks at invariants  ${looks}`,
    `  answers of agents whose run had ended otherwise   ${unsettled.length}: ${counted(unsettled)}`,
    `  agents that worked on two runs of a task at once  ${overlaps.length}: ${counted(overlaps.map(({ cause }) => cause ?? 'UNEXPLAINED'))}`,
    '  recovery, from the mending of a fault until the slowest task had begun a good run (later faults included)',
    ...recoveries(operations, faults).map(
      ({ kind, times, medianMs, longestMs }) =>
        `    ${kind.padEnd(15)} ${String(times).padStart(3)} times   median ${seconds(medianMs).padStart(7)}   longest ${seconds(longestMs).padStart(7)}`,
    ),
    `  recovery of the slowest task after the last fault  ${seconds(slowest(beatsAfter(operations, lastMendedMs)))}`,
  ].join('\n');
}

/** Good answers that came to nothing, by how their run had ended: what the agent did may have to be done again. */
function answersNotTaken({ operations }: Facts, calls: readonly AgentCall[]): string[] {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  return calls
    .filter(({ words, endedMs }) => words.status === 'done' && endedMs !== null)
    .map(({ operationId }) => byId.get(operationId))
    .filter((operation) => operation !== undefined && operation.status !== 'done')
    .map((operation) => [operation?.status, operation?.errorCode].filter(Boolean).join(' '));
}

function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none'
  );
}
