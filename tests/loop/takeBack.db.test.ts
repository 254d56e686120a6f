import type { AgentBrief } from '@everbeat/agents';
import { LIMITS } from '@everbeat/domain';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

const ASKS: AgentBrief = { type: 'decision', priority: 'urgent', title: 'Left or right?', summary: '' };
const ONCE = { automationMode: null, heartbeatInterval: null } as const;
const DAILY = { automationMode: 'schedule', heartbeatInterval: null, schedulePattern: '0 9 * * *' } as const;

async function asked(rule: object, briefs: AgentBrief[] = [ASKS]): Promise<string> {
  const { id } = await world.createTask(rule);
  world.agent.next({ kind: 'done', content: 'Here', briefs });
  await world.runNow(id);
  return id;
}
const openBrief = async (taskId: string) => {
  const { items } = await world.ada.brief.list({ taskId, unresolved: true });
  const [brief] = items;
  if (brief === undefined) throw new Error('There is no open brief');
  return brief;
};
async function answer(taskId: string, action = 'approve') {
  const { id } = await openBrief(taskId);
  return world.ada.brief.resolve({ id, action, comment: 'Said' });
}
const takeBack = (undoToken: string | null) =>
  world.ada['inbox.apply']({ act: 'undo', undoToken: undoToken ?? '' });
/** All of a task that an answer may change, but what counts writes and times. */
async function stateOf(taskId: string) {
  const { revision: _, scheduler, ...task } = await world.task(taskId);
  const { tickToken, tickMessageId: __, scheduledAt: ___, ...rest } = scheduler;
  const briefs = await world.query(
    'select id, resolved_at, resolved_action, resolved_comment, resolved_effect, updated_at from everbeat.briefs where task_id = $1 order by id',
    [taskId],
  );
  return { ...task, briefs, scheduler: { ...rest, isArmed: tickToken !== null } };
}

describe('the run that an answer causes', () => {
  test('waits ten seconds, and is committed at once', async () => {
    const id = await asked(DAILY);
    const { resolvedEffect } = await answer(id);
    const dueAt = new Date(world.clock.now().getTime() + LIMITS.undoSeconds * 1_000).toISOString();
    expect(resolvedEffect).toEqual({ kind: 'runs-now', at: dueAt });
    expect(await world.deliver(id)).toEqual({ ran: false, reason: 'early' });
    // Whoever has closed the page loses nothing.
    expect(await world.beat(id)).toMatchObject({ ran: true });
  });
});

describe.each([
  ['a task that runs daily', DAILY],
  ['a task that beats', {}],
  ['a one-off', ONCE],
])('an answer to %s', (_which, rule) => {
  test('is taken back whole, with the run that it has armed', async () => {
    const id = await asked(rule);
    const before = await stateOf(id);
    const { undoToken } = await answer(id);
    const token = (await world.task(id)).scheduler.tickToken ?? '';
    await takeBack(undoToken);
    expect(await stateOf(id)).toEqual(before);
    await world.clock.advance(LIMITS.undoSeconds * 1_000);
    expect(await world.deliver(id, token)).toMatchObject({ ran: false });

    // It can be answered again, and goes on then.
    await answer(id);
    expect(await world.beat(id)).toMatchObject({ ran: true });
  });

  test('cannot be taken back once its run has begun', async () => {
    const id = await asked(rule);
    const { undoToken } = await answer(id);
    await world.beat(id);
    const refusal = await refusalOf(takeBack(undoToken));
    expect(refusal).toMatchObject({ code: 'PRECONDITION_FAILED', appCode: 'undo-expired' });
  });

  test('that is taken back at the moment in which its tick fires holds, or does not: never both', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await asked(rule);
      const { undoToken } = await answer(id);
      await world.clock.advance(LIMITS.undoSeconds * 1_000);
      const other = await world.secondProcess();
      const [tick, undo] = await Promise.all([
        other.runner
          .runTick({
            taskId: id,
            userId: world.userId,
            tickToken: (await world.task(id)).scheduler.tickToken ?? '',
          })
          .then(async ({ result, finished }) => {
            await finished;
            return result.ran;
          }),
        takeBack(undoToken).then(
          () => true,
          () => false,
        ),
      ]);
      expect([tick, undo].filter(Boolean)).toHaveLength(1);
      const { items } = await world.ada.brief.list({ taskId: id, unresolved: true });
      expect(items.some(({ title }) => title === 'Left or right?')).toBe(undo);
    }
  });
});

