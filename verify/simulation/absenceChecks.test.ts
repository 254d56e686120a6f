import { beforeEach, describe, expect, it } from 'vitest';
import { AbsenceChecks } from './absenceChecks';
import { Coverage } from './coverage';
import { Snapshot, type TaskRow, type TickRow } from './snapshot';
import type { PendingAct } from './userWorkload';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const inSeconds = (seconds: number): string => new Date(NOW.getTime() + seconds * 1_000).toISOString();

const armed = (seconds: number, change: Partial<TickRow> = {}): TickRow => ({
  id: 'token',
  task_id: 'task',
  outcome: null,
  reason: null,
  operation_id: null,
  trigger: 'heartbeat',
  armed_at: NOW.toISOString(),
  due_at: inSeconds(seconds),
  due_reason: 'absence',
  published_at: NOW.toISOString(),
  publications: 1,
  ...change,
});

const TASK: TaskRow = {
  id: 'task',
  user_id: 'ada',
  identifier: 'T-1',
  status: 'scheduled',
  automation_mode: 'heartbeat',
  failures: 0,
  lost_runs: 0,
  is_waiting: false,
  retry_wait_seconds: null,
  token: 'token',
  due_at: null,
  rule_seconds: 600,
  seen_at: null,
};

let violations: string[];
let orphan: string | null;
let coverage: Coverage;
let checks: AbsenceChecks;
beforeEach(() => {
  violations = [];
  coverage = new Coverage();
  orphan = null;
  checks = new AbsenceChecks({
    coverage,
    now: () => NOW,
    isOrphan: (id) => id === orphan,
    reportViolation: (what) => violations.push(what),
  });
});

describe('a beat that is put off', () => {
  it.each([
    ['of an interval', armed(86_400)],
    ['of a schedule, at the next of its times', armed(86_400 + 3_600, { trigger: 'schedule' })],
    ['by the rule, however long that is', armed(200_000, { due_reason: null })],
  ])('may be a day away: %s', (_what, tick) => {
    checks.checkArms({ ticks: [tick], tasks: [] }, new Snapshot());
    expect(violations).toEqual([]);
  });

  it('may not be further away', () => {
    checks.checkArms({ ticks: [armed(86_401)], tasks: [] }, new Snapshot());
    expect(violations).toEqual(['18: a beat was put off by 86401 s, more than a day']);
  });

  it.each([
    ['two weeks ago', inSeconds(-14 * 86_400)],
    ['at the same moment', NOW.toISOString()],
    ['later', inSeconds(1)],
    ['never', null],
  ])('may be one of a task that was looked at %s', (_when, seen_at) => {
    checks.checkArms({ ticks: [armed(4_800)], tasks: [{ ...TASK, seen_at }] }, new Snapshot());
    expect(violations).toEqual([]);
  });

  it.each(['written with it', 'known before'])(
    'may not be one of a task that was just looked at, %s',
    (how) => {
      const seen = { ...TASK, seen_at: inSeconds(-30) };
      const known = new Snapshot();
      if (how === 'known before') known.tasks.set('task', seen);
      checks.checkArms({ ticks: [armed(4_800)], tasks: how === 'known before' ? [] : [seen] }, known);
      expect(violations).toEqual(['18: a beat was put off 30 s after a look']);
    },
  );
});

describe('a task that was looked at', () => {
  const look = (change: Partial<PendingAct> = {}): PendingAct => ({
    what: 'look',
    userId: 'ada',
    taskId: 'task',
    hasEnded: true,
    result: 'done',
    disturbances: 0,
    ...change,
  });
  /** After these acts, the task is armed for so many seconds ahead; its interval is ten minutes. */
  function foundAfter(acts: PendingAct[], seconds: number, change: Partial<TaskRow> = {}): string[] {
    const snapshot = new Snapshot();
    snapshot.tasks.set('task', { ...TASK, due_at: inSeconds(seconds), ...change });
    snapshot.ticks.set('token', armed(seconds));
    checks.checkLooks(acts, snapshot);
    return violations;
  }

  it('beats within its interval', () => {
    expect(foundAfter([look()], 600)).toEqual([]);
  });

  it('may not be slowed down any more', () => {
    expect(foundAfter([look()], 4_800)).toEqual(['18: T-1 was looked at, and is still slowed down']);
  });

  it('may be for as long as the watchdog has not repaired what a hand edit broke', () => {
    orphan = TASK.id;
    expect(foundAfter([look()], 4_800)).toEqual([]);
  });

  it('stays as it is, if its rule gives no time any more', () => {
    expect(foundAfter([look()], 4_800, { rule_seconds: null })).toEqual([]);
  });

  it.each([
    ['goes on', look({ hasEnded: false, result: null })],
    ['met a fault', look({ disturbances: -1 })],
    ['is another act', look({ what: 'trespass' })],
  ])('may be, if the look %s', (_why, act) => {
    expect(foundAfter([act], 4_800)).toEqual([]);
  });
});
