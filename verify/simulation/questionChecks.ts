import type pg from 'pg';
import type { Coverage } from './coverage';
import type { StatementResult } from './interleaver';
import type { AcknowledgedAnswer } from './simulatedAnswers';
import type { AnswerRow, BriefRow, Reading, Snapshot } from './snapshot';

interface Parts {
  pool: pg.Pool;
  coverage: Coverage;
  /** Its rows may be removed at any moment. */
  isBeingDeleted(taskId: string): boolean;
  /** The latest time that the clock has shown before it was set back. */
  latestShown(): Date;
  reportViolation(what: string): void;
}

/** What the person is told when silence has answered a question. */
const TOLD_OF_DEFAULT = /^Nobody answered /;

/** What silence chooses where the question names nothing. */
const NOTHING = 'decline';

/**
 * Checks what becomes of questions that nobody answers (PROTOCOL §4, §11): of an answer and the default at
 * most one takes effect, once and not before its time; a question is asked again once, and nothing is sent
 * for one that is over.
 */
export class QuestionChecks {
  /** The briefs that are answered, unless the answer was taken back. */
  private readonly answeredIds = new Set<string>();
  /** As what a brief was last asked again. */
  private readonly askedAgain = new Map<string, Asked>();

  constructor(private readonly parts: Parts) {}

  /** To be called after each step. */
  check({ answers, briefs }: Pick<Reading, 'answers' | 'briefs'>, known: Snapshot): void {
    const written = new Map(briefs.map((brief) => [brief.id, brief]));
    const last = new Map<string, AnswerRow['what']>();
    for (const { brief_id: id, what } of answers) {
      if (what === 'reopened') this.answeredIds.delete(id);
      else if (this.answeredIds.has(id))
        this.parts.reportViolation(`4: a brief that was answered was answered again (${what})`);
      else this.answeredIds.add(id);
      last.set(id, what);
    }
    for (const [id, what] of last) {
      const brief = written.get(id);
      if (brief !== undefined && what !== 'reopened') this.checkAnswer(brief, what);
    }
    this.checkTold({ answers, briefs }, known);
  }

  /** What a person was told about their answers must be so, unless it is taken back. */
  checkAcknowledged(
    answers: readonly AcknowledgedAnswer[],
    { briefs, tasks }: Snapshot,
    isTakenBack: (taskId: string) => boolean,
  ): void {
    for (const { taskId, briefId, action, isFirst } of answers) {
      const brief = briefs.get(briefId);
      if (brief === undefined || !tasks.has(taskId)) continue;
      if (!isFirst && brief.resolved_at === null && !isTakenBack(taskId))
        this.parts.reportViolation(`7: the answer ${action} came second, and the question is open`);
      else if (!isFirst)
        this.parts.coverage.count('question', brief.is_unanswered ? 'too late' : 'answered before');
      else if ((brief.resolved_action !== action || brief.is_unanswered) && !isTakenBack(taskId))
        this.parts.reportViolation(
          `7: the answer ${action} was acknowledged, and is ${brief.resolved_action}`,
        );
    }
  }

  private checkAnswer(brief: BriefRow, what: 'resolved' | 'default-taken'): void {
    const { coverage, latestShown, reportViolation } = this.parts;
    const { expires_at, resolved_at, resolved_action, is_unanswered, default_action } = brief;
    if (what === 'resolved') {
      if (expires_at === null || resolved_at === null) return;
      coverage.count(
        'question',
        isBefore(resolved_at, expires_at) ? 'answered before its default' : 'answered when its time was over',
      );
      if (is_unanswered) reportViolation('4: an answer of a person counts as silence');
      return;
    }
    coverage.count('question', 'default taken');
    if (expires_at === null) reportViolation('4: a default was taken of a question without a time');
    else if (resolved_at === null) reportViolation('4: a default was taken, and the question is open');
    // A clock that was ahead may have been set right between the decision and its commit.
    else if (isBefore(resolved_at, expires_at) && latestShown() < new Date(expires_at))
      reportViolation('4: a default was taken before its time');
    if (!is_unanswered || resolved_action !== (default_action ?? NOTHING))
      reportViolation(`4: the default ${default_action} was taken, and ${resolved_action} is recorded`);
  }

