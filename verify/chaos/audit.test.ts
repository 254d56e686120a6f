import { describe, expect, test } from 'vitest';
import type { AgentCall, AgentReport } from './agentServer';
import { agentOverlaps, audit, type ClientRecords } from './audit';
import type { Facts, OperationRow } from './databaseMonitor';

const operation = (id: string, fields: Partial<OperationRow> = {}): OperationRow => ({
  id,
  taskId: 'task',
  tickToken: `token-${id}`,
  trigger: 'heartbeat',
  status: 'done',
  errorCode: null,
  startedMs: 1_000,
  finishedMs: 2_000,
  agentKind: 'http',
  leaseEpoch: 0,
  losses: 0,
  occurrence: `token-${id}`,
  attempt: 1,
  session: null,
  spentMicros: 0,
  ...fields,
});

const call = (operationId: string, fields: Partial<AgentCall> = {}): AgentCall => ({
  operationId,
  taskId: 'task',
  trigger: 'heartbeat',
  startedMs: 1_100,
  endedMs: 1_900,
  report: { status: 'done', content: `Report of ${operationId}` },
  reportedBy: 'response',
  isCutOff: false,
  callbackResult: null,
  callbackAttempts: 0,
  ...fields,
});

/** A database that is consistent with these operations. */
function history(operations: OperationRow[], fields: Partial<Facts> = {}): Facts {
  return {
    operations,
    briefs: [],
    reports: operations.map(({ id }) => ({ operationId: id, content: `Report of ${id}` })),
    handoffs: operations.map(({ id }) => ({ operationId: id, handoff: `Report of ${id}` })),
    comments: [],
    logs: [],
    ticks: operations.flatMap(({ id, tickToken }) =>
      tickToken === null
        ? []
        : [
            {
              token: tickToken,
              taskId: 'task',
              outcome: 'fired',
              operationId: id,
              publications: 1,
              dueMs: 1_000,
              endedMs: 1_000,
            },
          ],
    ),
    steps: [],
    modelMicros: 0,
    findings: [],
    ...fields,
  };
}

const nothing = { comments: [], resolutions: [], runs: [] };
const noModels = { answers: [], toolCalls: [] };

/** The names of the findings with cases. */
function found(facts: Facts, records: Partial<ClientRecords>): string[] {
  const none = { calls: [], acknowledged: nothing, faults: [], models: noModels, coding: [] };
  return audit(facts, { ...none, ...records })
    .filter(({ cases }) => cases.length > 0)
    .map(({ what }) => what);
}

const writesLine: Pick<AgentReport, 'status' | 'documents'> = {
  status: 'done',
  documents: [{ name: 'Log', content: 'Line of a', append: true }],
};

test('a consistent history has no findings', () => {
  const brief = { type: 'insight', priority: 'normal', title: 'Ships', summary: 'Seven' } as const;
  const facts = history([operation('a'), operation('b', { startedMs: 3_000, finishedMs: 4_000 })], {
    logs: [{ taskId: 'task', content: 'Line of b\nLine of a' }],
    briefs: [{ id: 'brief', title: 'Ships', taskId: 'task', resolvedAction: null, resolvedMs: null }],
  });
  const byCallback = {
    reportedBy: 'callback',
    callbackResult: 'settled',
    callbackAttempts: 1,
    startedMs: 3_100,
    endedMs: 3_900,
  } as const;
  const report = { ...writesLine, content: 'Report of a', briefs: [brief] };
  expect(found(facts, { calls: [call('a', { report }), call('b', byCallback)] })).toEqual([]);
});

