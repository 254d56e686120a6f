import { describe, expect, it } from 'vitest';
import { DONE, INTERRUPTED } from '../test/completions';
import { blocked, dependency, inSeconds, NOW, resting, running } from '../test/taskStates';
import { type AnsweredBrief, decideBriefResolution } from './briefResolution';
import {
  decideBlock,
  decideCancel,
  decideEdit,
  decidePause,
  decideRepair,
  decideStart,
} from './commandDecisions';
import { decideCompletion } from './completionDecision';
import type { TaskPlan } from './plan';
import { UNARMABLE_MESSAGE } from './planRest';
import type { TaskState } from './taskState';

/**
 * The last error comes from a run. Only the outcome of another run, or a person who continues the task,
 * clears it.
 */
const error = 'It broke';
const failed = resting(inSeconds(600), { error, scheduler: { consecutiveFailures: 2 } });
const paused = { ...failed, status: 'paused' } as const;
const answered = (state: TaskState, purpose: AnsweredBrief['purpose'], action: string) =>
  decideBriefResolution(state, { purpose, type: 'decision', topicId: null }, { action, when: 'now' }, NOW);

describe('the last error', () => {
  it.each<[string, TaskPlan | null]>([
    ['an edit of the rule', decideEdit(failed, { ...failed, heartbeatInterval: 60 }, NOW)],
    ['an edit that removes the automation', decideEdit(failed, { ...failed, automationMode: null }, NOW)],
    [
      'an edit that ends the loop',
      decideEdit(failed, { ...failed, config: { endAt: NOW.toISOString() } }, NOW),
    ],
    ['an urgent brief that blocks', decideBlock(failed)],
    ['resolving it', answered(blocked({ error }), null, 'approve')],
    ['resolving it for a one-off task', answered(blocked({ error, automationMode: null }), null, 'approve')],
    ['a repair', decideRepair(failed, NOW)],
    ['a pause', decidePause(failed)],
    ['a cancellation', decideCancel(failed)],
    ['a run that a person stopped', decideCompletion(running({ error }), INTERRUPTED, NOW)],
  ])('remains after %s', (_what, plan) => {
    expect(plan).toMatchObject({ error });
  });

  it.each<[string, TaskPlan | null]>([
    ['a start', decideStart(failed, NOW)],
    ['a resume', decideStart(paused, NOW, 'resume')],
    ['a resume to wait', decideStart({ ...paused, waitsFor: [dependency()] }, NOW, 'resume')],
    ['a retry', answered(failed, 'failure', 'retry')],
    ['feedback', answered(paused, 'approval', 'feedback')],
    ['an approval', answered(paused, 'approval', 'approve')],
    ['a run that succeeds', decideCompletion(running({ error }), DONE, NOW)],
  ])('is over with %s', (_what, plan) => {
    expect(plan).toMatchObject({ error: null });
  });

  it('gives way to that of a rule which gives no time', () => {
    expect(decideRepair({ ...failed, heartbeatInterval: null }, NOW)).toMatchObject({
      error: UNARMABLE_MESSAGE,
    });
  });
});
