import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { Coverage } from './coverage';
import { QuestionChecks } from './questionChecks';
import { type AnswerRow, type BriefRow, Snapshot } from './snapshot';

const ENDS_AT = '2026-01-01T01:00:00.000Z';
const LATER = '2026-01-01T01:00:01.000Z';

const question: BriefRow = {
  id: 'question',
  task_id: 'task',
  user_id: 'ada',
  actions: [],
  purpose: null,
  title: 'Buy or wait?',
  occurrences: 1,
  expires_at: ENDS_AT,
  default_action: 'wait',
  escalate_at: null,
  resolved_at: null,
  resolved_action: null,
  effect: null,
  is_unanswered: false,
};
const told: BriefRow = {
  ...question,
  id: 'told',
  title: 'Nobody answered T-1: “Wait” was chosen',
  expires_at: null,
  default_action: null,
};
const byPerson = { resolved_at: LATER, resolved_action: 'buy' };
const bySilence = { resolved_at: LATER, resolved_action: 'wait', is_unanswered: true };

let violations: string[];
let checks: QuestionChecks;
let coverage: Coverage;
let ids = 0;
let latestShown = new Date(0);
beforeEach(() => {
  latestShown = new Date(0);
  violations = [];
  coverage = new Coverage();
  checks = new QuestionChecks({
    // It connects when it is first asked something.
    pool: new pg.Pool(),
    coverage,
    isBeingDeleted: () => false,
    latestShown: () => latestShown,
    reportViolation: (what) => violations.push(what),
  });
});

/** One step, after which these briefs have been written. */
function step(whats: AnswerRow['what'][], ...briefs: BriefRow[]): void {
  const answers = whats.map((what): AnswerRow => {
    ids += 1;
    return { id: ids, task_id: 'task', brief_id: 'question', what };
  });
  checks.check({ answers, briefs }, new Snapshot());
}

describe('of an answer and the default of a question', () => {
  it('either alone is right, and the default is told', () => {
    step(['resolved'], { ...question, ...byPerson });
    step(['reopened'], question);
    step(['default-taken'], { ...question, ...bySilence }, told);
    expect(violations).toEqual([]);
    expect(coverage.counts).toEqual({
      'question: answered when its time was over': 1,
      'question: default taken': 1,
    });
  });

  it('a default may have been decided by a clock that has been set right since', () => {
    latestShown = new Date(ENDS_AT);
    const resolved_at = '2026-01-01T00:30:00.000Z';
    step(['default-taken'], { ...question, ...bySilence, resolved_at }, told);
    expect(violations).toEqual([]);
  });

  it('both are one too many, whichever is first', () => {
    step(['resolved', 'default-taken'], { ...question, ...bySilence }, told);
    expect(violations).toEqual(['4: a brief that was answered was answered again (default-taken)']);
  });

  it.each([
    [
      'is not taken before its time',
      { resolved_at: '2026-01-01T00:59:59.999Z' },
      'a default was taken before its time',
    ],
    [
      'is not taken of a question without a time',
      { expires_at: null },
      'a default was taken of a question without a time',
    ],
    ['answers the question', { resolved_at: null }, 'a default was taken, and the question is open'],
    [
      'is the one that the question names',
      { resolved_action: 'buy' },
      'the default wait was taken, and buy is recorded',
    ],
  ])('the default %s', (_rule, change, violation) => {
    step(['default-taken'], { ...question, ...bySilence, ...change }, told);
    expect(violations).toEqual([`4: ${violation}`]);
  });

  it('the default is told, once', () => {
    step(['default-taken'], { ...question, ...bySilence });
    expect(violations).toEqual(['4: defaults were told 1 times too rarely']);
  });
});

describe('what a person was told about an answer', () => {
  const acknowledged = (change: Partial<BriefRow>, isTakenBack = false, isFirst = true): void => {
    const snapshot = new Snapshot();
    snapshot.briefs.set('question', { ...question, ...change });
    snapshot.tasks.set('task', {
      id: 'task',
      user_id: 'ada',
      identifier: 'T-1',
      status: 'scheduled',
      automation_mode: null,
      failures: 0,
      lost_runs: 0,
      is_waiting: false,
      retry_wait_seconds: null,
      token: null,
      due_at: null,
      rule_seconds: null,
      seen_at: null,
    });
    const answer = { taskId: 'task', briefId: 'question', action: 'buy', isFirst };
    checks.checkAcknowledged([answer], snapshot, () => isTakenBack);
  };

  it('is so, unless it is taken back', () => {
    acknowledged(byPerson);
    acknowledged({}, true);
    expect(violations).toEqual([]);
  });

  it('is lost if the default is recorded', () => {
    acknowledged(bySilence);
    expect(violations).toEqual(['7: the answer buy was acknowledged, and is wait']);
  });

  it('that came second is so, whatever came first, and also while that is taken back', () => {
    acknowledged(bySilence, false, false);
    acknowledged({}, true, false);
    expect(violations).toEqual([]);
    expect(coverage.counts).toEqual({ 'question: too late': 1, 'question: answered before': 1 });
  });

  it('that came second is lost if nothing came first', () => {
    acknowledged({}, false, false);
    expect(violations).toEqual(['7: the answer buy came second, and the question is open']);
  });
});
