import { expect, it } from 'vitest';
import { decideThinning, keptRuns, type PastRun } from './retention';

/** A run that an old day has left behind, at this hour. */
const run = (at: string, changes: Partial<PastRun> = {}): PastRun => {
  const startedAt = new Date(at);
  return {
    ...{ operationId: `run ${at}`, topicId: `topic ${at}`, status: 'done', startedAt, finishedAt: startedAt },
    ...{ topicEndedAt: startedAt, hasOpenBrief: false, mayGoOn: false, isOld: true },
    ...changes,
  };
};

const [early, late, next] = ['2026-01-01T08:00Z', '2026-01-01T23:59Z', '2026-01-02T00:00Z'];

it('removes all old runs but the last of each day', () => {
  expect(decideThinning([run(early), run(late), run(next)])).toEqual({
    operationIds: [`run ${early}`],
    topicIds: [`topic ${early}`],
  });
});

it.each([
  ['that is one of the newest', { isOld: false }],
  ['that is under way', { status: 'running', finishedAt: null, topicEndedAt: null }],
  ['whose brief is open', { hasOpenBrief: true }],
  ['from which a further attempt goes on', { status: 'error', mayGoOn: true }],
] as const)('keeps a run %s', (_what, changes) => {
  expect(decideThinning([run(early, changes), run(late)]).operationIds).toEqual([]);
});

it('keeps a topic that was continued later until the last of its runs is removed', () => {
  const continued = run(early, { topicEndedAt: new Date(late) });
  expect(decideThinning([continued, run(late)])).toEqual({ operationIds: [`run ${early}`], topicIds: [] });
});

it('keeps 200 runs whole unless the task says otherwise', () => {
  expect([keptRuns({}), keptRuns({ retention: { runs: 20 } })]).toEqual([200, 20]);
});
