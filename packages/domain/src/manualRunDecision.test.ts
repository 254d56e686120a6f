import { describe, expect, it, test } from 'vitest';
import {
  armed,
  blocked,
  dependency,
  frozen,
  inSeconds,
  operationBy,
  resting,
  running,
  taskState,
  USER,
} from '../test/taskStates';
import type { AppErrorCode } from './errors';
import { decideManualRun } from './manualRunDecision';
import { TASK_STATUSES } from './status';
import type { TaskState } from './taskState';

const REQUEST = { userId: USER, isTopicFound: true };

describe('a manual run', () => {
  it.each(TASK_STATUSES.filter((status) => status !== 'running'))(
    'may start a task that is %s, over the revision that was read',
    (status) => {
      expect(decideManualRun(frozen(taskState({ status, revision: 7 })), REQUEST)).toMatchObject({
        revision: 7,
      });
    },
  );

  it.each<[string, TaskState]>([
    ['is armed for later', resting(inSeconds(600))],
    ['is blocked by an urgent brief', blocked({ humanWaiting: true })],
    ['is paused by its fuse', taskState({ status: 'paused', scheduler: { blockedBy: 'fuse' } })],
    ['waits for other tasks', taskState({ waitsFor: [dependency()] })],
    ['has used up its topics', taskState({ maxTopics: 1, status: 'completed' })],
    ['has a due time without a token', taskState({ scheduler: { ...armed(inSeconds(5)), tickToken: null } })],
  ])('may start a task that %s', (_situation, state) => {
    expect(decideManualRun(frozen(state), REQUEST)).toEqual({
      revision: state.revision,
      startsAnyway: false,
    });
  });

  it('answers what the task asks about dependencies that have ended', () => {
    const endedDependencies = [{ ...dependency('canceled'), ended: 'canceled' as const }];
    const state = taskState({ waitsFor: [dependency('canceled')], scheduler: { endedDependencies } });
    expect(decideManualRun(frozen(state), REQUEST)).toMatchObject({ startsAnyway: true });
    const started = { ...state, status: 'paused' } as const;
    expect(decideManualRun(frozen(started), REQUEST)).toMatchObject({ startsAnyway: false });
  });

  it.each<[AppErrorCode, string, TaskState | null, typeof REQUEST]>([
    ['task-not-found', 'there is no such task', null, REQUEST],
    ['task-not-found', 'the task belongs to another user', taskState(), { ...REQUEST, userId: 'user-2' }],
    ['run-in-flight', 'its operation is running', running(), REQUEST],
    [
      'run-in-flight',
      'its status says running, without an operation',
      taskState({ status: 'running' }),
      REQUEST,
    ],
    [
      'run-in-flight',
      'an operation is running, whatever its status says',
      taskState({ operation: operationBy('manual') }),
      REQUEST,
    ],
    ['topic-not-found', 'the task has no such topic', taskState(), { ...REQUEST, isTopicFound: false }],
  ])('is refused with %s when %s', (code, _situation, state, request) => {
    expect(() => decideManualRun(frozen(state), request)).toThrow(expect.objectContaining({ code }));
  });

  test('of a running task reports the run before the unknown topic', () => {
    expect(() => decideManualRun(running(), { ...REQUEST, isTopicFound: false })).toThrow(
      expect.objectContaining({ code: 'run-in-flight' }),
    );
  });
});
