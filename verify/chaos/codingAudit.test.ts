import { expect, test } from 'vitest';
import { auditCoding } from './codingAudit';
import type { CodingRecord } from './codingPrograms';
import type { Facts, OperationRow } from './databaseMonitor';

const operation = (id: string, fields: Partial<OperationRow>): OperationRow => ({
  id,
  taskId: 'task',
  tickToken: id,
  trigger: 'heartbeat',
  status: 'done',
  errorCode: null,
  startedMs: 0,
  finishedMs: 0,
  agentKind: 'command',
  leaseEpoch: 0,
  losses: 0,
  occurrence: 'once',
  attempt: 1,
  session: 's',
  spentMicros: 0,
  ...fields,
});
const note = (pid: number, operationId: string, fields: Partial<CodingRecord>): CodingRecord => ({
  pid,
  operationId,
  occurrence: 'once',
  folder: '/task',
  atMs: 0,
  what: 'step',
  ...fields,
});

/** A run whose server was killed in the middle, and the next attempt, which goes on with its session. */
const OPERATIONS = [
  operation('first', { status: 'timeout', finishedMs: 1_500 }),
  operation('second', { attempt: 2, startedMs: 2_000, finishedMs: 3_500, spentMicros: 9_000 }),
];
const FACTS: Facts = {
  operations: OPERATIONS,
  briefs: [],
  comments: [],
  logs: [],
  ticks: [],
  steps: [],
  modelMicros: 0,
  findings: [],
  reports: [{ operationId: 'second', content: 'Worked on second' }],
  handoffs: [{ operationId: 'second', handoff: 'Worked on second' }],
};
const first = note(1, 'first', { what: 'start', atMs: 100 });
const lastOfFirst = note(1, 'first', { atMs: 1_900 });
const second = note(2, 'second', { what: 'start', atMs: 2_100, resumes: 's' });
const end = note(2, 'second', { what: 'end', atMs: 3_000, costUsd: 0.009 });
const RECORDS = [first, lastOfFirst, second, end];

const found = (facts: Partial<Facts>, records: readonly CodingRecord[]): string[] =>
  auditCoding({ ...FACTS, ...facts }, records)
    .filter(({ cases }) => cases.length > 0)
    .map(({ what }) => what);

test('a killed run that goes on with its session has no findings', () => {
  expect(found({}, RECORDS)).toEqual([]);
});

test('another task may be worked on at the same time, and the number of a process be used again', () => {
  const elsewhere = { folder: '/other', occurrence: 'other' };
  const other = operation('other', { occurrence: 'other', status: 'interrupted', session: null });
  const later = operation('later', { occurrence: 'later', status: 'interrupted', session: null });
  const records = [
    ...RECORDS,
    note(3, 'other', { ...elsewhere, what: 'start', atMs: 150 }),
    note(3, 'other', { ...elsewhere, atMs: 5_000 }),
    note(1, 'later', { what: 'start', occurrence: 'later', atMs: 4_000 }),
    note(1, 'later', { occurrence: 'later', atMs: 5_000 }),
  ];
  expect(found({ operations: [...OPERATIONS, other, later] }, records)).toEqual([]);
});

test.each<[string, Partial<Facts>, CodingRecord[]]>([
  [
    'coding agents that worked beside another one of their task',
    {},
    [first, { ...lastOfFirst, atMs: 2_101 }, second, end],
  ],
  [
    'coding runs that were begun again after they were done',
    {},
    [...RECORDS, note(3, 'second', { what: 'start', atMs: 3_600, resumes: 's' })],
  ],
  [
    'coding runs that did not go on with the session before',
    {},
    [first, lastOfFirst, { ...second, resumes: null }, end],
  ],
  [
    'coding agents that were given another occurrence than their run has',
    {},
    [first, lastOfFirst, { ...second, occurrence: 'twice' }, end],
  ],
  ['reports of coding agents lost or duplicated', {}, [first, lastOfFirst, second]],
  ['reports of coding agents lost or duplicated', { reports: [] }, RECORDS],
  ['reports of coding agents lost or duplicated', { reports: [...FACTS.reports, ...FACTS.reports] }, RECORDS],
  [
    'coding runs that were counted otherwise than they reported',
    {},
    [first, lastOfFirst, second, { ...end, costUsd: 0.01 }],
  ],
])('finds %s', (what, facts, records) => {
  expect(found(facts, records)).toContain(what);
});
