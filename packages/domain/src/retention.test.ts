import { expect, it } from 'vitest';
import { decideThinning, keptRuns, type PastRun } from './retention';

/** A run that an old day has left behind, at this hour. */
const run = (at: string, changes: Partial<PastRun> = {}): PastRun => {
  const startedAt = new Date(at);
  return {
    operationId: `run ${at}`,
    topicId: `topic ${at}`,
    status: 'done',
    startedAt,
    finishedAt: startedAt,
    topicEndedAt: startedAt,
    isWaitedFor: false,
    mayGoOn: false,
    isOld: true,
    ...changes,
  };
};

const [early, late, next] = ['2026-01-01T08:00Z', '2026-01-01T23:59Z', '2026-01-02T00:00Z'];

it('removes all old runs but the last of each day', () => {
  expect(decideThinning([run(early), run(late)], run(next))).toEqual({
    operationIds: [`run ${early}`],
    topicIds: [`topic ${early}`],
    thinnedTo: `run ${late}`,
  });
});

it.each([
  ['that is one of the newest', { isOld: false }],
  ['that is under way', { status: 'running', finishedAt: null, topicEndedAt: null }],
  ['whose brief waits for a person', { isWaitedFor: true }],
  ['from which a further attempt goes on', { status: 'error', mayGoOn: true }],
] as const)('keeps a run %s', (_what, changes) => {
  expect(decideThinning([run(early, changes), run(late)], null).operationIds).toEqual([]);
});

it('keeps a topic that was continued later until the last of its runs is removed', () => {
  const continued = run(early, { topicEndedAt: new Date(late) });
  expect(decideThinning([continued], run(late))).toMatchObject({
    operationIds: [`run ${early}`],
    topicIds: [],
  });
});

it('removes the last run of a page whose day goes on behind it', () => {
  expect(decideThinning([run(early)], run(late)).operationIds).toEqual([`run ${early}`]);
  expect(decideThinning([run(early)], null).operationIds).toEqual([]);
});

it('does not pass a run that stays only as long as it is needed, but removes those behind it', () => {
  const first = '2025-12-31T08:00Z';
  const needed = run(early, { isWaitedFor: true });
  expect(decideThinning([run(first), needed, run('2026-01-01T09:00Z'), run(late)], null)).toMatchObject({
    operationIds: ['run 2026-01-01T09:00Z'],
    thinnedTo: `run ${first}`,
  });
  expect(decideThinning([needed, run(late)], null).thinnedTo).toBeNull();
});

it('passes a run that is waited for and stays anyway, as the last of its day', () => {
  expect(decideThinning([run(late, { isWaitedFor: true })], run(next)).thinnedTo).toBe(`run ${late}`);
});

it('does not pass the newest runs', () => {
  const newest = run(late, { isOld: false });
  expect(decideThinning([run(early), newest], null).thinnedTo).toBe(`run ${early}`);
});

it('keeps 200 runs whole unless the task says otherwise', () => {
  expect([keptRuns({}), keptRuns({ retention: { runs: 20 } })]).toEqual([200, 20]);
});
