import { LIMITS } from '@everbeat/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld({ env: { HEARTBEAT_MIN_SECONDS: '10' } });
});
afterAll(() => world.close());

const create = (input: Partial<Parameters<ApiWorld['ada']['task']['create']>[0]> = {}) =>
  world.ada.task.create({ instruction: 'Count the boats', ...input });

describe('a task below another', () => {
  it('moves a task below another and back, and tells all three pages', async () => {
    const [task, parent] = [await create(), await create()];
    expect((await world.ada.task.update({ id: task.id, parentTaskId: parent.id })).parentTaskId).toBe(
      parent.id,
    );
    expect((await world.ada.task.detail({ id: parent.id })).subtasks).toMatchObject([{ id: task.id }]);

    expect((await world.ada.task.update({ id: task.id, parentTaskId: null })).parentTaskId).toBeNull();
    const { activities, subtasks } = await world.ada.task.detail({ id: parent.id });
    expect(subtasks).toEqual([]);
    expect(activities.map((activity) => activity.reason).slice(0, 2)).toEqual([
      'subtask-removed',
      'subtask-added',
    ]);
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
    for (let depth = 1; depth < LIMITS.ancestorsDepthMax; depth += 1)
      deep = await create({ parentTaskId: deep.id });
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
    expect(await refusalOf(world.ada.task.start({ id: waiting.id }))).toMatchObject({
      appCode: 'dependencies-unmet',
    });
  });

  it('gives the task that waits a new revision, and so does its removal', async () => {
    const [waiting, awaited] = [await create(), await create()];
    const link = { id: waiting.id, dependsOnId: awaited.id };
    const before = (await world.task(waiting.id)).revision;

    await world.ada.task.addDependency(link);
    expect((await world.task(waiting.id)).revision).toBe(before + 1);
    await world.ada.task.removeDependency(link);
    expect((await world.task(waiting.id)).revision).toBe(before + 2);
    expect(await refusalOf(world.ada.task.removeDependency(link))).toMatchObject({
      appCode: 'dependency-not-found',
    });
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
