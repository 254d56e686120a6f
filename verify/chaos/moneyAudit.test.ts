import { expect, test } from 'vitest';
import type { Facts, OperationRow, StepRow } from './databaseMonitor';
import type { ModelAnswer } from './modelServer';
import { auditMoney } from './moneyAudit';

const MARK = '11111111-1111-4111-8111-111111111111';

/** An answer for 2,000 micro-dollars, which was recorded and counted, and a run that stopped at its cap. */
const step: StepRow = {
  occurrence: 'token:0',
  kind: 'model',
  name: 'm',
  status: 'done',
  input: null,
  endedMs: 1,
  approval: null,
  result: `{"text":"Report ${MARK}"}`,
  spentMicros: 2_000,
};
const run: OperationRow = {
  id: 'run',
  taskId: 'task',
  tickToken: 'token',
  trigger: 'heartbeat',
  status: 'budget',
  errorCode: null,
  startedMs: 0,
  finishedMs: 1,
  agentKind: 'model',
  leaseEpoch: 0,
  losses: 0,
  occurrence: 'token',
  attempt: 1,
  session: null,
  spentMicros: 2_000,
};
const FACTS: Facts = {
  operations: [run],
  steps: [step],
  modelMicros: 2_000,
  briefs: [],
  reports: [],
  handoffs: [],
  comments: [],
  logs: [],
  ticks: [],
  findings: [],
};
const answer: ModelAnswer = {
  position: 'first',
  mark: MARK,
  startedMs: 0,
  usage: { promptTokens: 1_600, completionTokens: 200 },
};

const found = (facts: Partial<Facts>, answers: ModelAnswer[] = [answer]): string[] =>
  auditMoney({ ...FACTS, ...facts }, { answers })
    .filter(({ cases }) => cases.length > 0)
    .map(({ what }) => what);

test('what is owed is counted, an error costs nothing, and a call that nobody has reported may count more', () => {
  expect(found({}, [answer, { ...answer, mark: 'error', usage: null }])).toEqual([]);
  expect(found({ modelMicros: 9_000 })).toEqual([]);
});

test.each<[string, Partial<Facts>]>([
  [
    'calls of models that were counted otherwise than their provider reported',
    { steps: [{ ...step, spentMicros: 2_001 }] },
  ],
  [
    'calls of models that were counted otherwise than their provider reported',
    { steps: [{ ...step, spentMicros: null }] },
  ],
  ['money that the provider of models is owed and nobody has counted', { modelMicros: 1_999 }],
  ['caps that were never reached, so that nothing shows that they hold', { operations: [] }],
])('finds %s', (what, facts) => {
  expect(found(facts)).toEqual([what]);
});