describe('what an answer has ended', () => {
  test('comes back: an approved result waits for its approval again', async () => {
    const { id } = await world.createTask(ONCE);
    await world.runNow(id);
    const before = await stateOf(id);
    const { undoToken } = await answer(id, 'approve');
    expect(await world.task(id)).toMatchObject({ status: 'completed' });
    await takeBack(undoToken);
    expect(await stateOf(id)).toEqual(before);
  });

  test('does not come back where others were told', async () => {
    const { id } = await world.createTask(ONCE);
    const dependent = await world.createTask(ONCE);
    await world.ada.task.addDependency({ id: dependent.id, dependsOnId: id });
    await world.runNow(id);
    expect(await answer(id, 'approve')).toMatchObject({ undoToken: null, noUndoReason: 'others-told' });
  });
});

test('a blown fuse is as it was once the retry is taken back', async () => {
  const id = await world.startTask();
  for (let failures = 0; failures < LIMITS.fuseFailures; failures += 1) {
    world.agent.next({
      kind: 'error',
      errorCode: 'agent_http_500',
      errorMessage: 'x',
      failureClass: 'agent',
    });
    await world.beat(id);
  }
  const before = await stateOf(id);
  const { undoToken } = await answer(id, 'retry');
  await takeBack(undoToken);
  expect(await stateOf(id)).toEqual(before);
});

test('a further attempt is armed as it was once the retry that took its place is taken back', async () => {
  const id = await world.startTask();
  const failed = { kind: 'error', errorMessage: 'x' } as const;
  world.agent.next({ ...failed, errorCode: 'agent_error', failureClass: 'agent' });
  await world.beat(id);
  world.agent.next({ ...failed, errorCode: 'agent_unreachable', failureClass: 'transient' });
  await world.beat(id);
  const before = await stateOf(id);
  expect(before.scheduler.retry).toMatchObject({ attempt: 2 });
  const { undoToken } = await answer(id, 'retry');
  expect((await world.task(id)).scheduler.retry).toBeUndefined();
  await takeBack(undoToken);
  expect(await stateOf(id)).toEqual(before);
  await world.beat(id);
  expect(world.agent.calls.at(-1)).toMatchObject({
    occurrence: before.scheduler.retry?.occurrence,
    attempt: 2,
  });
});

test('an answer that changes nothing but its brief is taken back whatever the task has done since', async () => {
  const news: AgentBrief = { type: 'insight', priority: 'normal', title: 'A ship', summary: '' };
  const id = await asked({}, [news]);
  const { undoToken } = await answer(id, 'acknowledge');
  await world.beat(id);
  await takeBack(undoToken);
  expect(await openBrief(id)).toMatchObject({ title: 'A ship', resolvedComment: null, resolvedEffect: null });
});

describe('what an answer has added to the settings of its task', () => {
  const leavesOut = (priority: 'normal' | 'urgent'): AgentBrief => ({
    type: 'decision',
    priority,
    title: '8 visitors',
    summary: '',
    actions: [{ key: 'ignore', label: 'Leave it out', adds: { ignoreText: ['visitors'], below: 3 } }],
  });
  async function withSettings(priority: 'normal' | 'urgent') {
    const id = await asked({}, [leavesOut(priority)]);
    const { kind } = world.agent;
    const config = { mayComplete: true, [kind]: { ignoreText: ['tides'], above: 5 } };
    await world.tasks.update(world.userId, { id, config });
    return { id, kind, config };
  }
  const configOf = async (id: string) => (await world.ada.task.detail({ id })).config;

  test.each([
    ['waits for nobody', 'normal'],
    ['held the task', 'urgent'],
  ] as const)('is taken out again where the brief %s', async (_which, priority) => {
    const { id, kind, config } = await withSettings(priority);
    const before = await stateOf(id);
    const { undoToken } = await answer(id, 'ignore');
    const added = { ignoreText: ['tides', 'visitors'], above: 5, below: 3 };
    expect(await configOf(id)).toEqual({ ...config, [kind]: added });
    await takeBack(undoToken);
    expect(await configOf(id)).toEqual(config);
    expect(await stateOf(id)).toEqual(before);
    const { items } = await world.ada.task.activities({ id });
    const edits = items.filter(({ reason }) => reason === 'config').slice(0, 2);
    const names = [`config.${kind}.below`, `config.${kind}.ignoreText`];
    expect(edits.map(({ changes }) => changes?.map(({ field }) => field).toSorted())).toEqual([names, names]);
  });

  test('stays once the task has gone on', async () => {
    const { id, kind } = await withSettings('normal');
    const { undoToken } = await answer(id, 'ignore');
    await world.beat(id);
    expect(await refusalOf(takeBack(undoToken))).toMatchObject({ appCode: 'undo-expired' });
    expect((await configOf(id))[kind]).toMatchObject({ ignoreText: ['tides', 'visitors'] });
  });
});
