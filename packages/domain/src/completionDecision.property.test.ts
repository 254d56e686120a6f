import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyStateThatIs, frozen, NOW } from '../test/taskStates';
import { decideCompletion } from './completionDecision';
import type { Completion, CompletionPlan } from './completionPlan';
import { LIMITS } from './limits';
import { decideRollback } from './rollbackDecision';
import { SETTLED_STATUSES } from './status';
import type { TaskState } from './taskState';
import { mayTransition } from './transitions';

describe('for any running task and any outcome of its run', () => {
  const anyEnd = fc.record({
    status: fc.constantFrom(...SETTLED_STATUSES),
    errorMessage: fc.option(fc.string()),
    goalMet: fc.boolean(),
    nextRunInSeconds: fc.option(fc.integer()),
    bringsUrgentBrief: fc.boolean(),
  });
  const holds = (check: (plan: CompletionPlan, state: TaskState, end: Completion) => void) =>
    fc.assert(
      fc.property(anyStateThatIs('running').map(frozen), anyEnd.map(frozen), (state, end) =>
        check(decideCompletion(state, end, NOW), state, end),
      ),
      { numRuns: 500 },
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

  it('only failed automation runs are counted', () => {
    holds((plan, state, end) => {
      const automatic = state.operation?.trigger === 'heartbeat' || state.operation?.trigger === 'schedule';
      const counted = plan.consecutiveFailures > state.scheduler.consecutiveFailures;
      const failed = end.status === 'error' || end.status === 'timeout';
      expect(counted).toBe(automatic && failed && state.automationMode !== null);
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
