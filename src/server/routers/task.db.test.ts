import { LIMITS } from '@everbeat/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from './api.fixture';

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld({ env: { HEARTBEAT_MIN_SECONDS: '10' } });
});
afterAll(() => world.close());

const create = (input: Partial<Parameters<ApiWorld['ada']['task']['create']>[0]> = {}) =>
  world.ada.task.create({ instruction: 'Count the boats', ...input });

describe('task.create', () => {
  it('fills in what is left out', async () => {
    const task = await world.ada.task.create({ instruction: '# Count the boats\n\nEvery one of them.' });

    expect(task).toMatchObject({
      identifier: expect.stringMatching(/^T-\d+$/),
      name: 'Count the boats',
      instruction: '# Count the boats\n\nEvery one of them.',
      status: 'backlog',
      automationMode: null,
      heartbeatTimeout: LIMITS.leaseSecondsDefault,
      priority: 0,
      config: {},
      nextRunAt: null,
      createdAt: world.clock.now(),
    });
    expect(task.context.scheduler).toMatchObject({ tickToken: null, consecutiveFailures: 0 });
  });

  it('keeps all that is given, and reads a pattern without a zone in UTC', async () => {
    const parent = await create();
    const given = {
      name: 'Harbour',
      instruction: 'Count',
      automationMode: 'schedule',
      schedulePattern: '0 9 * * 1-5',
      heartbeatTimeout: 60,
      priority: 1,
      maxTopics: 3,
      config: { pacing: { minSeconds: 10, maxSeconds: 20 } },
    } as const;

    const task = await create({ ...given, parentTaskId: parent.identifier });
    expect(task).toMatchObject({ ...given, scheduleTimezone: 'UTC', parentTaskId: parent.id });
  });

  it('tells the feed of the task, and of its parent', async () => {
    const parent = await create();
    const task = await create({ parentTaskId: parent.id });

    const [born] = (await world.ada.task.detail({ id: task.id })).activities;
    expect(born).toMatchObject({ kind: 'status', fromStatus: null, toStatus: 'backlog', reason: 'created' });
    const [added] = (await world.ada.task.detail({ id: parent.id })).activities;
    expect(added).toMatchObject({ kind: 'edit', reason: 'subtask-added', refId: task.id });
  });

  it('gives fifty tasks made at once the next fifty numbers, each user their own', async () => {
    const fresh = await createApiWorld();
    const tasks = await Promise.all(
      Array.from({ length: 50 }, () => fresh.bob.task.create({ instruction: 'One of many' })),
    );
    const numbers = tasks.map((task) => Number(task.identifier.slice(2))).toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect((await fresh.ada.task.create({ instruction: 'Hers' })).identifier).toBe('T-1');
    await fresh.close();
  });

  it.each([
    ['no instruction', { instruction: '  \n ' }, 'invalid-input'],
    ['an instruction that cannot be stored', { instruction: 'a\u0000b' }, 'invalid-input'],
    ['broken Unicode', { instruction: 'a\ud800b' }, 'invalid-input'],
    ['a long name', { name: 'x'.repeat(LIMITS.nameCharsMax + 1) }, 'invalid-input'],
    ['a priority that there is not', { priority: 9 }, 'invalid-input'],
    ['a part of a second', { heartbeatInterval: 10.5 }, 'invalid-input'],
    ['an agent that is no id', { agentId: 'me' }, 'invalid-input'],
    ['an unknown key of its configuration', { config: { pace: 1 } }, 'invalid-input'],
    ['a heartbeat without an interval', { automationMode: 'heartbeat' }, 'interval-missing'],
    ['an interval that is too short', { automationMode: 'heartbeat', heartbeatInterval: 9 }, 'interval-too-short'],
    ['a schedule without a pattern', { automationMode: 'schedule' }, 'pattern-invalid'],
    ['a pattern that is none', { automationMode: 'schedule', schedulePattern: 'often' }, 'pattern-invalid'],
    ['a pattern without a date', { automationMode: 'schedule', schedulePattern: '0 0 31 2 *' }, 'pattern-never-fires'],
    [
      'a zone that there is not',
      { automationMode: 'schedule', schedulePattern: '0 9 * * *', scheduleTimezone: 'Mars/Base' },
      'timezone-unknown',
    ],
  ])('refuses %s', async (_what, input, appCode) => {
    const call = world.ada.task.create(Object.assign({ instruction: 'Count' }, input));
    expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', ...codeOf(appCode) });
  });

  /** What does not fit the schema is refused before there is an AppError; its code is made where the answer is. */
  const codeOf = (appCode: string) => (appCode === 'invalid-input' ? {} : { appCode });

  it('nests so deep and no deeper', async () => {
    let parent = await create();
    for (let depth = 1; depth <= LIMITS.ancestorsDepthMax; depth += 1) {
      parent = await create({ parentTaskId: parent.id });
    }
    expect(await refusalOf(create({ parentTaskId: parent.id }))).toMatchObject({ appCode: 'nesting-too-deep' });
  });
});

