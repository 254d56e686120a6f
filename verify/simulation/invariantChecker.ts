import { isAutomationTrigger, isOpen, LIMITS, type TaskStatus } from '@everbeat/domain';
import type pg from 'pg';
import { AbsenceChecks } from './absenceChecks';
import { ClaimChecks } from './claimChecks';
import type { Coverage } from './coverage';
import { DeliveryChecks } from './deliveryChecks';
import type { StatementResult } from './interleaver';
import { QuestionChecks } from './questionChecks';
import type { SimulatedChannels } from './simulatedChannels';
import { type DocumentRow, type OperationRow, type Reading, readDatabase, Snapshot } from './snapshot';
import type { UserActKind, UserWorkload } from './userWorkload';

const CLAIMS: readonly string[] = ['everbeat_claim', 'everbeat_claim_alone'];

/**
 * While faults are injected, a row of the ledger may stay open indefinitely, and a due time may be as far
 * ahead as a clock was.
 */
const NO_HORIZON_SECONDS = 1_000_000_000;

export interface InvariantCheckerParts {
  pool: pg.Pool;
  now(): Date;
  users: UserWorkload;
  /** How often each operation reached its agent. */
  callsOfOperation: ReadonlyMap<string, number>;
  channels: SimulatedChannels;
  coverage: Coverage;
  /** The latest time that the clock has shown before it was set back. */
  latestShown(): Date;
  reportViolation(what: string): void;
}

/**
 * Reads the database after every step. Besides `invariants.sql`, it checks what needs the state before the
 * step and the acts of the users: rows that changed although they had ended, rows that vanished, transitions
 * nobody requested.
 */
export class InvariantChecker {
  /** The rows as of the last check. */
  snapshot = new Snapshot();
  /**
   * Tasks that a hand edit left without arm and blocker, or without the question that they wait for, until
   * the watchdog has repaired them.
   */
  readonly orphanIds = new Set<string>();
  private sinceXid = 0;
  private afterChangeId = 0;
  private afterAnswerId = 0;

  private readonly deliveries: DeliveryChecks;
  private readonly claims: ClaimChecks;
  private readonly questions: QuestionChecks;
  private readonly absences: AbsenceChecks;

  constructor(private readonly parts: InvariantCheckerParts) {
    this.deliveries = new DeliveryChecks(parts);
    this.absences = new AbsenceChecks({ ...parts, isOrphan: (taskId) => this.orphanIds.has(taskId) });
    this.claims = new ClaimChecks({
      ...parts,
      isRunByPerson: (taskId) => this.wasRequested(taskId, ['run']),
    });
    this.questions = new QuestionChecks({
      ...parts,
      isBeingDeleted: (taskId) => this.wasRequested(taskId, ['delete']),
    });
  }

  /** Reads the rows written since the last check, or all rows if one has vanished, and checks them. */
  async check(horizonSeconds = NO_HORIZON_SECONDS): Promise<void> {
    const { pool, users, reportViolation } = this.parts;
    const { afterChangeId, afterAnswerId, sinceXid } = this;
    const since = { now: this.parts.now(), horizonSeconds, afterChangeId, afterAnswerId, sinceXid };
    const reading = await readDatabase(pool, since);
    this.checkViolations(reading);
    this.checkFinalStates(reading);
    this.checkFailures(reading);
    this.checkRestingTasks(reading);
    this.deliveries.check(reading, this.snapshot);
    this.questions.check(reading, this.snapshot);
    this.absences.checkArms(reading, this.snapshot);
    this.count(reading);
    this.snapshot.add(reading);
    if (!this.snapshot.isWhole(reading)) {
      const before = this.snapshot;
      this.snapshot = new Snapshot();
      this.snapshot.add(await readDatabase(pool, { ...since, sinceXid: 0 }));
      this.checkVanished(before, this.snapshot);
    }
    this.checkAcknowledged(this.snapshot);
    this.absences.checkLooks(users.pending, this.snapshot);
    for (const [operationId, calls] of this.parts.callsOfOperation) {
      if (calls > 1) reportViolation(`4: operation ${operationId} reached its agent ${calls} times`);
    }
    this.sinceXid = reading.next_xid;
    this.afterChangeId = reading.changes.at(-1)?.id ?? afterChangeId;
    this.afterAnswerId = reading.answers.at(-1)?.id ?? afterAnswerId;
    users.dropEnded();
  }

  /** To be called when people have just looked at all of their tasks, and nothing fails any more. */
  checkAllLookedAt(): void {
    this.absences.checkAll(this.snapshot);
  }

  private checkViolations({ violations }: Reading): void {
    for (const id of this.orphanIds) {
      if (!violations.some(({ task_id }) => task_id === id)) this.orphanIds.delete(id);
    }
    for (const { violation, task_id } of violations) {
      const isExcused = /^(2:|4: waits)/.test(violation) && this.orphanIds.has(task_id);
      if (!isExcused) this.parts.reportViolation(violation);
    }
  }

