import type { AgentCall } from './agents';
import type { Facts, OperationRow } from './observer';
import type { Acknowledged } from './person';

/** Something that must never be, and every case of it that was found. */
export interface Finding {
  what: string;
  cases: string[];
}

/** What was seen from outside the application. */
export interface Testimony {
  calls: readonly AgentCall[];
  acknowledged: Acknowledged;
}

/**
 * Holds what the agents and the person know against what the database holds. The run must be over: no operation
 * running, no agent at work. Every finding must be empty.
 */
export function audit(facts: Facts, testimony: Testimony): Finding[] {
  return [
    ...auditOperations(facts, testimony.calls),
    ...auditResults(facts, testimony.calls),
    ...auditPerson(facts, testimony.acknowledged),
  ];
}

function auditOperations({ operations, ticks, overcounted }: Facts, calls: readonly AgentCall[]): Finding[] {
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
      what: 'operations of a tick that the ledger does not tell of',
      cases: operationsWithoutFiring(operations, ticks),
    },
    { what: 'failures counted more than once', cases: overcounted },
  ];
}

function auditResults(facts: Facts, calls: readonly AgentCall[]): Finding[] {
  const callOf = new Map(calls.map((call) => [call.operationId, call]));
  const reports = groupBy(facts.reports, ({ operationId }) => operationId);
  const handoffs = new Map(facts.handoffs.map((row) => [row.operationId, row.handoff]));
  const titles = groupBy(facts.briefs, ({ title }) => title);
  const byId = new Map(facts.operations.map((operation) => [operation.id, operation]));
  const done = facts.operations.filter(({ status }) => status === 'done');

  const isReportLost = ({ id }: OperationRow): boolean => {
    const content = callOf.get(id)?.words.content;
    const kept = (reports.get(id) ?? []).filter((report) => report.content === content);
    return kept.length !== 1 || handoffs.get(id) !== content;
  };
  const briefCountsWrong = done.flatMap(({ id }) =>
    (callOf.get(id)?.words.briefs ?? [])
      .filter(({ title }) => (titles.get(title) ?? []).length !== 1)
      .map(({ title }) => `${title}: ${(titles.get(title) ?? []).length} rows`),
  );
  const told = calls.filter(({ verdict }) => verdict === 'settled');
  return [
    {
      what: 'results that no agent gave',
      cases: done.filter(({ id }) => callOf.get(id)?.words.status !== 'done').map(idOf),
    },
    { what: 'settled results lost or doubled (report)', cases: done.filter(isReportLost).map(idOf) },
    { what: 'briefs lost or doubled', cases: briefCountsWrong },
    {
      what: 'callbacks acknowledged as settled, but not settled so',
      cases: told
        .filter(({ operationId, words }) => byId.get(operationId)?.status !== words.status)
        .map(({ operationId }) => `${operationId}: ${byId.get(operationId)?.status}`),
    },
    {
      what: 'callbacks refused as unknown',
      cases: calls.filter(({ verdict }) => verdict === 'unknown-address').map((call) => call.operationId),
    },
    {
      what: 'answers by callback never heard',
      cases: calls
        .filter(({ how, verdict }) => how === 'later' && verdict === null)
        .map((call) => call.operationId),
    },
  ];
}

function auditPerson(facts: Facts, { comments, resolutions, runs }: Acknowledged): Finding[] {
  const contents = new Map(facts.comments.map(({ id, content }) => [id, content]));
  const briefs = new Map(facts.briefs.map((brief) => [brief.id, brief]));
  const operationIds = new Set(facts.operations.map(idOf));
  const isForgotten = ({ briefId, action, atMs }: Acknowledged['resolutions'][number]): boolean => {
    const brief = briefs.get(briefId);
    return brief?.resolvedAction !== action || Math.round(brief.resolvedMs ?? 0) !== atMs;
  };
  return [
    {
      what: 'acknowledged comments lost',
      cases: comments.filter(({ id, content }) => contents.get(id) !== content).map(idOf),
    },
    {
      what: 'acknowledged answers to briefs lost',
      cases: resolutions.filter(isForgotten).map(({ briefId }) => briefId),
    },
    {
      what: 'acknowledged runs by hand lost',
      cases: runs.filter((run) => !operationIds.has(run.operationId)).map((run) => run.operationId),
    },
  ];
}

/** Operations of one task of which the later began before the earlier had ended. */
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
  /** How the earlier operation had ended before the later began; null: it had not. */
  cause: string | null;
}

/**
 * Calls of one task that an agent worked on at the same time. An agent may outlive the lease of its operation, as when
 * its server was killed: the operation has then ended, and the next may begin, while the agent still works.
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
      const [first, second] = [byId.get(earlier.operationId), byId.get(later.operationId)];
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

/** Within each group, in order of time, each item with the three after it: whatever overlaps more shows there too. */
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
