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

describe('the parent of a task', () => {
  it('can be set and removed, which the parent shows in its subtasks and its history', async () => {
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

  it('is refused if it is the task itself or one below it', async () => {
    const top = await create();
    const middle = await create({ parentTaskId: top.id });
    const bottom = await create({ parentTaskId: middle.id });
    for (const parent of [top, middle, bottom]) {
      const call = world.ada.task.update({ id: top.id, parentTaskId: parent.id });
      expect(await refusalOf(call)).toMatchObject({ code: 'BAD_REQUEST', appCode: 'ancestor-circle' });
    }
  });

  it('makes no circle when two tasks are moved below each other at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [await create(), await create()];
      const moves = await Promise.allSettled([
        world.ada.task.update({ id: a.id, parentTaskId: b.id }),
        world.ada.task.update({ id: b.id, parentTaskId: a.id }),
      ]);
      expect(moves.map((move) => move.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('is refused if the subtasks of the task would be nested too deep', async () => {
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
  it('makes one task depend on another, and changes nothing the second time', async () => {
    const [dependent, dependency] = [await create(), await create()];
    await world.ada.task.addDependency({ id: dependent.identifier, dependsOnId: dependency.identifier });
    await world.ada.task.addDependency({ id: dependent.id, dependsOnId: dependency.id });

    const detail = await world.ada.task.detail({ id: dependent.id });
    expect(detail.dependencies).toMatchObject([
      { id: dependency.id, identifier: dependency.identifier, name: dependency.name, status: 'backlog' },
    ]);
    expect(detail.activities.filter((activity) => activity.reason === 'dependency-added')).toHaveLength(1);
    expect((await world.ada.task.detail({ id: dependency.id })).dependents).toMatchObject([
      { id: dependent.id },
    ]);
    expect(await refusalOf(world.ada.task.start({ id: dependent.id }))).toMatchObject({
      appCode: 'dependencies-unmet',
    });
  });

  it('increments the revision of the dependent task, and so does task.removeDependency', async () => {
    const [dependent, dependency] = [await create(), await create()];
    const link = { id: dependent.id, dependsOnId: dependency.id };
    const before = (await world.task(dependent.id)).revision;
    const dependencyBefore = (await world.task(dependency.id)).revision;

    await world.ada.task.addDependency(link);
    expect((await world.task(dependent.id)).revision).toBe(before + 1);
    // Whoever ends it at this moment must see what waits for it.
    expect((await world.task(dependency.id)).revision).toBe(dependencyBefore + 1);
    await world.ada.task.removeDependency(link);
    expect((await world.task(dependent.id)).revision).toBe(before + 2);
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

  it('makes no circle when two tasks are made to depend on each other at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [await create(), await create()];
      const links = await Promise.allSettled([
        world.ada.task.addDependency({ id: a.id, dependsOnId: b.id }),
        world.ada.task.addDependency({ id: b.id, dependsOnId: a.id }),
      ]);
      expect(links.map((link) => link.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('refuses one of a dependency and a move at the same moment that together tie a task to an ancestor', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [await create(), await create()];
      const changes = await Promise.allSettled([
        world.ada.task.addDependency({ id: a.id, dependsOnId: b.id }),
        world.ada.task.update({ id: b.id, parentTaskId: a.id }),
      ]);
      expect(changes.map((change) => change.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });

  it('refuses tasks above and below', async () => {
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