  /**
   * Counts new briefs and versions of documents, what answers led to, the outcomes of ticks, and for each
   * settlement its trigger, its outcome and the next status.
   */
  private count({ ticks, changes, operations, briefs, documents, money }: Reading): void {
    const { coverage } = this.parts;
    for (const { how } of money) coverage.count('money', how);
    for (const { operation_id } of documents)
      coverage.count('document', operation_id === null ? 'by a user' : 'by an agent');
    for (const { id, purpose, effect, resolved_action } of briefs) {
      const was = this.snapshot.briefs.get(id);
      if (purpose === 'budget' && resolved_action !== null && (was?.resolved_action ?? null) === null)
        coverage.count('budget', resolved_action);
      if (was === undefined) coverage.count('brief', purpose ?? 'of an agent');
      if (effect !== null && (was?.effect ?? null) === null) coverage.count('answer', effect);
    }
    for (const { id, outcome, reason } of ticks) {
      if (outcome !== null && (this.snapshot.ticks.get(id)?.outcome ?? null) === null)
        coverage.count('tick', reason === null ? outcome : `${outcome}, ${reason}`);
    }
    const written = new Map(operations.map((operation) => [operation.id, operation]));
    for (const { error_code, verdict, trigger, status } of operations) {
      if (error_code !== null) coverage.count('error', error_code);
      if (trigger === 'review' && status === 'done') coverage.count('review', verdict ?? 'turned off');
    }
    for (const { from_status, to_status, reason, ref_id } of changes) {
      if (from_status !== 'running') continue;
      const { trigger, status } = written.get(ref_id ?? '') ?? { trigger: 'unknown', status: 'deleted' };
      coverage.count('settled', `${trigger}, ${status}: ${to_status} (${reason})`);
    }
  }

  private wasRequested(taskId: string, kinds: readonly UserActKind[]): boolean {
    return this.parts.users.pending.some((act) => act.taskId === taskId && kinds.includes(act.what));
  }

  /** Whether a user takes an answer to a brief of the task back, which restores the task as it was. */
  private isTakenBack(taskId: string): boolean {
    return this.parts.users.pending.some((act) => act.taskId === taskId && act.isUndo === true);
  }

  /** An operation, brief or tick that has ended does not change any more, unless its user takes that back. */
  private checkFinalStates({ operations, briefs, ticks }: Reading): void {
    const { reportViolation } = this.parts;
    for (const is of operations) {
      const was = this.snapshot.operations.get(is.id);
      if (was === undefined || isOpen(was.status)) continue;
      if (is.status !== was.status || is.finished_at !== was.finished_at)
        reportViolation(`4: an operation that was ${was.status} became ${is.status}`);
    }
    for (const is of briefs) {
      const was = this.snapshot.briefs.get(is.id);
      if (was === undefined || was.resolved_at === null) continue;
      // What is open again may be over by itself, or by its default, before this is checked.
      const isOpenAgain = is.resolved_action === null;
      const isReopened = isOpenAgain || is.resolved_action === 'recovered' || is.is_unanswered;
      const isUndone = isReopened && this.isTakenBack(is.task_id);
      if (is.resolved_action !== was.resolved_action && !isUndone)
        reportViolation(`7: a brief resolved by ${was.resolved_action} became ${is.resolved_action}`);
    }
    for (const is of ticks) {
      const was = this.snapshot.ticks.get(is.id);
      if (was === undefined || was.outcome === null) continue;
      if (is.outcome !== was.outcome || is.reason !== was.reason || is.operation_id !== was.operation_id)
        reportViolation(`8: a tick that was ${was.outcome} became ${is.outcome}`);
    }
  }

  /** Rows vanish only together with their task, and a task only when a user deletes it. */
  private checkVanished(before: Snapshot, after: Snapshot): void {
    const { reportViolation } = this.parts;
    for (const { id, identifier } of before.tasks.values()) {
      if (!after.tasks.has(id) && !this.wasRequested(id, ['delete']))
        reportViolation(`7: ${identifier} vanished`);
    }
    const isLost = (rows: ReadonlyMap<string, unknown>, row: { id: string; task_id: string }): boolean =>
      after.tasks.has(row.task_id) && !rows.has(row.id);
    for (const row of before.operations.values())
      if (isLost(after.operations, row) && !mayBeThinned(row, before))
        reportViolation('7: an operation vanished');
    for (const row of before.briefs.values())
      if (isLost(after.briefs, row)) reportViolation('7: a brief vanished');
    for (const row of before.ticks.values())
      if (isLost(after.ticks, row)) reportViolation('8: a row of the ledger vanished');
    for (const row of before.documents.values())
      if (isLost(after.documents, row) && !isPast(row, after))
        reportViolation(`7: version ${row.version} of a document vanished`);
  }

