import type { FailureClass, StopCause } from '@everbeat/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld();
});
afterAll(() => world.close());
beforeEach(() => world.query('delete from everbeat.tasks'));

const RUNS: Record<StopCause, { failureClass: FailureClass; times: number }> = {
  fuse: { failureClass: 'agent', times: 3 },
  'needs-person': { failureClass: 'needs-person', times: 1 },
};

/** A task that the system has paused for this cause. */
async function stopped(cause: StopCause, agentId?: string): Promise<string> {
  const { failureClass, times } = RUNS[cause];
  const id = await world.startTask(agentId === undefined ? {} : { agentId });
  for (let run = 0; run < times; run += 1) {
    world.agent.next({ kind: 'error', errorCode: 'broken', errorMessage: 'It broke', failureClass });
    await world.beat(id);
  }
  expect(await world.task(id)).toMatchObject({ status: 'paused' });
  return id;
}

const agentOf = async (name: string): Promise<string> => {
  const config = { url: 'https://agent.example.com' };
  return (await world.ada.agent.create({ name, kind: 'http', config })).id;
};
const statuses = (...ids: string[]) => Promise.all(ids.map(async (id) => (await world.task(id)).status));

describe.each<StopCause>(['fuse', 'needs-person'])('task.resumeAll of what was stopped by: %s', (cause) => {
  const other: StopCause = cause === 'fuse' ? 'needs-person' : 'fuse';

  it('resumes these tasks, with all counts at 0, and no others', async () => {
    const [first, second, untouched] = [await stopped(cause), await stopped(cause), await stopped(other)];
    const byHand = await world.startTask();
    await world.ada.task.pause({ id: byHand });

    expect(await world.ada.task.resumeAll({ cause })).toEqual({
      resumed: 2,
      refused: 0,
      notReady: [],
      more: false,
    });

    expect(await statuses(first, second, untouched, byHand)).toEqual([
      'scheduled',
      'scheduled',
      'paused',
      'paused',
    ]);
    expect(await world.task(first)).toMatchObject({
      error: null,
      scheduler: { consecutiveFailures: 0, blockedBy: null, tickToken: expect.any(String) },
    });
    expect((await world.task(first)).scheduler.needsPerson).toBeUndefined();
    await world.expectSound();
  });

  it('resumes only the tasks of one agent, if it is told which', async () => {
    const [mail, news] = [await agentOf('Mail'), await agentOf('News')];
    const [ofMail, ofNews] = [await stopped(cause, mail), await stopped(cause, news)];

    expect(await world.ada.task.resumeAll({ cause, agentId: mail })).toMatchObject({ resumed: 1 });
    expect(await statuses(ofMail, ofNews)).toEqual(['scheduled', 'paused']);
  });

  it('finds nothing when it is called again, and leaves the arms as they are', async () => {
    const id = await stopped(cause);
    await world.ada.task.resumeAll({ cause });
    const resumed = await world.task(id);

    expect(await world.ada.task.resumeAll({ cause })).toEqual({
      resumed: 0,
      refused: 0,
      notReady: [],
      more: false,
    });
    expect(await world.task(id)).toEqual(resumed);
  });

  it('resumes each task once when two calls meet', async () => {
    const id = await stopped(cause);
    await Promise.all([world.ada.task.resumeAll({ cause }), world.ada.task.resumeAll({ cause })]);

    expect(await world.task(id)).toMatchObject({ status: 'scheduled' });
    await world.expectSound();
  });

  it("never touches another user's tasks, whatever agent it names", async () => {
    const mail = await agentOf('Mail');
    const id = await stopped(cause, mail);
    for (const filter of [{ cause }, { cause, agentId: mail }])
      expect(await world.bob.task.resumeAll(filter)).toEqual({
        resumed: 0,
        refused: 0,
        notReady: [],
        more: false,
      });
    expect(await statuses(id)).toEqual(['paused']);
  });

  it('says how many could not be resumed, and does so for the others', async () => {
    const [broken, whole] = [await stopped(cause), await stopped(cause)];
    await world.query(
      `update everbeat.tasks set automation_mode = 'schedule', schedule_pattern = 'nonsense' where id = $1`,
      [broken],
    );
    expect(await world.ada.task.resumeAll({ cause })).toEqual({
      resumed: 1,
      refused: 1,
      notReady: [],
      more: false,
    });
    expect(await statuses(broken, whole)).toEqual(['paused', 'scheduled']);
  });
});

it('task.resumeAll without a cause, or with fields that it does not know, is refused', async () => {
  const id = await stopped('fuse');
  // @ts-expect-error what a program may send
  expect(await refusalOf(world.ada.task.resumeAll({}))).toMatchObject({ code: 'BAD_REQUEST' });
  // @ts-expect-error there is no such cause
  expect(await refusalOf(world.ada.task.resumeAll({ cause: 'all' }))).toMatchObject({ code: 'BAD_REQUEST' });
  const misspelt = { cause: 'fuse', agent: 'x' } as const;
  expect(await refusalOf(world.ada.task.resumeAll(misspelt))).toMatchObject({ code: 'BAD_REQUEST' });
  expect(await statuses(id)).toEqual(['paused']);
});
