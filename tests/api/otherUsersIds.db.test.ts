import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROCEDURES, withAt } from '../attack/inputs';
import { callAnything, REQUIRED } from '../support/anyCall';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

/**
 * Complements the cases in ownership.db.test.ts: tries the ids of another user's rows in every text of every
 * input. The texts are found in the router itself.
 */

/** Is in every text of Ada's, so that any leak shows. */
const CANARY = 'Adas-own-words';
let world: ApiWorld;
let hers: string[];

beforeAll(async () => {
  world = await createApiWorld();
  world.agent.default({
    kind: 'done',
    content: CANARY,
    briefs: [{ type: 'decision', priority: 'normal', title: CANARY, summary: CANARY }],
  });
  const task = await world.createTask({ name: CANARY, instruction: CANARY });
  const run = await world.ada.task.run({ id: task.id });
  await world.runner.idle();
  const comment = await world.ada.task.comment({ id: task.id, content: CANARY });
  const [brief] = (await world.ada.brief.list({ taskId: task.id })).items;
  hers = [
    task.id,
    task.identifier,
    task.agentId ?? '',
    run.topicId,
    run.operationId,
    comment.id,
    brief?.id ?? '',
    world.userId,
  ];
});
afterAll(() => world.close());

const snapshot = () =>
  world.query(
    `select
       (select jsonb_agg(t order by t.id) from everbeat.tasks t where t.user_id = $1) as tasks,
       (select jsonb_agg(b order by b.id) from everbeat.briefs b where b.user_id = $1) as briefs,
       (select jsonb_agg(a order by a.id) from everbeat.agents a where a.user_id = $1) as agents,
       (select jsonb_agg(o order by o.id) from everbeat.operations o where o.user_id = $1) as operations,
       (select jsonb_agg(c order by c.id) from everbeat.task_comments c where c.user_id = $1) as comments,
       (select jsonb_agg(d) from everbeat.task_dependencies d) as dependencies`,
    [world.userId],
  );

describe("another user's ids", () => {
  it('are known for every kind of row, and the texts of the inputs have been found', () => {
    expect(hers.every((id) => id !== '')).toBe(true);
    expect(PROCEDURES.filter(({ textPaths }) => textPaths.length > 0).length).toBeGreaterThan(15);
    expect(PROCEDURES.find(({ name }) => name === 'task.create')?.textPaths).toContainEqual([
      'config',
      'watch',
      'url',
    ]);
  });

  it.each(PROCEDURES.filter(({ textPaths }) => textPaths.length > 0))(
    'in any text of $name neither read nor change anything',
    async ({ name, textPaths }) => {
      const before = await snapshot();
      const own = await world.bob.task.create({ instruction: 'Own' });
      for (const path of textPaths) {
        for (const id of hers.slice(0, -1)) {
          for (const required of [{ ...REQUIRED, id: own.id }, REQUIRED, {}]) {
            const input = withAt(
              { ...required, ...(path[0] === 'id' ? {} : { dependsOnId: own.id }) },
              path,
              id,
            );
            const answer = await callAnything(world, 'bob', name, input).catch((error: unknown) =>
              error instanceof Error ? error.message : error,
            );
            expect(JSON.stringify(Object(answer).streamed ?? [])).toBe('[]');
            expect(JSON.stringify(answer) ?? '').not.toContain(CANARY);
          }
        }
      }
      expect(await snapshot()).toEqual(before);
    },
  );
});