  /** Each default is told, once, in the commit that takes it. */
  private checkTold({ answers, briefs }: Pick<Reading, 'answers' | 'briefs'>, known: Snapshot): void {
    const told = new Map<string, number>();
    const add = (taskId: string, times: number) => told.set(taskId, (told.get(taskId) ?? 0) + times);
    for (const { task_id, what } of answers) if (what === 'default-taken') add(task_id, -1);
    for (const { id, task_id, title } of briefs)
      if (!known.briefs.has(id) && TOLD_OF_DEFAULT.test(title)) add(task_id, 1);
    for (const [taskId, times] of told)
      if (times !== 0 && !this.parts.isBeingDeleted(taskId))
        this.parts.reportViolation(
          `4: defaults were told ${Math.abs(times)} times too ${times > 0 ? 'often' : 'rarely'}`,
        );
  }

  /**
   * Executes the statement that asks questions again by calling `run`, and checks which it has asked against
   * the database as it was just before.
   */
  async aroundAskingAgain(now: string, run: () => Promise<StatementResult>): Promise<StatementResult> {
    const { pool } = this.parts;
    const before = await pool.query<Askable>({ ...ASKABLE, values: [now] });
    const result = await run();
    if (result.rowCount === 0) return result;
    const after = await pool.query<{ id: string }>({
      ...STILL_TO_ASK,
      values: [before.rows.map(({ id }) => id)],
    });
    const left = new Set(after.rows.map(({ id }) => id));
    const asked = before.rows.filter(({ id }) => !left.has(id));
    if (asked.length !== result.rowCount)
      this.parts.reportViolation('14: a question was asked again that was not due to be');
    for (const brief of asked) this.checkAskedAgain(brief, now);
    return result;
  }

  /** Counts only: that no question waits for years is a rule of `liveness.ts`. */
  async aroundCorrection(run: () => Promise<StatementResult>): Promise<StatementResult> {
    const result = await run();
    if (result.rowCount !== 0) this.parts.coverage.count('question', 'brought back from years ahead');
    return result;
  }

  private checkAskedAgain(brief: Askable, now: string): void {
    const { coverage, reportViolation } = this.parts;
    coverage.count('question', 'asked again');
    if (brief.expires_at !== null && Date.parse(brief.expires_at) <= Date.parse(now))
      reportViolation('14: a question was asked again although its time was over');
    const last = this.askedAgain.get(brief.id);
    this.askedAgain.set(brief.id, brief);
    // What is asked under its key may have been another question in between.
    const isAnother =
      last === undefined || last.question !== brief.question || brief.occurrences > last.occurrences + 1;
    if (!isAnother) reportViolation('14: a question was asked again twice');
  }

  /**
   * To be called before deliveries become those of a message (`changes`: of all that was decided about, as
   * JSON).
   */
  async beforeSending(changes: string): Promise<void> {
    if (changes.includes('"status":"sending"'))
      this.parts.coverage.count('question', 'looked at before sending');
    const { rows } = await this.parts.pool.query<{ why: string }>({ ...SENT_IN_VAIN, values: [changes] });
    for (const { why } of rows)
      this.parts.reportViolation(`14: a message is sent about what is over: ${why}`);
  }
}

const isBefore = (instant: string, other: string): boolean => Date.parse(instant) < Date.parse(other);

type Asked = Pick<Askable, 'question' | 'occurrences'>;

interface Askable {
  id: string;
  /** Another one once it asks something else. */
  question: string;
  occurrences: number;
  expires_at: string | null;
}

const ASKABLE = {
  name: 'simulation_askable',
  text: `
    select id, everbeat.question_hash(type, priority, purpose, title, summary, actions) as question, occurrences, to_json(expires_at) #>> '{}' as expires_at from everbeat.briefs
    where resolved_at is null and escalate_at <= $1::timestamptz
      and (snoozed_at is null or snoozed_until <= $1::timestamptz) order by id`,
};

const STILL_TO_ASK = {
  name: 'simulation_still_to_ask',
  text: 'select id from everbeat.briefs where id = any($1::uuid[]) and escalate_at is not null',
};

/** What a person asks for is sent whatever has become of it. */
const SENT_IN_VAIN = {
  name: 'simulation_sent_in_vain',
  text: `
    select case when t.deleted_at is null then 'it was answered' else 'its task was deleted' end as why
    from jsonb_to_recordset($1::jsonb) as w(id uuid, status text)
      join everbeat.deliveries d on d.id = w.id join everbeat.briefs b on b.id = d.brief_id
      join everbeat.tasks t on t.id = d.task_id
    where w.status = 'sending' and d.reason is distinct from 'asked'
      and ((b.resolved_at is not null and d.kind <> 'recovered') or t.deleted_at is not null)`,
};
