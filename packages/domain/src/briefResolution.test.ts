import { describe, expect, it } from 'vitest';
import { nextHour } from '../test/completions';
import {
  blocked,
  EVERY_HOUR,
  frozen,
  inSeconds,
  NOW,
  resting,
  running,
  type StateChanges,
  taskState,
} from '../test/taskStates';
import { decideBriefResolution } from './commandDecisions';
import { UNARMABLE_MESSAGE } from './planRest';
import type { BriefPurpose } from './status';
import type { TaskState } from './taskState';

const hourly = (changes: StateChanges = {}) => taskState({ ...EVERY_HOUR, ...changes });
const fused = hourly({ status: 'paused', scheduler: { consecutiveFailures: 3, blockedBy: 'fuse' } });
const armedNow = { dueAt: NOW, trigger: 'heartbeat' } as const;
const waits = { status: 'scheduled', arm: null, blockedBy: 'urgent-brief' } as const;

describe('resolving a brief', () => {
  const FAILURE = { purpose: 'failure' } as const;
  const APPROVAL = { purpose: 'approval' } as const;
  const QUESTION = { purpose: null } as const;
  const once = (changes: StateChanges = {}) => taskState({ status: 'paused', ...changes });
  type Purpose = { purpose: BriefPurpose | null };

  it.each<[string, TaskState, Purpose, string, object]>([
    [
      'retry resets the fuse and arms for now',
      fused,
      FAILURE,
      'retry',
      { status: 'scheduled', arm: armedNow, blockedBy: null, consecutiveFailures: 0 },
    ],
    [
      'retry brings the due time forward',
      resting(inSeconds(60)),
      FAILURE,
      'retry',
      { arm: armedNow, supersede: 'brief-resolved' },
    ],
    ['retry runs a one-off task again', once(), FAILURE, 'retry', { arm: { dueAt: NOW, trigger: 'brief' } }],
    [
      'retry is blocked by another urgent brief',
      hourly({ status: 'paused', humanWaiting: true }),
      FAILURE,
      'retry',
      waits,
    ],
    ['approval completes', once(), APPROVAL, 'approve', { status: 'completed', arm: null }],
    [
      'feedback runs the task again',
      once(),
      APPROVAL,
      'feedback',
      { status: 'scheduled', arm: { dueAt: NOW, trigger: 'brief' } },
    ],
    [
      'the last urgent brief arms by the rule, with the failure count unchanged',
      blocked({ scheduler: { consecutiveFailures: 2 } }),
      QUESTION,
      'approve',
      { status: 'scheduled', arm: nextHour, blockedBy: null, consecutiveFailures: 2 },
    ],
    [
      'the last urgent brief arms a one-off task for now',
      blocked({ automationMode: null }),
      QUESTION,
      'dismiss',
      { arm: { dueAt: NOW, trigger: 'brief' } },
    ],
    [
      'the last urgent brief, after the end date, completes',
      blocked({ config: { endAt: inSeconds(60).toISOString() } }),
      QUESTION,
      'approve',
      { status: 'completed', reason: 'end-date' },
    ],
    [
      'the last urgent brief fails a task whose rule gives no due time',
      blocked({ heartbeatInterval: null }),
      QUESTION,
      'approve',
      { status: 'failed', error: UNARMABLE_MESSAGE },
    ],
  ])('%s', (_situation, state, brief, action, plan) => {
    expect(decideBriefResolution(frozen(state), brief, action, NOW)).toMatchObject(plan);
  });

  it.each<[string, TaskState, Purpose, string]>([
    ['another urgent brief is open', blocked({ humanWaiting: true }), QUESTION, 'approve'],
    ['nothing was blocked', resting(inSeconds(60)), QUESTION, 'approve'],
    ['the failure is only acknowledged', fused, FAILURE, 'acknowledge'],
    ['the task is already running again', running(), APPROVAL, 'approve'],
    ['the task has ended', once({ status: 'canceled' }), FAILURE, 'retry'],
    ['the brief blocks a paused task', hourly({ status: 'paused' }), QUESTION, 'approve'],
  ])('changes nothing of the task when %s', (_situation, state, brief, action) => {
    expect(decideBriefResolution(frozen(state), brief, action, NOW)).toBeNull();
  });
});
