import { expect, test } from 'vitest';
import type { Facts, OperationRow, StepRow } from './databaseMonitor';
import { auditModels, type ModelRecords } from './modelAudit';

const MARKS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;
const [FIRST, SECOND] = MARKS;

const run: OperationRow = {
  id: 'run',
  taskId: 'task',
  tickToken: 'token',
  trigger: 'heartbeat',
  status: 'done',
  errorCode: null,
  startedMs: 1_000,
  finishedMs: 5_000,
  agentKind: 'model',
  leaseEpoch: 1,
  losses: 1,
  occurrence: 'token',
  attempt: 1,
  session: null,
  spentMicros: 0,
};

const step = (index: number, fields: Partial<StepRow>): StepRow => ({
  occurrence: `token:${index}`,
  kind: 'tool',
  name: 'chaos__send',
  status: 'done',
  input: null,
  result: null,
  endedMs: 1_000 * (index + 1),
  approval: null,
  spentMicros: null,
  ...fields,
});

/** A run that called the model, sent something, wrote a line, and reported. */
const FACTS: Facts = {
  operations: [run],
  briefs: [],
  reports: [{ operationId: 'run', content: `Report ${SECOND}` }],
  handoffs: [{ operationId: 'run', handoff: `Report ${SECOND}` }],
  comments: [],
  logs: [{ taskId: 'task', content: `Line of ${FIRST}` }],
  ticks: [],
  steps: [
    step(0, { kind: 'model', name: 'm', result: `{"toolCallId":"${FIRST}"}` }),
    step(1, {}),
    step(2, { name: 'write_document', input: `{"content":"Line of ${FIRST}"}` }),
    step(3, { kind: 'model', name: 'm', result: `{"text":"Report ${SECOND}"}` }),
  ],
  modelMicros: 0,
  findings: [],
};

const answer = (position: string, mark: string, startedMs: number) => ({
  position,
  mark,
  startedMs,
  usage: null,
});
const RECORDS: ModelRecords = {
  answers: [answer('first', FIRST, 500), answer(FIRST, SECOND, 3_500)],
  toolCalls: [{ tool: 'send', occurrence: 'token:1' }],
};

const found = (facts: Partial<Facts>, records: Partial<ModelRecords> = {}): string[] =>
  auditModels({ ...FACTS, ...facts }, { ...RECORDS, ...records })
    .filter(({ cases }) => cases.length > 0)
    .map(({ what }) => what);

test('a consistent run has no findings, also one of which an answer was lost with its server', () => {
  expect(found({})).toEqual([]);
  const lost = answer('first', '33333333-3333-4333-8333-333333333333', 400);
  expect(found({}, { answers: [lost, ...RECORDS.answers] })).toEqual([]);
});

test.each<[string, Partial<Facts>, Partial<ModelRecords>]>([
  [
    'calls of models made again after their answer was recorded',
    {},
    { answers: [...RECORDS.answers, answer('first', '33333333-3333-4333-8333-333333333333', 1_500)] },
  ],
  [
    'unsafe calls of tools that were made twice',
    {},
    { toolCalls: [...RECORDS.toolCalls, ...RECORDS.toolCalls] },
  ],
  [
    'calls of tools that were not recorded before',
    {},
    { toolCalls: [...RECORDS.toolCalls, { tool: 'send', occurrence: 'token:9' }] },
  ],
  ['calls of tools that are recorded and were never made', {}, { toolCalls: [] }],
  ['reports of models lost or duplicated', { reports: [] }, {}],
  ['reports of models lost or duplicated', { reports: [...FACTS.reports, ...FACTS.reports] }, {}],
  ['lines of models lost or duplicated', { logs: [] }, {}],
  [
    'lines of models lost or duplicated',
    { logs: [{ taskId: 'task', content: `Line of ${FIRST}\nLine of ${FIRST}` }] },
    {},
  ],
  [
    'runs of models that were given up because their server was gone',
    { operations: [{ ...run, status: 'timeout', errorCode: 'lease_lost' }] },
    {},
  ],
])('finds %s', (what, facts, records) => {
  expect(found(facts, records)).toContain(what);
});

test('finds calls that nobody approved', () => {
  const pay = (approval: string | null) => step(4, { name: 'chaos__pay', approval });
  const toolCalls = [...RECORDS.toolCalls, { tool: 'pay', occurrence: 'token:4' }];
  const withPay = (approval: string | null) =>
    found({ steps: [...FACTS.steps, pay(approval)] }, { toolCalls });
  expect(withPay('approve')).toEqual([]);
  for (const approval of ['decline', 'recovered', null])
    expect(withPay(approval)).toEqual(['calls of tools that nobody approved']);
});
