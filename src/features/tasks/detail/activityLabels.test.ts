import type { ActivityView } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { activityLine } from './activityLabels';

const activity = (changes: Partial<ActivityView>): ActivityView => ({
  id: '1',
  taskId: 'task',
  kind: 'status',
  fromStatus: null,
  toStatus: null,
  reason: null,
  refId: null,
  changes: null,
  createdAt: new Date(0),
  ...changes,
});

describe('a line of the history', () => {
  it('shows a change of status with its reason', () => {
    const paused = activity({ fromStatus: 'running', toStatus: 'paused', reason: 'fuse' });

    expect(activityLine(paused)).toBe('Running → Paused (3 runs failed in a row)');
  });

  it('shows an unknown reason as it is stored', () => {
    const future = activity({ fromStatus: 'paused', toStatus: 'scheduled', reason: 'full-moon' });

    expect(activityLine(future)).toBe('Paused → Scheduled (full moon)');
  });

  it('says what happened to a brief, and leaves out that it was read', () => {
    expect(activityLine(activity({ kind: 'brief', reason: 'resolved' }))).toBe('You answered a brief');
    expect(activityLine(activity({ kind: 'brief', reason: 'read' }))).toBeNull();
  });

  it('distinguishes changed links from edited fields', () => {
    expect(activityLine(activity({ kind: 'edit', reason: 'subtask-added' }))).toBe('A subtask was added');
    expect(activityLine(activity({ kind: 'edit', reason: 'name, instruction' }))).toBe('You edited it');
  });
});
