import { describe, expect, test } from 'vitest';
import type { AgentCall } from './agents';
import { agentOverlaps, audit, type Testimony } from './audit';
import type { Facts, OperationRow } from './observer';

const operation = (id: string, fields: Partial<OperationRow> = {}): OperationRow => ({
  ...{ id, taskId: 'task', tickToken: `token-${id}`, trigger: 'heartbeat', status: 'done', errorCode: null },
  ...{ startedMs: 1_000, finishedMs: 2_000 },
  ...fields,
});

const call = (operationId: string, fields: Partial<AgentCall> = {}): AgentCall => ({
  ...{ operationId, taskId: 'task', trigger: 'heartbeat', startedMs: 1_100, endedMs: 1_900 },
  words: { status: 'done', content: `Report of ${operationId}` },
  ...{ how: 'at-once', isCutOff: false, verdict: null, tellings: 0 },
  ...fields,
});

/** A sound history: what its operations imply is all there. */
function history(operations: OperationRow[], fields: Partial<Facts> = {}): Facts {
  return {
    operations,
    briefs: [],
    reports: operations.map(({ id }) => ({ operationId: id, content: `Report of ${id}` })),
    handoffs: operations.map(({ id }) => ({ operationId: id, handoff: `Report of ${id}` })),
    comments: [],
    ticks: operations.flatMap(({ id, tickToken }) =>
      tickToken === null
        ? []
        : [{ token: tickToken, outcome: 'fired', operationId: id, publications: 1, lateMs: 0 }],
    ),
    overcounted: [],
    ...fields,
  };
}

const nothing = { comments: [], resolutions: [], runs: [] };

/** What is found, by its name. */
function found(facts: Facts, testimony: Partial<Testimony>): string[] {
  return audit(facts, { calls: [], acknowledged: nothing, ...testimony })
    .filter(({ cases }) => cases.length > 0)
    .map(({ what }) => what);
}

test('a sound history has no findings', () => {
  const brief = { type: 'insight', priority: 'normal', title: 'Ships', summary: 'Seven' } as const;
  const facts = history([operation('a'), operation('b', { startedMs: 3_000, finishedMs: 4_000 })], {
    briefs: [{ id: 'brief', title: 'Ships', taskId: 'task', resolvedAction: null, resolvedMs: null }],
  });
  const told = { how: 'later', verdict: 'settled', tellings: 1, startedMs: 3_100, endedMs: 3_900 } as const;
  const words = { status: 'done', content: 'Report of a', briefs: [brief] } as const;
  expect(
    found(facts, { calls: [call('a', { words: { ...words, briefs: [brief] } }), call('b', told)] }),
  ).toEqual([]);
});

describe('what must not be is found', () => {
  const sound = history([operation('a')]);

  test.each<[string, Facts, Partial<Testimony>]>([
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
    [
      'operations of a tick that the ledger does not tell of',
      { ...sound, ticks: [] },
      { calls: [call('a')] },
    ],
    [
      'results that no agent gave',
      sound,
      { calls: [call('a', { words: { status: 'error', content: 'Report of a' } })] },
    ],
    ['settled results lost or doubled (report)', { ...sound, reports: [] }, { calls: [call('a')] }],
    [
      'briefs lost or doubled',
      sound,
      {
        calls: [
          call('a', {
            words: {
              status: 'done',
              content: 'Report of a',
              briefs: [{ type: 'insight', priority: 'normal', title: 'Ships', summary: '' }],
            },
          }),
        ],
      },
    ],
    [
      'callbacks acknowledged as settled, but not settled so',
      history([operation('a', { status: 'timeout' })]),
      { calls: [call('a', { how: 'later', verdict: 'settled' })] },
    ],
    [
      'callbacks refused as unknown',
      sound,
      { calls: [call('a', { how: 'later', verdict: 'unknown-address' })] },
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
      'acknowledged answers to briefs lost',
      sound,
      {
        calls: [call('a')],
        acknowledged: { ...nothing, resolutions: [{ briefId: 'x', action: 'approve', atMs: 1 }] },
      },
    ],
    [
      'acknowledged runs by hand lost',
      sound,
      { calls: [call('a')], acknowledged: { ...nothing, runs: [{ operationId: 'x', taskId: 'task' }] } },
    ],
    ['failures counted more than once', { ...sound, overcounted: ['task'] }, { calls: [call('a')] }],
  ])('%s', (what, facts, testimony) => {
    expect(found(facts, testimony)).toContain(what);
  });
});

test('an agent that outlived the lease of its run overlaps with the next, with a cause and without a finding', () => {
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
