import { type BriefView, LIMITS } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import type { InboxRow } from './inboxRow';
import { actable, callsFor, failedText, subjectOf } from './rowActs';

const ids = (count: number, prefix = 'b') => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
const brief: BriefView = {
  id: 'b',
  taskId: 'a',
  taskIdentifier: 'T-1',
  taskName: 'News',
  taskAutomationMode: 'heartbeat',
  taskAgentKind: 'watch',
  taskPageUrl: null,
  topicId: null,
  type: 'insight',
  priority: 'normal',
  title: '',
  summary: '',
  actions: [],
  key: null,
  purpose: null,
  document: null,
  pictures: null,
  readAt: null,
  expiresAt: null,
  defaultAction: null,
  escalateAt: null,
  resolvedAt: null,
  resolvedAction: null,
  resolvedComment: null,
  resolvedEffect: null,
  occurrences: 1,
  createdAt: new Date(0),
  updatedAt: new Date(0),
};
const row = (key: string, changes: Partial<InboxRow> = {}): InboxRow => ({
  key,
  isKept: false,
  taskId: key,
  taskIdentifier: 'T-1',
  taskTitle: 'News',
  agentName: null,
  kind: 'change',
  briefIds: ['b'],
  count: 1,
  title: 'A change',
  excerpt: '',
  type: 'insight',
  priority: 'normal',
  newestAt: new Date(0),
  oldestAt: new Date(0),
  readAt: null,
  snoozedUntil: null,
  muted: false,
  brief,
  ...changes,
});

describe('an act on rows', () => {
  it('is one call that names all of their briefs', () => {
    const rows = [row('a', { briefIds: ids(2, 'a') }), row('b', { briefIds: ids(1, 'b') })];
    expect(callsFor(rows, 'done', undefined)).toEqual([
      { briefIds: ['a0', 'a1', 'b0'], act: 'done', until: undefined },
    ]);
  });

  it('is a call of its own for a row with more briefs than it names', () => {
    const large = row('a', { briefIds: ids(LIMITS.inboxRowBriefsMax), kind: 'change' });
    expect(callsFor([large], 'snooze', 'changes')).toEqual([
      { taskId: 'a', kind: 'change', act: 'snooze', until: 'changes' },
    ]);
  });

  it('names no more briefs in a call than one act changes', () => {
    const rows = ids(60, 'row').map((key) => row(key, { briefIds: ids(LIMITS.inboxRowBriefsMax - 1, key) }));
    const calls = callsFor(rows, 'done', undefined);
    expect(calls.map(({ briefIds }) => briefIds?.length)).toEqual([LIMITS.inboxActBriefsMax, 940]);
  });

  it('leaves the questions, which are done when they are answered', () => {
    const rows = [row('a', { kind: 'needs-me' }), row('b', { kind: 'failed' })];
    expect(actable(rows, 'done')).toEqual([rows[1]]);
    expect(actable(rows, 'snooze')).toEqual(rows);
  });
});

it.each<[string, InboxRow[], string]>([
  ['one brief', [row('a', { title: 'Tea is dearer' })], 'T-1 · Tea is dearer'],
  ['several of a task', [row('a', { count: 3 })], 'T-1 · News'],
  ['several rows', [row('a'), row('b')], '2 rows'],
])('%s is named in a few words', (_what, rows, text) => {
  expect(subjectOf(rows)).toBe(text);
});

it('a failure says whether something was done before it', () => {
  expect(failedText('60 rows', 0)).toBe('60 rows: this did not work');
  expect(failedText('60 rows', 1)).toBe('60 rows: only a part of it was done');
});