describe('finds', () => {
  const sound = history([operation('a')]);

  test.each<[string, Facts, Partial<ClientRecords>]>([
    [
      'tick tokens with more than one operation',
      history([
        operation('a'),
        operation('b', { tickToken: 'token-a', startedMs: 3_000, finishedMs: 4_000 }),
      ]),
      { calls: [call('a'), call('b')] },
    ],
    [
      'operations that reached their agent more than once',
      sound,
      { calls: [call('a'), call('a', { startedMs: 1_950 })] },
    ],
    [
      'calls of operations that the database does not know',
      sound,
      { calls: [call('a'), call('ghost', { startedMs: 5_000 })] },
    ],
    [
      'overlapping operations of one task',
      history([operation('a'), operation('b', { startedMs: 1_999, finishedMs: 3_000 })]),
      { calls: [call('a'), call('b', { startedMs: 2_500 })] },
    ],
    [
      'overlapping calls of one task whose earlier operation had not ended',
      history([operation('a'), operation('b', { startedMs: 1_500, finishedMs: 3_000 })]),
      { calls: [call('a'), call('b', { startedMs: 1_600 })] },
    ],
    [
      'operations that never ended',
      history([operation('a', { finishedMs: null, status: 'running' })]),
      { calls: [call('a')] },
    ],
    ['operations of a tick that the ledger does not record', { ...sound, ticks: [] }, { calls: [call('a')] }],
    [
      'successes that no agent reported',
      sound,
      { calls: [call('a', { report: { status: 'error', content: 'Report of a' } })] },
    ],
    ['reports lost or duplicated', { ...sound, reports: [] }, { calls: [call('a')] }],
    [
      'briefs lost or duplicated',
      sound,
      {
        calls: [
          call('a', {
            report: {
              status: 'done',
              content: 'Report of a',
              briefs: [{ type: 'insight', priority: 'normal', title: 'Ships', summary: '' }],
            },
          }),
        ],
      },
    ],
    ...['', 'Line of a\nLine of b\nLine of a'].map((content): [string, Facts, Partial<ClientRecords>] => [
      'lines of documents lost or duplicated',
      { ...sound, logs: [{ taskId: 'task', content }] },
      { calls: [call('a', { report: { ...writesLine, content: 'Report of a' } })] },
    ]),
    [
      'callbacks acknowledged as settled, but settled differently',
      history([operation('a', { status: 'timeout' })]),
      { calls: [call('a', { reportedBy: 'callback', callbackResult: 'settled' })] },
    ],
    [
      'callbacks refused as unknown',
      sound,
      { calls: [call('a', { reportedBy: 'callback', callbackResult: 'unknown-address' })] },
    ],
    [
      'acknowledged comments lost',
      sound,
      {
        calls: [call('a')],
        acknowledged: { ...nothing, comments: [{ id: 'c', taskId: 'task', content: 'Hello' }] },
      },
    ],
    [
      'acknowledged resolutions of briefs lost',
      sound,
      {
        calls: [call('a')],
        acknowledged: { ...nothing, resolutions: [{ briefId: 'x', action: 'approve', atMs: 1 }] },
      },
    ],
    [
      'acknowledged manual runs lost',
      sound,
      { calls: [call('a')], acknowledged: { ...nothing, runs: [{ operationId: 'x', taskId: 'task' }] } },
    ],
    [
      'lost runs that were not armed anew',
      { ...sound, findings: [{ what: 'lost runs that were not armed anew', cases: ['a'] }] },
      { calls: [call('a')] },
    ],
  ])('%s', (what, facts, records) => {
    expect(found(facts, records)).toContain(what);
  });
});

test('the call of a run that has ended may arrive after the call of the next one', () => {
  const facts = history([
    operation('a', { status: 'timeout', errorCode: 'lease_lost' }),
    operation('b', { startedMs: 3_000, finishedMs: 4_000 }),
  ]);
  const calls = [
    call('a', { startedMs: 3_200, endedMs: 3_300 }),
    call('b', { startedMs: 3_100, endedMs: 3_900 }),
  ];
  expect(agentOverlaps(facts.operations, calls)).toMatchObject([{ cause: 'timeout lease_lost' }]);
  expect(found(facts, { calls })).toEqual([]);
});

test('an agent that outlived the lease of its run may overlap with the next one', () => {
  const facts = history([
    operation('a', { status: 'timeout', errorCode: 'lease_lost' }),
    operation('b', { startedMs: 3_000, finishedMs: 4_000 }),
  ]);
  const calls = [
    call('a', { endedMs: 3_500, isCutOff: true }),
    call('b', { startedMs: 3_100, endedMs: 3_900 }),
  ];
  expect(agentOverlaps(facts.operations, calls)).toMatchObject([{ cause: 'timeout lease_lost' }]);
  expect(found(facts, { calls })).toEqual([]);
});
