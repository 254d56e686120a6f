import { describe, expect, it } from 'vitest';
import { DONE, ended, nextHour, oneOff } from '../test/completions';
import {
  inSeconds,
  NOW,
  operationBy,
  resting,
  running,
  type StateChanges,
  taskState,
} from '../test/taskStates';
import { decideBriefResolution } from './briefResolution';
import { decideEdit, decidePause, decideStart } from './commandDecisions';
import { decideCompletion } from './completionDecision';
import type { ReviewState } from './schedulerState';
import { toInstant } from './schedulerState';

const CONFIG = { review: { requirement: 'It rhymes', maxIterations: 2 } };
const { id: operationId, topicId } = operationBy('heartbeat');
const work = (changes: Partial<ReviewState> = {}): ReviewState => ({
  phase: 'review',
  operationId,
  topicId,
  iteration: 1,
  ...changes,
});

/** The check of work that was handed in is under way. */
const checking = (review: Partial<ReviewState> = {}, changes: StateChanges = {}) =>
  running({
    config: CONFIG,
    operation: { ...operationBy('review'), continuesTopic: true },
    ...changes,
    scheduler: { trigger: 'review', continueTopicId: topicId, review: work(review), ...changes.scheduler },
  });

const reviewNow = { dueAt: NOW, trigger: 'review', continueTopicId: topicId };

describe('work that is handed in', () => {
  it('is checked now, in the same topic; what it leads to is kept', () => {
    const end = ended({ goalMet: true, nextRunInSeconds: 60, bringsBrief: true, reportHash: 'hash' });
    expect(decideCompletion(running({ config: CONFIG }), end, NOW)).toMatchObject({
      status: 'scheduled',
      arm: reviewNow,
      reason: 'awaits-review',
      asksWhetherGoalIsMet: false,
      review: work({ goalMet: true, nextRunInSeconds: 60, bringsBrief: true, reportHash: 'hash' }),
      automationRuns: 1,
    });
  });

  it('counts as one more try when it was worked on again', () => {
    const state = running({
      config: CONFIG,
      operation: operationBy('rework'),
      scheduler: { review: work({ phase: 'rework', iteration: 1 }) },
    });
    expect(decideCompletion(state, DONE, NOW).review).toMatchObject({ phase: 'review', iteration: 2 });
  });

  it.each([
    ['asks the person', running({ config: CONFIG }), ended({ bringsUrgentBrief: true })],
    ['waits for the person', running({ config: CONFIG, humanWaiting: true }), DONE],
    ['watches a page', running({ config: CONFIG, agentKind: 'watch' }), DONE],
    ['has no requirement', running(), DONE],
  ])('of a run that %s is not checked', (_why, state, end) => {
    const plan = decideCompletion(state, end, NOW);
    expect(plan.arm?.trigger).not.toBe('review');
    expect(plan.review).toBeUndefined();
  });

  it('is checked also after the end date, and after the last run', () => {
    const config = { ...CONFIG, endAt: toInstant(inSeconds(-60)) };
    const { arm } = decideCompletion(running({ config, maxTopics: 1 }), DONE, NOW);
    expect(arm).toEqual(reviewNow);
  });
});

