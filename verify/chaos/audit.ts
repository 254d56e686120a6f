import type { AgentCall } from './agentServer';
import { auditCoding } from './codingAudit';
import type { CodingRecord } from './codingPrograms';
import type { Facts, OperationRow } from './databaseMonitor';
import type { Finding } from './finding';
import { lateBesideHeldRows } from './lateness';
import { auditModels, type ModelRecords } from './modelAudit';
import { auditMoney } from './moneyAudit';
import type { InjectedFault } from './recovery';
import type { Acknowledged } from './userWorkload';

/** What the agents and the user recorded outside the application. */
export interface ClientRecords {
  calls: readonly AgentCall[];
  acknowledged: Acknowledged;
  faults: readonly InjectedFault[];
  models: ModelRecords;
  coding: readonly CodingRecord[];
}

/**
 * Compares the records of the agents and the user with the database, after the run: no operation is running
 * and no agent is working. The run has passed if no finding has a case.
 */
export function audit(facts: Facts, records: ClientRecords): Finding[] {
  return [
    ...auditOperations(facts, records.calls),
    ...auditResults(facts, records.calls),
    ...auditModels(facts, records.models),
    ...auditMoney(facts, records.models),
    ...auditCoding(facts, records.coding),
    ...auditUser(facts, records.acknowledged),
    {
      what: 'ticks that came late because rows of other tasks were held',
      cases: lateBesideHeldRows(facts.ticks, records.faults),
    },
    ...facts.findings,
  ];
}

function auditOperations({ operations, ticks }: Facts, calls: readonly AgentCall[]): Finding[] {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  const tokenOf = ({ operationId }: AgentCall) => byId.get(operationId)?.tickToken ?? null;
  const unexplained = agentOverlaps(operations, calls).filter(({ cause }) => cause === null);
  return [
    { what: 'tick tokens with more than one operation', cases: repeated(operations.map((o) => o.tickToken)) },
    { what: 'tick tokens that called an agent more than once', cases: repeated(calls.map(tokenOf)) },
    {
      what: 'operations that reached their agent more than once',
      cases: repeated(calls.map(({ operationId }) => operationId)),
    },
    {
      what: 'calls of operations that the database does not know',
      cases: calls.filter(({ operationId }) => !byId.has(operationId)).map(({ operationId }) => operationId),
    },
    { what: 'overlapping operations of one task', cases: operationOverlaps(operations) },
    {
      what: 'overlapping calls of one task whose earlier operation had not ended',
      cases: unexplained.map(({ text }) => text),
    },
    { what: 'operations that never ended', cases: operations.filter((o) => o.finishedMs === null).map(idOf) },
    {
      what: 'ticks that fired more than once',
      cases: repeated(ticks.filter(({ outcome }) => outcome === 'fired').map((tick) => tick.operationId)),
    },
    {
      what: 'operations of a tick that the ledger does not record',
      cases: operationsWithoutFiring(operations, ticks),
    },
  ];
}

function auditResults(facts: Facts, calls: readonly AgentCall[]): Finding[] {
  const callOf = new Map(calls.map((call) => [call.operationId, call]));
  const reports = groupBy(facts.reports, ({ operationId }) => operationId);
  const handoffs = new Map(facts.handoffs.map((row) => [row.operationId, row.handoff]));
  const titles = groupBy(facts.briefs, ({ title }) => title);
  const byId = new Map(facts.operations.map((operation) => [operation.id, operation]));
  // Runs of models and of commands call no agent of these.
  const done = facts.operations.filter(({ status, agentKind }) => status === 'done' && agentKind === 'http');

  const isReportLost = ({ id }: OperationRow): boolean => {
    const content = callOf.get(id)?.report.content;
    const stored = (reports.get(id) ?? []).filter((report) => report.content === content);
    return stored.length !== 1 || handoffs.get(id) !== content;
  };
  const briefCountsWrong = done.flatMap(({ id }) =>
    (callOf.get(id)?.report.briefs ?? [])
      .filter(({ title }) => (titles.get(title) ?? []).length !== 1)
      .map(({ title }) => `${title}: ${(titles.get(title) ?? []).length} rows`),
  );
  const logs = new Map(facts.logs.map(({ taskId, content }) => [taskId, content.split('\n')]));
  const isLineWrong = ({ id, taskId }: OperationRow): boolean =>
    (callOf.get(id)?.report.documents ?? []).some(
      ({ content }) => (logs.get(taskId) ?? []).filter((line) => line === content).length !== 1,
    );
  const settled = calls.filter(({ callbackResult }) => callbackResult === 'settled');
  return [
    {
      what: 'successes that no agent reported',
      cases: done.filter(({ id }) => callOf.get(id)?.report.status !== 'done').map(idOf),
    },
    { what: 'reports lost or duplicated', cases: done.filter(isReportLost).map(idOf) },
    { what: 'briefs lost or duplicated', cases: briefCountsWrong },
    { what: 'lines of documents lost or duplicated', cases: done.filter(isLineWrong).map(idOf) },
    {
      what: 'callbacks acknowledged as settled, but settled differently',
      cases: settled
        .filter(({ operationId, report }) => byId.get(operationId)?.status !== report.status)
        .map(({ operationId }) => `${operationId}: ${byId.get(operationId)?.status}`),
    },
    {
      what: 'callbacks refused as unknown',
      cases: calls
        .filter(({ callbackResult }) => callbackResult === 'unknown-address')
        .map((call) => call.operationId),
    },
    {
      what: 'callbacks that got no response',
      cases: calls
        .filter(({ reportedBy, callbackResult }) => reportedBy === 'callback' && callbackResult === null)
        .map((call) => call.operationId),
    },
  ];
}