describe('a task is named', () => {
  it('by its id or its identifier, in any case', async () => {
    const task = await create();
    for (const ref of [task.id, task.id.toUpperCase(), task.identifier, ` ${task.identifier.toLowerCase()} `]) {
      expect((await world.ada.task.detail({ id: ref })).id).toBe(task.id);
    }
  });

  it.each(['T-0', 'T-01', 'T-99999999999', 'T-', '12', 'T-1; drop table tasks', 'x', 'T-1\u0000'])(
    'and not by %j',
    async (id) => {
      expect(await refusalOf(world.ada.task.detail({ id }))).toMatchObject({ appCode: 'task-not-found' });
    },
  );
});

describe('task.update', () => {
  it('changes what is given and nothing else', async () => {
    const task = await create({ name: 'Before', priority: 2 });

    const updated = await world.ada.task.update({ id: task.identifier, name: 'After' });
    expect(updated).toMatchObject({ name: 'After', priority: 2, instruction: task.instruction, status: 'backlog' });
    expect((await world.ada.task.detail({ id: task.id })).activities[0]).toMatchObject({ kind: 'edit' });
  });

  it('names a task anew after its instruction when the name is emptied', async () => {
    const task = await create({ name: 'Before' });
    const updated = await world.ada.task.update({ id: task.id, name: '', instruction: 'Feed the gulls' });
    expect(updated.name).toBe('Feed the gulls');
  });

  it('re-arms a resting task by its new rule', async () => {
    const task = await create({ automationMode: 'heartbeat', heartbeatInterval: 60 });
    await world.ada.task.start({ id: task.id });

    const updated = await world.ada.task.update({ id: task.id, heartbeatInterval: 3_600 });
    expect(updated.nextRunAt).toEqual(new Date(world.clock.now().getTime() + 3_600_000));
  });

  it('checks the rule as a whole: what is new together with what was there', async () => {
    const task = await create({ heartbeatInterval: 5 });
    const call = world.ada.task.update({ id: task.id, automationMode: 'heartbeat' });
    expect(await refusalOf(call)).toMatchObject({ appCode: 'interval-too-short' });
  });

  it('leaves everything as it was when a part is refused', async () => {
    const [task, parent] = [await create(), await create()];
    const call = world.ada.task.update({
      id: task.id,
      name: 'After',
      parentTaskId: parent.id,
      automationMode: 'schedule',
    });
    expect(await refusalOf(call)).toMatchObject({ appCode: 'pattern-invalid' });
    expect(await world.ada.task.detail({ id: task.id })).toMatchObject({ name: task.name, parentTaskId: null });
  });

  it('moves a task below another and back, and tells all three pages', async () => {
    const [task, parent] = [await create(), await create()];
    expect((await world.ada.task.update({ id: task.id, parentTaskId: parent.id })).parentTaskId).toBe(parent.id);
    expect((await world.ada.task.detail({ id: parent.id })).subtasks).toMatchObject([{ id: task.id }]);

    expect((await world.ada.task.update({ id: task.id, parentTaskId: null })).parentTaskId).toBeNull();
    const { activities, subtasks } = await world.ada.task.detail({ id: parent.id });
    expect(subtasks).toEqual([]);
    expect(activities.map((activity) => activity.reason).slice(0, 2)).toEqual(['subtask-removed', 'subtask-added']);
  });

  it('lets no task be below itself', async () => {
    const top = await create();
    const middle = await create({ parentTaskId: top.id });
    const bottom = await create({ parentTaskId: middle.id });
    for (const parent of [top, middle, bottom]) {
      const call = world.ada.task.update({ id: top.id, parentTaskId: parent.id });
      expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', appCode: 'ancestor-circle' });
    }
  });

  it('lets two moves at once make no circle', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [await create(), await create()];
      const moves = await Promise.allSettled([
        world.ada.task.update({ id: a.id, parentTaskId: b.id }),
        world.ada.task.update({ id: b.id, parentTaskId: a.id }),
      ]);
      expect(moves.map((move) => move.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('counts what hangs below a task when it is moved', async () => {
    let deep = await create();
    for (let depth = 1; depth < LIMITS.ancestorsDepthMax; depth += 1) deep = await create({ parentTaskId: deep.id });
    const withSubtask = await create();
    await create({ parentTaskId: withSubtask.id });

    const call = world.ada.task.update({ id: withSubtask.id, parentTaskId: deep.id });
    expect(await refusalOf(call)).toMatchObject({ appCode: 'nesting-too-deep' });
  });
});

describe('task.addDependency', () => {
  it('makes one task wait for another, once', async () => {
    const [waiting, awaited] = [await create(), await create()];
    await world.ada.task.addDependency({ id: waiting.identifier, dependsOnId: awaited.identifier });
    await world.ada.task.addDependency({ id: waiting.id, dependsOnId: awaited.id });

    const detail = await world.ada.task.detail({ id: waiting.id });
    expect(detail.dependencies).toEqual([
      { id: awaited.id, identifier: awaited.identifier, name: awaited.name, status: 'backlog' },
    ]);
    expect(detail.activities.filter((activity) => activity.reason === 'dependency-added')).toHaveLength(1);
    expect((await world.ada.task.detail({ id: awaited.id })).dependents).toMatchObject([{ id: waiting.id }]);
    expect(await refusalOf(world.ada.task.start({ id: waiting.id }))).toMatchObject({ appCode: 'dependencies-unmet' });
  });

  it('gives the task that waits a new revision, and so does its removal', async () => {
    const [waiting, awaited] = [await create(), await create()];
    const link = { id: waiting.id, dependsOnId: awaited.id };
    const before = (await world.task(waiting.id)).revision;

    await world.ada.task.addDependency(link);
    expect((await world.task(waiting.id)).revision).toBe(before + 1);
    await world.ada.task.removeDependency(link);
    expect((await world.task(waiting.id)).revision).toBe(before + 2);
    expect(await refusalOf(world.ada.task.removeDependency(link))).toMatchObject({ appCode: 'dependency-not-found' });
  });

  it('refuses a circle of any length', async () => {
    const [a, b, c] = [await create(), await create(), await create()];
    await world.ada.task.addDependency({ id: a.id, dependsOnId: b.id });
    await world.ada.task.addDependency({ id: b.id, dependsOnId: c.id });
    for (const dependsOnId of [a.id, b.id, c.id]) {
      const call = world.ada.task.addDependency({ id: c.id, dependsOnId });
      expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', appCode: 'dependency-circle' });
    }
  });

  it('lets two at once make no circle', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [await create(), await create()];
      const links = await Promise.allSettled([
        world.ada.task.addDependency({ id: a.id, dependsOnId: b.id }),
        world.ada.task.addDependency({ id: b.id, dependsOnId: a.id }),
      ]);
      expect(links.map((link) => link.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('lets a move and a dependency at once not tie a task to one above it', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [await create(), await create()];
      const changes = await Promise.allSettled([
        world.ada.task.addDependency({ id: a.id, dependsOnId: b.id }),
        world.ada.task.update({ id: b.id, parentTaskId: a.id }),
      ]);
      expect(changes.map((change) => change.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('refuses those above and below', async () => {
    const top = await create();
    const bottom = await create({ parentTaskId: (await create({ parentTaskId: top.id })).id });
    for (const [id, dependsOnId] of [
      [top.id, bottom.id],
      [bottom.id, top.id],
    ] as const) {
      const call = world.ada.task.addDependency({ id, dependsOnId });
      expect(await refusalOf(call)).toMatchObject({ appCode: 'dependency-circle' });
    }
  });
});

describe('task.list', () => {
  const names = async (filter: Parameters<ApiWorld['ada']['task']['list']>[0]): Promise<string[]> =>
    (await world.bob.task.list(filter)).items.map((task) => task.name);

  it('pages from the newest to the oldest, with none twice and none left out', async () => {
    const fresh = await createApiWorld();
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      made.push((await fresh.bob.task.create({ instruction: `Task ${index}` })).id);
    }
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await fresh.bob.task.list({ limit: 3, cursor });
      seen.push(...page.items.map((task) => task.id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(made.toReversed());
    await fresh.close();
  });

  it('finds text as it is written, in any case and wherever it stands', async () => {
    await world.bob.task.create({ name: 'Offer of 100%', instruction: 'Compare' });
    await world.bob.task.create({ name: 'Offer of 1000', instruction: 'snake_case and back\\slash' });

    expect(await names({ query: '100%' })).toEqual(['Offer of 100%']);
    expect(await names({ query: 'SNAKE_' })).toEqual(['Offer of 1000']);
    expect(await names({ query: 'k\\s' })).toEqual(['Offer of 1000']);
    expect(await names({ query: 'e_c' })).toEqual(['Offer of 1000']);
    expect(await names({ query: 'Offer of' })).toEqual(['Offer of 1000', 'Offer of 100%']);
    expect(await names({ query: 't-1' })).toEqual(['Offer of 100%']);
    expect(await names({ query: '' })).toHaveLength(2);
  });

  it('narrows by status, parent and agent', async () => {
    const parent = await world.createTask({ name: 'Parent' });
    const child = await create({ parentTaskId: parent.id });
    await world.ada.task.cancel({ id: parent.id });
    const idsOf = async (filter: Parameters<ApiWorld['ada']['task']['list']>[0]) =>
      (await world.ada.task.list(filter)).items.map((task) => task.id);

    expect(await idsOf({ statuses: ['canceled'] })).toEqual([parent.id]);
    expect(await idsOf({ parentTaskId: parent.identifier })).toEqual([child.id]);
    expect(await idsOf({ agentId: parent.agentId ?? '' })).toEqual([parent.id]);
    expect(await idsOf({ parentTaskId: null, limit: LIMITS.pageSizeMax })).not.toContain(child.id);
    expect(await idsOf({ statuses: [] })).toEqual([]);
  });

  it.each([{ limit: 0 }, { limit: LIMITS.pageSizeMax + 1 }, { cursor: 'T-1' }, { query: 'a\u0000' }])(
    'refuses %j',
    async (filter) => {
      expect(await refusalOf(world.ada.task.list(filter))).toMatchObject({ code: 'BAD_REQUEST' });
    },
  );
});

describe('a run', () => {
  it('shows in the detail, in the transcript and in the answer to an interruption', async () => {
    const task = await world.createTask();
    world.agent.hold();
    const run = await world.ada.task.run({ id: task.identifier, prompt: 'Only the red ones' });
    expect(run).toMatchObject({ taskId: task.id, taskIdentifier: task.identifier });

    const during = await world.ada.task.detail({ id: task.id });
    expect(during.runningOperation).toMatchObject({ id: run.operationId, status: 'running', startedAt: expect.any(Date) });
    expect(during).toMatchObject({ status: 'running', agent: { kind: 'http', name: 'Scripted' } });
    expect(await refusalOf(world.ada.task.run({ id: task.id }))).toMatchObject({
      code: 'CONFLICT',
      appCode: 'run-in-flight',
    });

    const stopped = await world.ada.task.interrupt({ operationId: run.operationId });
    world.agent.release();
    await world.runner.idle();
    expect(stopped).toMatchObject({ id: run.operationId, status: 'interrupted', finishedAt: expect.any(Date) });
    expect(await refusalOf(world.ada.task.interrupt({ operationId: run.operationId }))).toMatchObject({
      code: 'CONFLICT',
      appCode: 'operation-settled',
    });
    const after = await world.ada.task.detail({ id: task.id });
    expect(after).toMatchObject({ status: 'paused', runningOperation: null });
    expect(after.topics).toMatchObject([{ id: run.topicId, number: 1, trigger: 'manual', status: 'interrupted' }]);
  });

  it('leaves a transcript that pages from its beginning', async () => {
    const task = await world.createTask();
    world.agent.next((request) => {
      for (const content of ['one', 'two', 'three']) request.emit({ role: 'assistant', content });
      return { kind: 'done', content: 'four' };
    });
    const { topicId } = await world.ada.task.run({ id: task.id });
    await world.runner.idle();

    const first = await world.ada.task.transcript({ topicId, limit: 2 });
    const rest = await world.ada.task.transcript({ topicId, cursor: first.nextCursor });
    const contents = [...first.items, ...rest.items].map((message) => message.content);
    expect(first.items).toHaveLength(2);
    expect(rest.nextCursor).toBeNull();
    expect(contents.slice(-4)).toEqual(['one', 'two', 'three', 'four']);
  });

  it('that has said nothing yet has an empty transcript', async () => {
    const task = await world.createTask();
    world.agent.hold();
    const { topicId } = await world.ada.task.run({ id: task.id });
    const { items } = await world.ada.task.transcript({ topicId });
    expect(items.filter((message) => message.role === 'assistant')).toEqual([]);
    world.agent.release();
    await world.runner.idle();
  });

  it('leaves the ledger of its arms behind, newest first', async () => {
    const task = await world.createTask();
    await world.ada.task.start({ id: task.id });
    await world.beat(task.id);

    const detail = await world.ada.task.detail({ id: task.id });
    expect(detail.ticks).toMatchObject([
      { outcome: null, trigger: 'heartbeat' },
      { outcome: 'fired', lateMs: 0, operationId: detail.topics[0] && expect.any(String) },
    ]);
    expect(detail.nextRunAt).toEqual(detail.ticks[0]?.dueAt);
    expect(detail.activities.every((activity) => activity.kind !== 'arm')).toBe(true);
  });
});

describe('the acts of a person', () => {
  it('answer with the task as it is afterwards', async () => {
    const task = await world.createTask();
    expect(await world.ada.task.start({ id: task.identifier })).toMatchObject({ status: 'scheduled', nextRunAt: world.clock.now() });
    expect(await world.ada.task.pause({ id: task.id })).toMatchObject({ status: 'paused', nextRunAt: null });
    expect(await world.ada.task.resume({ id: task.id })).toMatchObject({ status: 'scheduled' });
    expect(await world.ada.task.cancel({ id: task.id })).toMatchObject({ status: 'canceled' });
    expect(await refusalOf(world.ada.task.resume({ id: task.id }))).toMatchObject({
      code: 'PRECONDITION_FAILED',
      appCode: 'invalid-transition',
    });
    expect(await world.ada.task.delete({ id: task.identifier })).toEqual({ id: task.id });
    expect(await refusalOf(world.ada.task.detail({ id: task.id }))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('may be words', async () => {
    const task = await create();
    const comment = await world.ada.task.comment({ id: task.identifier, content: ' Look again ' });

    expect(comment).toMatchObject({ taskId: task.id, author: 'user', content: 'Look again' });
    expect((await world.ada.task.detail({ id: task.id })).comments).toEqual([comment]);
    expect(await refusalOf(world.ada.task.comment({ id: task.id, content: ' ' }))).toMatchObject({ code: 'BAD_REQUEST' });
  });
});
