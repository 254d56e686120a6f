import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyStateThatIs, farSides, frozen, NOW, TOKEN } from '../test/taskStates';
import { decideCompletion } from './completionDecision';
import type { Completion, CompletionPlan } from './completionPlan';
import { CLASS_OF_CODE, mayBlameTask } from './failureClass';
import { LIMITS } from './limits';
import { isDueTooFar } from './planRest';
import { decideRollback } from './rollbackDecision';
import { toInstant } from './schedulerState';
import { FAILURE_CLASSES, isAutomationTrigger, REVIEW_VERDICTS, SETTLED_STATUSES } from './status';
import type { TaskState } from './taskState';
import { mayTransition } from './transitions';

describe('for any running task and any outcome of its run', () => {
  const anyEnd = fc.record({
    status: fc.constantFrom(...SETTLED_STATUSES),
    errorCode: fc.constantFrom(null, ...Object.keys(CLASS_OF_CODE)),
    failureClass: fc.constantFrom(undefined, ...FAILURE_CLASSES),
    retryAfterSeconds: fc.option(fc.double({ min: 0, noNaN: true }), { nil: undefined }),
    farSide: fc.option(farSides, { nil: undefined }),
    errorMessage: fc.option(fc.string()),
    goalMet: fc.boolean(),
    nextRunInSeconds: fc.option(fc.integer()),
    bringsUrgentBrief: fc.boolean(),
    bringsBrief: fc.boolean(),
    reportHash: fc.constantFrom(null, 'hash', 'other'),
    verdict: fc.constantFrom(undefined, 'dropped', ...REVIEW_VERDICTS),
  });
  /** A reviewer that ends without a verdict is broken. */
  const isBroken = ({ operation }: TaskState, { status, verdict }: Completion): boolean =>
    operation?.trigger === 'review' && status === 'done' && verdict === undefined;
  const holds = (check: (plan: CompletionPlan, state: TaskState, end: Completion) => void) =>
    fc.assert(
      fc.property(anyStateThatIs('running').map(frozen), anyEnd.map(frozen), (state, end) =>
        check(decideCompletion(state, end, NOW), state, end),
      ),
      { numRuns: 1_000 },
    );

  it('the plan follows the table and is deterministic', () => {
    holds((plan, state, end) => {
      expect(mayTransition('settle', 'running', plan.status)).toBe(true);
      expect(decideCompletion(state, end, NOW)).toEqual(plan);
    });
  });

  it('a scheduled task has exactly one of arm and blocker, any other has no arm', () => {
    holds((plan) => {
      if (plan.status === 'scheduled') expect(plan.arm === null).toBe(plan.blockedBy !== null);
      else expect(plan.arm).toBeNull();
    });
  });

  it('nothing is armed in the past or without a time', () => {
    holds(({ arm }) => {
      if (arm !== null) expect(arm.dueAt.getTime()).toBeGreaterThanOrEqual(NOW.getTime());
    });
  });

  it('a failure is counted at most once, and three failures never leave the task scheduled', () => {
    holds((plan, state) => {
      const before = state.scheduler.consecutiveFailures;
      expect([0, before, before + 1]).toContain(plan.consecutiveFailures);
      if (plan.consecutiveFailures >= LIMITS.fuseFailures) expect(plan.status).not.toBe('scheduled');
    });
  });

  it('only runs of the automation count, whose agent failed or whose process is lost again and again', () => {
    holds((plan, state, end) => {
      const { operation, automationMode, scheduler } = state;
      const isAutomatic = automationMode !== null && isAutomationTrigger(operation?.trigger ?? 'manual');
      const isLostAgain =
        plan.failureClass === 'lost' && mayBlameTask(end.errorCode) && (scheduler.lostRuns ?? 0) >= 4;
      const isStrike = plan.failureClass === 'agent' || isLostAgain;
      expect(plan.consecutiveFailures > scheduler.consecutiveFailures).toBe(isAutomatic && isStrike);
    });
  });

  it('a failed run has a class, any other has none', () => {
    holds((plan, state, end) => {
      const isFine =
        ['interrupted', 'budget'].includes(end.status) || (end.status === 'done' && !isBroken(state, end));
      expect(plan.failureClass === null).toBe(isFine);
    });
  });

  it('an outage, a limit or a lost process pauses no task of an automation that runs', () => {
    holds((plan, state, end) => {
      const isAway = plan.failureClass === 'transient' || plan.failureClass === 'rate-limit';
      const isLost = plan.failureClass === 'lost' && !mayBlameTask(end.errorCode);
      const isAutomatic = state.automationMode === 'heartbeat' && (state.heartbeatInterval ?? 0) > 0;
      const isBlown = state.scheduler.consecutiveFailures >= LIMITS.fuseFailures;
      if ((isAway || isLost) && isAutomatic && !isBlown) expect(plan.status).not.toMatch(/paused|failed/);
    });
  });

  it('a further attempt waits for as long as it says, and not shorter than the far side asks for', () => {
    holds(({ arm, failureClass }, { operation }, { retryAfterSeconds = 0 }) => {
      if (arm?.retry === undefined || operation?.tickToken === null) return;
      expect(arm.dueAt).toEqual(new Date(NOW.getTime() + arm.retry.waitSeconds * 1_000));
      expect(arm.retry).toMatchObject({ occurrence: operation?.occurrence, attempt: 2 });
      if (failureClass === 'lost') return;
      const asked = Math.min(retryAfterSeconds, LIMITS.retryAfterSecondsMax);
      expect(arm.retry.waitSeconds).toBeGreaterThanOrEqual(asked);
    });
  });

  it('no arm is further ahead than its rule, or the wait of its attempt, allows', () => {
    holds((plan, state) => {
      if (plan.arm === null) return;
      const { dueAt, trigger, retry } = plan.arm;
      const scheduler = { ...state.scheduler, tickToken: TOKEN, dueAt: toInstant(dueAt), trigger, retry };
      expect(isDueTooFar({ ...state, scheduler }, NOW)).toBe(false);
    });
  });

  it('a brief of an outage closes when the far side answers, and only a streak that was told of closes one', () => {
    holds(({ outage, failureClass, streak }, state, end) => {
      const { scheduler } = state;
      const isTold = scheduler.streak?.told === true;
      if (outage?.act === 'close')
        expect([isTold, outage.farSide]).toEqual([true, scheduler.streak?.farSide]);
      if ((end.status === 'done' && !isBroken(state, end)) || failureClass === 'agent') {
        expect([streak, outage !== null]).toEqual([undefined, isTold]);
      }
    });
  });

  it('what a reviewer does wrong costs no strike, and the work goes on waiting for its check', () => {
    holds((plan, state, end) => {
      if (state.operation?.trigger !== 'review') return;
      expect(plan.failureClass).not.toBe('agent');
      expect(plan.consecutiveFailures).toBeLessThanOrEqual(state.scheduler.consecutiveFailures);
      if (plan.failureClass !== null || end.status === 'interrupted')
        expect(plan.review).toEqual(state.scheduler.review);
    });
  });

  it('work that did not pass never counts: it is worked on again, or the person is asked', () => {
    holds((plan, state, { status, verdict }) => {
      const isFound = status === 'done' && (verdict === 'failed' || verdict === 'uncertain');
      if (state.operation?.trigger !== 'review' || !isFound) return;
      expect(plan.status).toBe('scheduled');
      expect(plan.asksApproval || plan.asksWhetherGoalIsMet || plan.opensReport).toBe(false);
      const { review } = state.scheduler;
      const mayGoOn =
        review !== undefined && review.iteration < 2 + (state.config.review === undefined ? 1 : 0);
      if (!mayGoOn) expect(plan.asksAboutReview).toBe(true);
      if (plan.arm !== null)
        expect(plan.arm).toMatchObject({ trigger: 'rework', continueTopicId: review?.topicId });
    });
  });

  it('a run that could not start is rolled back to the status it was claimed from, with one of arm and blocker', () => {
    fc.assert(
      fc.property(anyStateThatIs('running').map(frozen), (state) => {
        const plan = decideRollback(state, NOW);
        const rests = plan.status === 'scheduled';
        expect(mayTransition('rollback', 'running', plan.status)).toBe(true);
        expect(plan.error).toBe(state.error);
        expect(plan.consecutiveFailures).toBe(state.scheduler.consecutiveFailures);
        if (rests) expect(plan.arm === null).toBe(plan.blockedBy !== null);
        else expect(plan.arm).toBeNull();
      }),
    );
  });
});
