import { type CodingRecord, codingReportOf } from './codingPrograms';
import type { Facts, OperationRow } from './databaseMonitor';
import type { Finding } from './finding';

/** A program, with what is known of it. */
interface ProgramRun {
  start: CodingRecord;
  end: CodingRecord | null;
  lastMs: number;
}

/** Compares what the coding agents noted with the database, after all runs have ended. */
export function auditCoding(facts: Facts, records: readonly CodingRecord[]): Finding[] {
  const runs = programRuns(records);
  const operations = facts.operations.filter(({ agentKind }) => agentKind === 'command');
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const done = operations.filter(({ status }) => status === 'done');
  return [
    { what: 'coding agents that worked beside another one of their task', cases: overlaps(runs) },
    { what: 'coding runs that were begun again after they were done', cases: begunAgain(runs, done) },
    { what: 'coding runs that did not go on with the session before', cases: newSessions(runs, operations) },
    {
      what: 'coding agents that were given another occurrence than their run has',
      cases: runs
        .filter(({ start }) => byId.get(start.operationId)?.occurrence !== start.occurrence)
        .map(describe),
    },
    { what: 'reports of coding agents lost or duplicated', cases: lostReports(facts, runs, done) },
    { what: 'coding runs that were counted otherwise than they reported', cases: wrongCosts(runs, byId) },
  ];
}

/** One line for the figures. */
export function describeCoding({ operations }: Facts, records: readonly CodingRecord[]): string {
  const runs = programRuns(records);
  const isDone = new Map(operations.map(({ id, status }) => [id, status === 'done']));
  const done = runs.filter(({ start }) => isDone.get(start.operationId));
  const stopped = runs.filter(({ end }) => end === null);
  const resumed = runs.filter(({ start }) => typeof start.resumes === 'string');
  const overBudget = runs.filter(({ end }) => end?.isOverBudget);
  return `${runs.length} (${done.length} done): ${stopped.length} killed or stopped in the middle, ${resumed.length} went on with a session, ${overBudget.length} stopped at their budget`;
}

const describe = ({ start }: ProgramRun): string => `${start.operationId} process ${start.pid}`;

/** In the order of their starts. The number of a process may be used again by a later one. */
function programRuns(records: readonly CodingRecord[]): ProgramRun[] {
  const runs: ProgramRun[] = [];
  const current = new Map<number, ProgramRun>();
  for (const record of records.toSorted((a, b) => a.atMs - b.atMs)) {
    if (record.what === 'start') {
      const run = { start: record, end: null, lastMs: record.atMs };
      current.set(record.pid, run);
      runs.push(run);
    }
    const run = current.get(record.pid);
    if (run === undefined) continue;
    run.lastMs = record.atMs;
    if (record.what === 'end') run.end = record;
  }
  return runs;
}

/** One has done something after another had begun in the same folder. */
const overlaps = (runs: readonly ProgramRun[]): string[] =>
  runs.flatMap((earlier, index) =>
    runs
      .slice(index + 1)
      .filter(({ start }) => start.folder === earlier.start.folder && start.atMs < earlier.lastMs)
      .map((later) => `${describe(earlier)} and ${describe(later)}`),
  );

function begunAgain(runs: readonly ProgramRun[], done: readonly OperationRow[]): string[] {
  const doneMs = new Map(done.map(({ occurrence, finishedMs }) => [occurrence, finishedMs ?? 0]));
  return runs
    .filter(({ start }) => start.atMs > (doneMs.get(start.occurrence) ?? Number.POSITIVE_INFINITY))
    .map(describe);
}

/** The attempt before has named its session, and it was kept: the next one has to go on with it. */
function newSessions(runs: readonly ProgramRun[], operations: readonly OperationRow[]): string[] {
  const startOf = new Map(runs.map(({ start }) => [start.operationId, start]));
  const attempts = new Map(operations.map((row) => [`${row.occurrence} ${row.attempt}`, row]));
  return operations.flatMap(({ id, occurrence, attempt }) => {
    const session = attempts.get(`${occurrence} ${attempt - 1}`)?.session ?? null;
    const start = startOf.get(id);
    if (session === null || start === undefined || start.resumes === session) return [];
    return [`${id}: ${start.resumes ?? 'a new one'} instead of ${session}`];
  });
}

function lostReports(facts: Facts, runs: readonly ProgramRun[], done: readonly OperationRow[]): string[] {
  const ended = new Set(runs.filter(({ end }) => end !== null).map(({ start }) => start.operationId));
  const handoffs = new Map(facts.handoffs.map(({ operationId, handoff }) => [operationId, handoff]));
  const counts = new Map<string, number>();
  for (const { operationId, content } of facts.reports)
    if (content === codingReportOf(operationId)) counts.set(operationId, (counts.get(operationId) ?? 0) + 1);
  return done
    .filter(({ id }) => !ended.has(id) || counts.get(id) !== 1 || handoffs.get(id) !== codingReportOf(id))
    .map(({ id }) => `${id}: ${ended.has(id) ? `${counts.get(id) ?? 0} times` : 'no program ended'}`);
}

/** What a program that was stopped has cost, nobody reports. */
function wrongCosts(runs: readonly ProgramRun[], byId: ReadonlyMap<string, OperationRow>): string[] {
  return runs.flatMap(({ start, end }) => {
    const operation = byId.get(start.operationId);
    if (operation === undefined || end === null || !['done', 'budget'].includes(operation.status)) return [];
    const micros = Math.round((end.costUsd ?? 0) * 1_000_000);
    return micros === operation.spentMicros
      ? []
      : [`${operation.id}: reported ${micros}, counted ${operation.spentMicros} micro-dollars`];
  });
}