function auditUser(facts: Facts, { comments, resolutions, runs }: Acknowledged): Finding[] {
  const contents = new Map(facts.comments.map(({ id, content }) => [id, content]));
  const briefs = new Map(facts.briefs.map((brief) => [brief.id, brief]));
  const operationIds = new Set(facts.operations.map(idOf));
  const isLost = ({ briefId, action, atMs }: Acknowledged['resolutions'][number]): boolean => {
    const brief = briefs.get(briefId);
    return brief?.resolvedAction !== action || Math.round(brief.resolvedMs ?? 0) !== atMs;
  };
  return [
    {
      what: 'acknowledged comments lost',
      cases: comments.filter(({ id, content }) => contents.get(id) !== content).map(idOf),
    },
    {
      what: 'acknowledged resolutions of briefs lost',
      cases: resolutions.filter(isLost).map(({ briefId }) => briefId),
    },
    {
      what: 'acknowledged manual runs lost',
      cases: runs.filter((run) => !operationIds.has(run.operationId)).map((run) => run.operationId),
    },
  ];
}

/** Pairs of operations of one task where the later began before the earlier had ended. */
function operationOverlaps(operations: readonly OperationRow[]): string[] {
  return neighbours(
    operations,
    (o) => o.taskId,
    (o) => o.startedMs,
  )
    .filter(([earlier, later]) => later.startedMs < (earlier.finishedMs ?? Number.POSITIVE_INFINITY))
    .map(([earlier, later]) => `task ${earlier.taskId}: ${earlier.id} and ${later.id}`);
}

export interface AgentOverlap {
  text: string;
  /** How the earlier operation had ended before the later one began; null: it had not ended. */
  cause: string | null;
}

/**
 * Calls of one task that an agent worked on at the same time. This is allowed if the earlier operation had
 * ended: an agent can outlive the lease of its operation, for example when its server was killed.
 */
export function agentOverlaps(
  operations: readonly OperationRow[],
  calls: readonly AgentCall[],
): AgentOverlap[] {
  const byId = new Map(operations.map((operation) => [operation.id, operation]));
  return neighbours(
    calls,
    (call) => call.taskId,
    (call) => call.startedMs,
  )
    .filter(([earlier, later]) => later.startedMs < (earlier.endedMs ?? Number.POSITIVE_INFINITY))
    .map(([earlier, later]) => {
      // The call of a run that has ended may arrive after the call of the next run.
      const [first, second] = [earlier, later]
        .map(({ operationId }) => byId.get(operationId))
        .filter((operation) => operation !== undefined)
        .sort((a, b) => a.startedMs - b.startedMs);
      const hasEnded =
        first !== undefined &&
        second !== undefined &&
        (first.finishedMs ?? Number.POSITIVE_INFINITY) <= second.startedMs;
      return {
        text: `task ${earlier.taskId}: ${earlier.operationId} and ${later.operationId}`,
        cause: hasEnded ? [first.status, first.errorCode].filter(Boolean).join(' ') : null,
      };
    });
}

function operationsWithoutFiring(operations: readonly OperationRow[], ticks: Facts['ticks']): string[] {
  const fired = new Map(
    ticks.filter(({ outcome }) => outcome === 'fired').map((tick) => [tick.token, tick.operationId]),
  );
  return operations
    .filter(({ id, tickToken }) => tickToken !== null && fired.get(tickToken) !== id)
    .map(idOf);
}

const idOf = ({ id }: { id: string }): string => id;

function repeated(values: readonly (string | null)[]): string[] {
  const seen = new Set<string>();
  return values.filter((value): value is string => {
    if (value === null || !seen.has(value)) {
      if (value !== null) seen.add(value);
      return false;
    }
    return true;
  });
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Pairs each item with the next three of its group in order of time, enough to find any overlap. */
function neighbours<Item>(
  items: readonly Item[],
  groupOf: (item: Item) => string,
  timeOf: (item: Item) => number,
): [Item, Item][] {
  return [...groupBy(items, groupOf).values()].flatMap((group) => {
    const sorted = group.toSorted((a, b) => timeOf(a) - timeOf(b));
    return sorted.flatMap((item, index): [Item, Item][] =>
      sorted.slice(index + 1, index + 4).map((later) => [item, later]),
    );
  });
}
