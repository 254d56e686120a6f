import { EMPTY_SCHEDULER_STATE, type SchedulerState, type TickView } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { formatClock } from '@/lib/format/time';
import { ledgerLine } from './ledgerLabels';

const TOKEN = '6f1d3f4e-6a0b-4b53-9d4c-0a1b2c3d4e5f';

const tick = (changes: Partial<TickView>): TickView => ({
  token: TOKEN,
  trigger: 'heartbeat',
  dueAt: new Date('2030-05-01T12:00:00.000Z'),
  dueReason: null,
  armedAt: new Date('2030-05-01T11:45:00.000Z'),
  publications: 1,
  outcome: null,
  reason: null,
  operationId: null,
  attempt: null,
  failureClass: null,
  lateMs: null,
  endedAt: null,
  ...changes,
});

/** The line of a tick of a task whose scheduler is in this state. */
const line = (changes: Partial<TickView>, scheduler: Partial<SchedulerState> = {}) =>
  ledgerLine(tick(changes), {
    id: 'task-1',
    context: { scheduler: { ...EMPTY_SCHEDULER_STATE, tickToken: TOKEN, ...scheduler } },
  });

describe('a line of the ledger', () => {
  it('says how late a tick started its run', () => {
    expect(line({ outcome: 'fired', lateMs: 12, attempt: 1 })).toEqual({
      tone: 'good',
      text: 'started a run, 12 ms late',
    });
  });

  it('says why a run failed, which attempt it was, and whether it counted', () => {
    const away = line({ outcome: 'fired', lateMs: 12, attempt: 3, failureClass: 'transient' });
    expect(away).toEqual({
      tone: 'failed',
      text: 'started attempt 3, 12 ms late: the server that it needs did not answer; not counted as a failure',
    });
    const broken = { outcome: 'fired', lateMs: 12, attempt: 1, failureClass: 'agent' } as const;
    expect(line(broken).text).toBe('started a run, 12 ms late: it failed; 3 in a row pause the task');
    expect(line({ ...broken, trigger: 'brief' }).text).toMatch(/: it failed$/);
  });

  it('says why a tick started no run', () => {
    expect(line({ outcome: 'skipped', reason: 'early' }).text).toBe('skipped: it came before its due time');
    expect(line({ outcome: 'superseded', reason: 'edited' }).text).toBe('replaced: you edited the task');
  });

  it('shows an unknown reason as it is stored', () => {
    expect(line({ outcome: 'skipped', reason: 'moon-phase' }).text).toBe('skipped: moon-phase');
  });

  it('shows a tick without an outcome as waiting', () => {
    expect(line({})).toEqual({ tone: 'waiting', text: 'waiting for its time' });
  });
});

describe('the line of a further attempt that waits', () => {
  const retry = { occurrence: TOKEN, attempt: 2, waitSeconds: 900 };
  const since = '2030-05-01T11:30:00.000Z';
  const streak = { class: 'transient', count: 3, since, farSide: 'network', told: false } as const;
  const [from, until] = [since, '2030-05-01T12:00:00.000Z'].map((instant) => formatClock(new Date(instant)));

  it('names the far side that is away, since when, and when it is tried again', () => {
    expect(line({}, { retry, streak }).text).toBe(
      `the network has been away since ${from}; tried again at ${until}`,
    );
  });

  it('names the limit that it waits for', () => {
    const limited = { ...streak, class: 'rate-limit', farSide: 'a.example.com' } as const;
    expect(line({}, { retry, streak: limited }).text).toBe(
      `waits for the limit of a.example.com until ${until}`,
    );
  });

  it('says that the process was lost, also during an outage', () => {
    expect(line({}, { retry, streak, lostRuns: 1 }).text).toBe(
      `the server stopped while it ran; run again at ${until}`,
    );
  });

  it('is only that of the armed tick', () => {
    expect(line({}, { retry, streak, tickToken: null }).text).toBe('waiting for its time');
  });
});
