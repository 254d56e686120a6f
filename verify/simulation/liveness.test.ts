import { describe, expect, it } from 'vitest';
import { expectLiveness, expectTold, whenAllIsTold } from './liveness';
import { type BriefRow, type DeliveryRow, Snapshot, type TaskRow } from './snapshot';

const NOW = new Date('2026-01-01T00:24:00.000Z');
const TASK_ID = 'task';
const TOKEN = 'token';

const inSeconds = (seconds: number): string => new Date(NOW.getTime() + seconds * 1_000).toISOString();

/** A task whose far side is away, armed for `dueAt`. */
function waitingTask(dueAt: string, retryWaitSeconds: number | null): Snapshot {
  const snapshot = new Snapshot();
  snapshot.tasks.set(TASK_ID, {
    id: TASK_ID,
    user_id: 'bob',
    identifier: 'T-3',
    status: 'scheduled',
    automation_mode: 'heartbeat',
    failures: 0,
    lost_runs: 0,
    is_waiting: true,
    retry_wait_seconds: retryWaitSeconds,
    token: TOKEN,
    due_at: dueAt,
    rule_seconds: 600,
    seen_at: null,
  } satisfies TaskRow);
  snapshot.ticks.set(TOKEN, {
    id: TOKEN,
    task_id: TASK_ID,
    outcome: null,
    reason: null,
    operation_id: null,
    trigger: 'heartbeat',
    armed_at: NOW.toISOString(),
    due_at: dueAt,
    due_reason: null,
    published_at: NOW.toISOString(),
    publications: 1,
  });
  return snapshot;
}

/** How many seconds from now the task may take to run again. */
function patienceSeconds(snapshot: Snapshot): number {
  const expectations = expectLiveness({ snapshot, orphanIds: new Set() }, NOW.getTime());
  const runsAgain = expectations.find(({ what }) => what.startsWith('15: T-3 of bob did not run again'));
  if (runsAgain === undefined) throw new Error('Nothing is expected of the task');
  return (runsAgain.deadlineMs - NOW.getTime()) / 1_000;
}

describe('a task whose far side is away must run again', () => {
  it('once its wait is over', () => {
    const [sooner, later] = [1_000, 2_000].map((wait) => patienceSeconds(waitingTask(inSeconds(wait), wait)));
    expect(later).toBe((sooner ?? 0) + 1_000);
  });

  it('after one more wait, if the watchdog has to arm it anew because a clock was years ahead', () => {
    const inYears = inSeconds(9 * 365 * 86_400);
    const [short, long] = [30, 2_000].map((wait) => patienceSeconds(waitingTask(inYears, wait)));
    expect(long).toBeGreaterThan(patienceSeconds(waitingTask(inSeconds(2_000), 2_000)));
    expect(long).toBe((short ?? 0) + 1_970);
  });

  it('after the longest time between two runs, if what is armed anew is no further attempt', () => {
    const inYears = inSeconds(9 * 365 * 86_400);
    expect(patienceSeconds(waitingTask(inYears, null))).toBe(patienceSeconds(waitingTask(inYears, 3_600)));
  });
});

describe('a delivery that waits for the digest', () => {
  const digest = (change: Partial<DeliveryRow> = {}): Snapshot => {
    const snapshot = new Snapshot();
    snapshot.deliveries.set('news', {
      id: 'news',
      task_id: TASK_ID,
      user_id: 'bob',
      channel_id: 'mail',
      channel: 'email',
      kind: 'change',
      status: 'pending',
      reason: 'digest',
      attempts: 0,
      message_id: null,
      rule: 'digest',
      due_at: inSeconds(3_600),
      ...change,
    });
    return snapshot;
  };

  it('is waited for until its quiet hours are over, too', () => {
    const toldAt = whenAllIsTold({ snapshot: digest() }, NOW.getTime());
    expect(toldAt).toEqual(new Date(inSeconds(3_600 + 1_800)));
    expect(whenAllIsTold({ snapshot: digest({ status: 'sent', reason: null }) }, NOW.getTime())).toBeNull();
  });

  it('is not waited for as far ahead as a wrong clock has put it', () => {
    const inYears = digest({ due_at: inSeconds(9 * 365 * 86_400) });
    expect(whenAllIsTold({ snapshot: inYears }, NOW.getTime())).toEqual(new Date(inSeconds(1_800)));
  });

  it('must be sent then, and may not wait for another one', () => {
    const [expected] = expectTold({ snapshot: digest() }, NOW.getTime());
    const isMetBy = (change: Partial<DeliveryRow>) =>
      expected?.isMet({ snapshot: digest(change), orphanIds: new Set() });
    expect(isMetBy({ status: 'sent', reason: null })).toBe(true);
    expect(isMetBy({ due_at: inSeconds(90_000) })).toBe(false);
  });
});

describe('a question that nobody answers', () => {
  const asked = (change: Partial<BriefRow>): Snapshot => {
    const snapshot = waitingTask(inSeconds(0), null);
    snapshot.briefs.set('question', {
      id: 'question',
      task_id: TASK_ID,
      user_id: 'bob',
      actions: [],
      purpose: null,
      title: 'Buy?',
      occurrences: 1,
      expires_at: null,
      default_action: null,
      escalate_at: null,
      resolved_at: null,
      resolved_action: null,
      effect: null,
      is_unanswered: false,
      ...change,
    });
    return snapshot;
  };
  const expected = (snapshot: Snapshot) =>
    expectLiveness({ snapshot, orphanIds: new Set() }, NOW.getTime()).filter(({ what }) =>
      what.includes('a question'),
    );

  it.each([
    [
      'must be answered by its default in time',
      { expires_at: inSeconds(60) },
      { resolved_at: inSeconds(70) },
    ],
    ['must be asked again in time', { escalate_at: inSeconds(60) }, { escalate_at: null }],
  ])('%s', (_rule, change, done) => {
    const [expectation, ...others] = expected(asked(change));
    expect(others).toEqual([]);
    expect(expectation?.deadlineMs).toBeGreaterThan(NOW.getTime() + 60_000);
    const isMetBy = (snapshot: Snapshot) => expectation?.isMet({ snapshot, orphanIds: new Set() });
    expect(isMetBy(asked(change))).toBe(false);
    expect(isMetBy(asked({ ...change, ...done }))).toBe(true);
    expect(isMetBy(new Snapshot()), 'its task was deleted').toBe(true);
  });

  it('may not wait for years, which a clock that was ahead has asked for', () => {
    const question = (at: string) => asked({ escalate_at: at });
    const [expectation, ...others] = expected(question(inSeconds(9 * 365 * 86_400)));
    expect(others).toEqual([]);
    expect(expectation?.what).toContain('18: a question waits for years');
    const isMetBy = (at: string) => expectation?.isMet({ snapshot: question(at), orphanIds: new Set() });
    expect(isMetBy(inSeconds(8 * 365 * 86_400))).toBe(false);
    expect(isMetBy(inSeconds(3_600))).toBe(true);
  });

  it('is waited for later, if its time is hours away', () => {
    const later = asked({ expires_at: inSeconds(14_400) });
    expect(expected(later)).toEqual([]);
    expect(whenAllIsTold({ snapshot: later }, NOW.getTime())).toEqual(new Date(inSeconds(14_400 + 1_800)));
  });
});