  private checkAcknowledged({ tasks, comments, documents: stored }: Snapshot): void {
    const { commentIds, createdIds, deletedIds, documents, answers } = this.parts.users.acknowledged;
    this.questions.checkAcknowledged(answers.splice(0), this.snapshot, (taskId) => this.isTakenBack(taskId));
    for (const { taskId, name, version, content } of documents.splice(0)) {
      const isKept = [...stored.values()].some(
        (row) =>
          row.task_id === taskId && row.name === name && row.version === version && row.content === content,
      );
      if (tasks.has(taskId) && !isKept)
        this.parts.reportViolation('7: an acknowledged version of a document is lost');
    }
    for (const [id, taskId] of commentIds) {
      if (tasks.has(taskId) && !comments.has(id))
        this.parts.reportViolation('7: an acknowledged comment is lost');
    }
    for (const id of deletedIds) if (tasks.has(id)) this.parts.reportViolation('7: a deleted task is back');
    for (const id of createdIds) {
      if (!tasks.has(id) && !this.wasRequested(id, ['delete']) && !deletedIds.has(id))
        this.parts.reportViolation('7: an acknowledged task is lost');
      createdIds.delete(id);
    }
  }

  /**
   * Recomputes the failure count from the operations: each failed automation run adds one, unless a far side,
   * the end of its process or a matter for a person is the cause (invariant 15); a success, and a start,
   * resume or resolved brief by a user, reset it.
   */
  private checkFailures({ tasks, operations, changes }: Reading): void {
    const written = new Map(operations.map((operation) => [operation.id, operation]));
    for (const task of tasks) {
      const was = this.snapshot.tasks.get(task.id);
      let expected = was?.failures ?? 0;
      let lostRuns = was?.lost_runs ?? 0;
      let mayBeFewer = this.wasRequested(task.id, ['start', 'resume', 'resolve']);
      for (const { task_id, from_status, reason, ref_id } of changes) {
        if (task_id !== task.id) continue;
        if (reason === 'dependencies-met') expected = 0;
        const operation = from_status === 'running' ? written.get(ref_id ?? '') : undefined;
        if (operation === undefined || operation.error_code === 'start_failed') continue;
        if (operation.status === 'done') expected = 0;
        const isLost = operation.failure_class === 'lost';
        if (operation.status !== 'interrupted') lostRuns = isLost ? lostRuns + 1 : 0;
        if (reason === 'fuse' && operation.failure_class !== 'agent' && operation.failure_class !== 'lost')
          this.parts.reportViolation(`15: a failure of class ${operation.failure_class} blew the fuse`);
        const isStrike = operation.failure_class === 'agent' || lostRuns >= LIMITS.lostRunsMax;
        if (isStrike && isAutomationTrigger(operation.trigger)) expected += 1;
        // A run does not count once its task has no automation any more.
        if (task.automation_mode === null || was?.automation_mode === null) mayBeFewer = true;
      }
      if (this.isTakenBack(task.id)) continue;
      const isRight = mayBeFewer ? task.failures <= expected : task.failures === expected;
      if (!isRight)
        this.parts.reportViolation(`4: ${expected} failures of a task were counted as ${task.failures}`);
    }
  }

  /** A task leaves a resting status only when a user asks for it. */
  private checkRestingTasks({ changes }: Reading): void {
    for (const { task_id, from_status, to_status, reason } of changes) {
      if (from_status === null || !RESTING_STATUSES.includes(from_status)) continue;
      const isLeft = to_status === 'scheduled' || to_status === 'running';
      if (isLeft && !this.wasRequested(task_id, ['start', 'resume', 'run', 'resolve']))
        this.parts.reportViolation(
          `6: a task left ${from_status} for ${to_status} without a request (${reason})`,
        );
    }
  }

  /** Executes a statement by calling `run`, with the checks of what it must not do. */
  aroundStatement(
    { name = '', values = [] }: pg.QueryConfig,
    run: () => Promise<StatementResult>,
  ): Promise<StatementResult> {
    const [first = '', second = ''] = values.map(String);
    if (CLAIMS.includes(name)) return this.claims.around({ requests: first, now: second }, run);
    if (name === 'everbeat_ask_again') return this.questions.aroundAskingAgain(first, run);
    if (name === 'everbeat_correct_far_questions') return this.questions.aroundCorrection(run);
    // Of the deliveries that are due, some become those of a message.
    if (name === 'everbeat_decide_deliveries') return this.questions.beforeSending(first).then(run);
    return run();
  }
}

/** Whether the task has so many newer runs that retention may remove this one. Ids ascend with time. */
const mayBeThinned = ({ id, task_id, status }: OperationRow, { operations }: Snapshot): boolean =>
  !isOpen(status) &&
  [...operations.values()].filter((other) => other.task_id === task_id && other.id > id).length >=
    LIMITS.keptRunsDefault;

/** Whether a version is older than those that are kept. */
const isPast = ({ task_id, name, version }: DocumentRow, { documents }: Snapshot): boolean =>
  [...documents.values()].some(
    (other) =>
      other.task_id === task_id &&
      other.name === name &&
      other.version >= version + LIMITS.documentVersionsMax,
  );

const RESTING_STATUSES: readonly TaskStatus[] = ['paused', 'completed', 'failed', 'canceled'];