describe('a check', () => {
  it('that passes lets the work count as its own run would have', () => {
    expect(decideCompletion(checking(), ended({ verdict: 'passed' }), NOW)).toMatchObject({
      status: 'scheduled',
      arm: nextHour,
      reason: 'done',
    });
    const goal = decideCompletion(checking({ goalMet: true }), ended({ verdict: 'passed' }), NOW);
    expect(goal.asksWhetherGoalIsMet).toBe(true);
    const approval = checking({}, { automationMode: null, heartbeatInterval: null });
    expect(decideCompletion(approval, ended({ verdict: 'passed' }), NOW).asksApproval).toBe(true);
  });

  it('ignores what the reviewer itself wishes for', () => {
    const end = ended({ verdict: 'passed', goalMet: true, nextRunInSeconds: 5, bringsUrgentBrief: true });
    const pacing = { minSeconds: 1, maxSeconds: 10 };
    const state = checking({}, { config: { ...CONFIG, pacing, mayComplete: true } });
    expect(decideCompletion(state, end, NOW)).toMatchObject({ status: 'scheduled', arm: nextHour });
  });

  it.each(['failed', 'uncertain'] as const)(
    'that says %s lets the agent try again in the same topic',
    (verdict) => {
      const plan = decideCompletion(checking(), ended({ verdict }), NOW);
      expect(plan).toMatchObject({
        status: 'scheduled',
        reason: 'review-failed',
        consecutiveFailures: 0,
        asksAboutReview: false,
        arm: { dueAt: NOW, trigger: 'rework', continueTopicId: topicId },
        review: { phase: 'rework', iteration: 1 },
      });
    },
  );

  it('of the last try asks the person, and so does one after the end date', () => {
    const last = decideCompletion(checking({ iteration: 2 }), ended({ verdict: 'failed' }), NOW);
    expect(last).toMatchObject({ blockedBy: 'urgent-brief', arm: null, asksAboutReview: true });
    expect(last.review?.phase).toBe('asked');
    const late = checking({}, { config: { ...CONFIG, endAt: toInstant(inSeconds(-60)) } });
    expect(decideCompletion(late, ended({ verdict: 'failed' }), NOW).asksAboutReview).toBe(true);
  });

  it('whose reviewer fails is made again, whatever time the rule gives, and the work waits for it', () => {
    const cron = {
      automationMode: 'schedule',
      schedulePattern: '* * * * *',
      scheduleTimezone: 'UTC',
    } as const;
    const plan = decideCompletion(
      checking({}, cron),
      ended({ status: 'error', errorCode: 'agent_error' }),
      NOW,
    );
    expect(plan).toMatchObject({
      failureClass: 'transient',
      status: 'scheduled',
      review: work(),
      consecutiveFailures: 0,
      arm: { trigger: 'review', continueTopicId: topicId, retry: { attempt: 2 } },
    });
  });

  it('that is lost again and again is no strike', () => {
    const state = checking({}, { scheduler: { lostRuns: 4 } });
    const plan = decideCompletion(state, ended({ status: 'timeout', errorCode: 'lease_lost' }), NOW);
    expect(plan).toMatchObject({ status: 'scheduled', consecutiveFailures: 0, arm: { trigger: 'review' } });
  });

  it('of a one-off is given up after a day: the task is paused with the error, and the work is kept', () => {
    const since = toInstant(inSeconds(-25 * 3_600));
    const streak = { class: 'transient', count: 9, since, farSide: 'x', told: false } as const;
    const oneOffTask = { automationMode: null, heartbeatInterval: null, scheduler: { streak } } as const;
    const plan = decideCompletion(checking({}, oneOffTask), ended({ status: 'error' }), NOW);
    expect(plan).toMatchObject({ status: 'paused', failureBrief: 'open', review: work() });
  });
});

describe('work that waits for its check', () => {
  const waiting = (changes: StateChanges = {}) =>
    resting(NOW, {
      config: CONFIG,
      ...changes,
      scheduler: { trigger: 'review', continueTopicId: topicId, review: work(), ...changes.scheduler },
    });

  it('is checked when the task is resumed after a pause', () => {
    const paused = taskState({
      status: 'paused',
      config: CONFIG,
      automationMode: 'heartbeat',
      heartbeatInterval: 60,
      scheduler: { review: decidePause(waiting()).review },
    });
    expect(decideStart(paused, NOW, 'resume')).toMatchObject({ arm: reviewNow, review: work() });
  });

  it('is forgotten when the task is started anew', () => {
    const plan = decideStart(waiting(), NOW);
    expect(plan).toMatchObject({ arm: { trigger: 'heartbeat' } });
    expect(plan.review).toBeUndefined();
  });

  it('stays due when the rule is edited', () => {
    const before = waiting();
    const plan = decideEdit(before, { ...before, heartbeatInterval: 7_200 }, NOW);
    expect(plan).toMatchObject({ arm: reviewNow, review: work() });
  });

  it('is checked after a failed run by hand, and after the cause of a failure was removed', () => {
    const byHand = running({
      config: CONFIG,
      operation: operationBy('manual', 'scheduled'),
      scheduler: { trigger: 'review', review: work() },
    });
    const plan = decideCompletion(byHand, ended({ status: 'error' }), NOW);
    expect(plan).toMatchObject({ status: 'scheduled', arm: reviewNow, review: work() });
    const paused = taskState({
      status: 'paused',
      config: CONFIG,
      scheduler: { review: work(), needsPerson: true },
    });
    const brief = { purpose: 'failure', type: 'error', topicId } as const;
    expect(decideBriefResolution(paused, brief, { action: 'retry', when: 'now' }, NOW)?.arm).toEqual({
      ...reviewNow,
      dueAt: inSeconds(10),
    });
  });

  it('is counted from the beginning when the person asks for another try', () => {
    const asked = taskState({
      status: 'scheduled',
      config: CONFIG,
      scheduler: { blockedBy: 'urgent-brief', review: work({ phase: 'asked', iteration: 2 }) },
    });
    const brief = { purpose: 'review', type: 'result', topicId } as const;
    const plan = decideBriefResolution(asked, brief, { action: 'retry', when: 'now' }, NOW);
    expect(plan).toMatchObject({ arm: { trigger: 'rework' }, review: { phase: 'rework', iteration: 0 } });
  });

  it('is not waited for any more when a further run succeeds', () => {
    const state = oneOff({ scheduler: { review: work() } });
    expect(decideCompletion(state, DONE, NOW).review).toBeUndefined();
  });
});
