import { decidePause, type EndedDependency, type PlanReason, type TaskPlan } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { EVERY_HOUR, taskState } from '../../../../packages/domain/test/taskStates';
import { briefWrite, dependencyBrief, loopEndBrief, unarmableBrief } from './briefWrites';

const ids = { row: () => 'brief-1', token: () => 'token', secret: () => 'secret' };

it('a brief is stored within its limits, and with nothing that it does not name', () => {
  const stored = briefWrite(ids, {
    type: 'result',
    priority: 'normal',
    purpose: null,
    actions: [],
    title: 't'.repeat(300),
    summary: 's'.repeat(30_000),
  });
  expect([stored.title.length, stored.summary.length]).toEqual([200, 20_000]);
  expect(stored).toMatchObject({
    id: 'brief-1',
    key: null,
    document: null,
    subjectIds: null,
    pictures: null,
  });
});

it('a task that cannot be scheduled says so', () => {
  expect(unarmableBrief(taskState(), 'The pattern is not one', ids)).toMatchObject({
    type: 'error',
    priority: 'urgent',
    purpose: 'failure',
    title: 'T-1 cannot be scheduled',
    summary: 'The pattern is not one',
    actions: [{ key: 'acknowledge' }, { key: 'dismiss' }],
  });
});

describe('the end of a loop', () => {
  const state = taskState({
    ...EVERY_HOUR,
    maxTopics: 3,
    schedulePattern: '0 0 30 2 *',
    config: { endAt: '2026-06-02T00:00:00Z' },
  });
  const plan = (changes: Partial<TaskPlan>): TaskPlan => ({ ...decidePause(state), ...changes });
  const end = (reason: PlanReason, lastReport = '', of = state) =>
    loopEndBrief(of, plan({ reason }), 'end', lastReport, ids);

  it.each([
    ['goal-met', 'T-1 has ended: its goal is met', 'the task lets it decide that'],
    ['max-topics', 'T-1 has ended: it has made all of its 3 runs', 'raise its maximum number of runs'],
    ['end-date', 'T-1 has ended: its end date has come', 'No run starts after 2026-06-02T00:00:00Z.'],
    ['no-next-run', 'T-1 has ended: its schedule has no further date', '0 0 30 2 * is never due again'],
  ] as const)('says why, and what to do: %s', (reason, title, remedy) => {
    expect(end(reason)).toMatchObject({
      type: 'result',
      priority: 'normal',
      purpose: 'end',
      title,
      summary: expect.stringContaining(remedy),
      actions: [{ key: 'acknowledge' }],
    });
  });

  it('speaks of one run where it was one', () => {
    expect(end('max-topics', '', taskState({ ...EVERY_HOUR, maxTopics: 1 })).title).toBe(
      'T-1 has ended: it has made its one run',
    );
  });

  it('shows the last report behind it', () => {
    expect(end('goal-met', '# Found').summary).toMatch(/it is wrong\.\n\n# Found$/);
    expect(end('goal-met').summary).toMatch(/it is wrong\.$/);
  });

  it('names another reason as it is', () => {
    expect(end('canceled', '# Found')).toMatchObject({
      title: 'T-1 has ended: canceled',
      summary: '# Found',
    });
  });

  it('by the fuse is a failure', () => {
    const blown = plan({ consecutiveFailures: 3, error: 'It broke' });
    expect(loopEndBrief(state, blown, 'failure', '', ids)).toMatchObject({
      type: 'error',
      priority: 'urgent',
      purpose: 'failure',
      summary: 'It broke',
      title: 'T-1 is paused after 3 failures in a row',
      actions: [{ key: 'retry' }, { key: 'acknowledge' }, { key: 'dismiss' }],
    });
    expect(loopEndBrief(state, { ...blown, error: null }, 'failure', '', ids).summary).toBe(
      'The last runs failed.',
    );
  });
});

describe('the question about dependencies that have ended', () => {
  const ended = (identifier: string, how: EndedDependency['ended']): EndedDependency => ({
    id: identifier,
    identifier,
    ended: how,
  });
  const brief = (...of: EndedDependency[]) => dependencyBrief(taskState(), of, ids);

  it('names the one task, and offers to start without it', () => {
    expect(brief(ended('T-2', 'failed'))).toMatchObject({
      type: 'decision',
      priority: 'urgent',
      purpose: 'dependency',
      title: 'T-1 waits for T-2, which has failed. Start it anyway?',
      summary: expect.stringMatching(/^- T-2 has failed\.\n\n.*Start it without it, drop/),
      actions: [{ key: 'start' }, { key: 'drop' }, { key: 'cancel' }],
    });
  });

  it('lists several', () => {
    expect(brief(ended('T-2', 'canceled'), ended('T-3', 'deleted'))).toMatchObject({
      title: 'T-1 waits for 2 tasks that have ended. Start it anyway?',
      summary: expect.stringMatching(
        /^- T-2 was canceled\.\n- T-3 was deleted\.\n\n.*Start it without them, drop/,
      ),
    });
  });
});
