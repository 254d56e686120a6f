import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProgram } from '../support/app/appProcess';
import { createWorld, type World } from '../support/world';

const TASKS = 300;
const HEAP_MB = 160;
const PAGE_TEXT = 'The harbour is quiet';

let world: World;
let pages: PageServer;
beforeAll(async () => {
  world = await createWorld();
  pages = await startPageServer();
  pages.serve(`<html><body><p>${PAGE_TEXT}</p></body></html>`);
});
afterAll(async () => {
  await pages.close();
  await world.close();
});

/** Watches that are overdue, each with a memory of a megabyte: three hundred of them are twice the heap. */
async function insertOverdueWatches(): Promise<void> {
  const agent = await world.agents.create(world.userId, {
    name: 'Watcher',
    kind: 'watch',
    config: { url: pages.url },
  });
  for (let count = 0; count < TASKS; count += 1) await world.startTask({ agentId: agent.id });
  // As a look before left it, so that none is a first look, which waits some seconds to look again.
  const memory = {
    version: 3,
    url: pages.url,
    selector: null,
    without: [],
    kind: 'text',
    title: 'Harbour',
    isRendered: false,
    pictureId: null,
    text: PAGE_TEXT,
    hash: '',
    cut: false,
    number: null,
    etag: null,
    lastModified: null,
    noise: { patterns: [], regions: [], paths: [] },
  };
  await world.query(
    `insert into everbeat.task_memories (task_id, user_id, memory, updated_at)
     select t.id, t.user_id, $1::jsonb || jsonb_build_object('seen', array[repeat(md5(t.id::text), 31250)]), now()
     from everbeat.tasks t`,
    [JSON.stringify(memory)],
  );
}

test('a start with many overdue tasks whose memories are large stays within a small heap, and all run', async () => {
  await insertOverdueWatches();
  const server = startProgram(
    'tests/support/crowdedStart.ts',
    {},
    {
      args: [world.testDatabase.url, String(TASKS)],
      nodeOptions: [`--max-old-space-size=${HEAP_MB}`],
    },
  );

  const { code, signal } = await server.ended;

  expect({ code, signal, output: server.output() }).toMatchObject({ code: 0, signal: null });
  const ended = await world.query('select error_code from everbeat.operations where error_code is not null');
  expect(ended).toEqual([]);
  expect(await world.query('select 1 from everbeat.operations')).toHaveLength(TASKS);
}, 240_000);
