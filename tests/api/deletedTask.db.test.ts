import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROCEDURES, withAt } from '../attack/inputs';
import { callAnything, REQUIRED } from '../support/anyCall';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

/**
 * A deleted task is hidden at once; its rows are removed later. Until then its ids, tried in every text of
 * every input, find nothing, and nobody can change it.
 */
const CANARY = 'Of-the-deleted-task';
let world: ApiWorld;
let taskId: string;
let ids: string[];
/** The tasks above and below it. */
let related: string[];

beforeAll(async () => {
  world = await createApiWorld();
  world.agent.default({
    kind: 'done',
    content: CANARY,
    briefs: [{ type: 'decision', priority: 'urgent', title: CANARY, summary: CANARY }],
  });
  const task = await world.createTask({ name: CANARY, instruction: CANARY });
  const parent = await world.createTask({ name: 'Above' });
  const child = await world.createTask({ name: 'Below', parentTaskId: task.id });
  await world.ada.task.update({ id: task.id, parentTaskId: parent.id });
  const run = await world.ada.task.run({ id: task.id });
  await world.runner.idle();
  const comment = await world.ada.task.comment({ id: task.id, content: CANARY });
  const [brief] = (await world.ada.brief.list({ taskId: task.id })).items;
  taskId = task.id;
  related = [parent.id, child.id];
  ids = [task.id, task.identifier, run.topicId, run.operationId, comment.id, brief?.id ?? ''];
  await world.ada.task.delete({ id: task.id });
});
afterAll(() => world.close());

const rows = () =>
  world.query(
    `select
       (select jsonb_agg(t) from everbeat.tasks t where t.id = $1) as task,
       (select jsonb_agg(b) from everbeat.briefs b where b.task_id = $1) as briefs,
       (select jsonb_agg(o) from everbeat.operations o where o.task_id = $1) as operations,
       (select jsonb_agg(c) from everbeat.task_comments c where c.task_id = $1) as comments,
       (select jsonb_agg(d) from everbeat.task_dependencies d) as dependencies`,
    [taskId],
  );

describe('the ids of a deleted task', () => {
  it('are known for every kind of row', () => {
    expect(ids.every((id) => id !== '')).toBe(true);
  });

  it.each(PROCEDURES.filter(({ textPaths }) => textPaths.length > 0))(
    'in any text of $name neither read nor change anything',
    async ({ name, textPaths }) => {
      const before = await rows();
      const own = await world.ada.task.create({ instruction: 'Own' });
      for (const path of textPaths) {
        for (const id of ids) {
          for (const required of [{ ...REQUIRED, id: own.id }, REQUIRED, {}]) {
            const other = path[0] === 'id' ? {} : { dependsOnId: own.id };
            const input = withAt({ ...required, ...other }, path, id);
            const answer = await callAnything(world, world.userId, name, input).catch((error: unknown) =>
              error instanceof Error ? error.message : error,
            );
            expect(JSON.stringify(answer) ?? '').not.toContain(CANARY);
          }
        }
      }
      expect(await rows()).toEqual(before);
    },
  );

  it('do not appear on the pages of the tasks that were related to it', async () => {
    const { items } = await world.ada.task.list({});
    for (const id of related) {
      expect(JSON.stringify(await world.ada.task.detail({ id }))).not.toContain(CANARY);
    }
    expect(JSON.stringify([items, (await world.ada.brief.list({})).items])).not.toContain(CANARY);
  });
});
