import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits';
import { STEP_STATUSES } from './status';
import { decideTakenOverStep, mayGoOn, stepOccurrence } from './steps';

const UNSAFE = { readOnly: false, idempotent: false };

describe('a step of a run that is taken over', () => {
  it.each(STEP_STATUSES)('that called the model is kept only with a result: %s', (status) => {
    const expected = status === 'done' ? 'keep' : 'execute';
    expect(decideTakenOverStep({ kind: 'model', status, tool: null })).toBe(expected);
  });

  it.each([
    ['done', 'keep'],
    ['failed', 'keep'],
    ['declined', 'keep'],
    ['unknown', 'keep'],
    ['waiting', 'answer'],
  ] as const)('that called a tool and is %s: %s, whatever the tool says', (status, expected) => {
    for (const tool of [null, UNSAFE, { readOnly: true, idempotent: true }])
      expect(decideTakenOverStep({ kind: 'tool', status, tool })).toBe(expected);
  });

  it.each([
    ['read-only', { readOnly: true, idempotent: false }, 'execute'],
    ['idempotent', { readOnly: false, idempotent: true }, 'execute'],
    ['neither', UNSAFE, 'unknown'],
    ['gone', null, 'unknown'],
  ] as const)('that called a tool which is %s, and has no result', (_what, tool, expected) => {
    expect(decideTakenOverStep({ kind: 'tool', status: 'started', tool })).toBe(expected);
  });
});

describe('a run whose process is gone', () => {
  it('goes on, until it was lost so often that it may be what ends the server', () => {
    const losses = Array.from({ length: LIMITS.lostRunsMax + 1 }, (_, lost) => lost);
    expect(losses.filter((lost) => mayGoOn({ keepsSteps: true, losses: lost }))).toEqual([0, 1, 2, 3]);
  });

  it('ends, if its agent keeps no steps', () => {
    expect(mayGoOn({ keepsSteps: false, losses: 0 })).toBe(false);
  });
});

it('names each step under its occurrence', () => {
  expect(stepOccurrence('token', 7)).toBe('token:7');
});
