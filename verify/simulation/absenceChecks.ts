import { LIMITS } from '@everbeat/domain';
import { ABSENCE_AFTER_DAYS } from './cluster';
import type { Coverage } from './coverage';
import { type Reading, RULE_SECONDS_MAX, type Snapshot, type TaskRow, type TickRow } from './snapshot';
import type { PendingAct } from './userWorkload';

interface Parts {
  coverage: Coverage;
  now(): Date;
  /** Whether a hand edit has broken its arm, which the watchdog has not repaired yet. */
  isOrphan(taskId: string): boolean;
  reportViolation(what: string): void;
}

const DAY_SECONDS = 86_400;

/** Checks tasks that beat more slowly because nobody looks at them (PROTOCOL §4.5). */
export class AbsenceChecks {
  constructor(private readonly parts: Parts) {}

  /**
   * A beat is put off by a day at most, that of a cron task to the next of its times, and only that of a task
   * at which nobody has looked for long.
   */
  checkArms({ ticks, tasks }: Pick<Reading, 'ticks' | 'tasks'>, known: Snapshot): void {
    const written = new Map(tasks.map((task) => [task.id, task]));
    for (const { id, task_id, due_reason, armed_at, due_at, trigger } of ticks) {
      if (due_reason !== 'absence' || known.ticks.has(id)) continue;
      const aheadSeconds = (Date.parse(due_at) - Date.parse(armed_at)) / 1_000;
      if (aheadSeconds > DAY_SECONDS + (trigger === 'schedule' ? RULE_SECONDS_MAX : 0))
        this.parts.reportViolation(`18: a beat was put off by ${aheadSeconds} s, more than a day`);
      const { seen_at = null } = written.get(task_id) ?? known.tasks.get(task_id) ?? {};
      const unseenMs = Date.parse(armed_at) - Date.parse(seen_at ?? '');
      // Whoever looks after the decision, or with a clock that is ahead, does not count.
      if (unseenMs > 0 && unseenMs < ABSENCE_AFTER_DAYS * DAY_SECONDS * 1_000)
        this.parts.reportViolation(`18: a beat was put off ${unseenMs / 1_000} s after a look`);
    }
  }

  /** Whoever has looked at a task, while nothing failed, finds it in its own rhythm. */
  checkLooks(acts: readonly PendingAct[], snapshot: Snapshot): void {
    for (const { what, taskId, result, disturbances } of acts) {
      const isUndisturbed = disturbances === this.parts.coverage.disturbances;
      if (what === 'look' && result === 'done' && isUndisturbed) this.checkRhythm(taskId ?? '', snapshot);
    }
  }

  /** Everybody has looked at everything. */
  checkAll(snapshot: Snapshot): void {
    for (const taskId of snapshot.tasks.keys()) this.checkRhythm(taskId, snapshot);
  }

  private checkRhythm(taskId: string, { tasks, ticks }: Snapshot): void {
    const task = tasks.get(taskId);
    const arm = ticks.get(task?.token ?? '');
    if (this.parts.isOrphan(taskId)) return;
    if (task?.status === 'scheduled' && arm !== undefined && this.isLate(task, arm))
      this.parts.reportViolation(`18: ${task.identifier} was looked at, and is still slowed down`);
  }

  /**
   * Whether the arm is later than the rule gives from now. That of a rule which gives no time ends with its
   * tick.
   */
  private isLate({ rule_seconds }: TaskRow, { due_reason, due_at }: TickRow): boolean {
    if (rule_seconds === null || due_reason !== 'absence') return false;
    return Date.parse(due_at) > this.parts.now().getTime() + rule_seconds * 1_000 + LIMITS.earlyToleranceMs;
  }
}
