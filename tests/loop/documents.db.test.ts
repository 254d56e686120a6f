import type { AgentOutcome } from '@everbeat/agents';
import { type AgentDocument, LIMITS, MEMORY_DOCUMENT } from '@everbeat/domain';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

const done = (...documents: AgentDocument[]): AgentOutcome => ({
  kind: 'done',
  content: 'Looked',
  documents,
});

/** Runs the task, whose agent writes these documents. */
async function report(taskId: string, ...documents: AgentDocument[]): Promise<void> {
  world.agent.next(done(...documents));
  await world.runNow(taskId);
}

const save = (taskId: string, content: string, changes: { name?: string; baseVersion?: number } = {}) =>
  world.documents.save(world.userId, { taskId, name: 'Report', content, ...changes });

const documents = async (taskId: string) =>
  (await world.documents.list(world.userId, taskId, true)).map(({ name, version, content, updatedBy }) => [
    name,
    version,
    content,
    updatedBy,
  ]);

const transcript = (taskId: string) =>
  world.query<{ content: string }>(
    `select m.content from everbeat.messages m join everbeat.topics p on p.id = m.topic_id
     where p.task_id = $1 and m.role = 'tool' order by m.id`,
    [taskId],
  );

describe('a run that writes documents', () => {
  test('makes a version of each when it settles, with the run that wrote it', async () => {
    const id = await world.startTask();
    await report(id, { name: 'Report', content: '# One' }, { name: MEMORY_DOCUMENT, content: 'Seen 1' });
    await report(id, { name: 'report', content: 'Two', append: true });

    expect(await documents(id)).toEqual([
      ['Memory', 1, 'Seen 1', 'agent'],
      ['Report', 2, '# One\nTwo', 'agent'],
    ]);
    const { items } = await world.documents.history(
      world.userId,
      { taskId: id, name: 'Report' },
      { withContent: true },
    );
    expect(items.map(({ version, content, runNumber }) => [version, content, runNumber])).toEqual([
      [2, '# One\nTwo', 2],
      [1, '# One', 1],
    ]);
    const changes = await world.query<{ reason: string }>(
      `select reason from everbeat.task_activities where task_id = $1 and kind = 'document' order by id`,
      [id],
    );
    expect(changes.map(({ reason }) => reason).toSorted()).toEqual(['Memory', 'Report', 'Report']);
  });

  test('makes no version of a text that is there already', async () => {
    const id = await world.startTask();
    await report(id, { name: 'Report', content: 'Same' });
    await report(id, { name: 'Report', content: 'Same' });
    expect(await documents(id)).toEqual([['Report', 1, 'Same', 'agent']]);
  });

  test('leaves none behind when it fails, is stopped, or is settled a second time', async () => {
    const id = await world.startTask();
    world.agent.next({ kind: 'error', errorCode: 'agent_error', errorMessage: 'It broke', content: 'x' });
    await world.runNow(id);
    world.agent.next(done({ name: 'Report', content: 'Stopped' }));
    world.agent.hold();
    const { operationId, topicId } = await world.runner.run(world.userId, { taskId: id });
    await world.lifecycle.interrupt(world.userId, operationId);
    world.agent.release();
    await world.runner.idle();
    const settled = await world.lifecycle.settle({
      operationId,
      topicId,
      taskId: id,
      userId: world.userId,
      status: 'done',
      errorCode: null,
      errorMessage: null,
      usage: null,
      transcript: [],
      report: { content: 'Late', documents: [{ name: 'Report', content: 'Late' }] },
    });

    expect(settled).toEqual({ settled: false, reason: 'already-settled' });
    expect(await documents(id)).toEqual([]);
  });

  test('keeps the newest versions', async () => {
    const id = await world.startTask();
    for (let version = 1; version < LIMITS.documentVersionsMax; version += 1) await save(id, `${version}`);
    await report(id, { name: 'Report', content: 'The last that fits' });
    const versions = () =>
      world.query('select version from everbeat.task_documents where task_id = $1 order by version', [id]);
    expect(await versions()).toHaveLength(LIMITS.documentVersionsMax);

    await report(id, { name: 'Report', content: 'One more' });
    expect(await versions()).toHaveLength(LIMITS.documentVersionsMax);
    expect((await versions())[0]).toEqual({ version: 2 });
    await save(id, 'And one');
    expect((await versions())[0]).toEqual({ version: 3 });
  });
});

describe('a person who saves a document while a run works on it', () => {
  /** The run has begun; the person saves; then it reports. */
  async function savedMeanwhile(document: AgentDocument): Promise<string> {
    const id = await world.startTask();
    await report(id, { name: 'Report', content: 'First' });
    world.agent.next(async () => {
      await save(id, 'Mine', { baseVersion: 1 });
      return done(document);
    });
    await world.runNow(id);
    return id;
  }

  test.each<[string, AgentDocument]>([
    ['that does not say what it was made from', { name: 'Report', content: 'Theirs' }],
    ['that was made from an older version', { name: 'Report', content: 'Theirs', baseVersion: 1 }],
  ])(
    'keeps their text; a text of the agent %s is in the transcript, and a brief says so',
    async (_what, document) => {
      const id = await savedMeanwhile(document);

      expect(await documents(id)).toEqual([['Report', 2, 'Mine', 'user']]);
      expect((await transcript(id)).map(({ content }) => content)).toEqual([
        expect.stringMatching(
          /"Report" was not saved: version 2 was saved while the run worked.*\n\nTheirs$/s,
        ),
      ]);
      const { items } = await world.reads.briefs(world.userId, { taskId: id });
      expect(items).toMatchObject([{ type: 'insight', priority: 'normal', document: 'Report' }]);
    },
  );

  test('finds what the agent has added to the end of their text', async () => {
    const id = await savedMeanwhile({ name: 'Report', content: 'More', append: true });
    expect(await documents(id)).toEqual([['Report', 3, 'Mine\nMore', 'agent']]);
    expect(await world.briefs(id)).toEqual([]);
  });

  test('does not hold the run back from what else it writes', async () => {
    const id = await savedMeanwhile({ name: 'Prices', content: '10' });
    expect(await documents(id)).toEqual([
      ['Prices', 1, '10', 'agent'],
      ['Report', 2, 'Mine', 'user'],
    ]);
  });
});

test('a document more than a task may have is kept in the transcript', async () => {
  const id = await world.startTask();
  for (let index = 1; index < LIMITS.documentsPerTaskMax; index += 1) {
    await save(id, 'x', { name: `Number ${index}` });
  }
  await report(id, { name: 'The last', content: 'fits' }, { name: 'Too many', content: 'does not' });

  expect((await documents(id)).map(([name]) => name)).toContain('The last');
  expect(await documents(id)).toHaveLength(LIMITS.documentsPerTaskMax);
  expect((await transcript(id))[0]?.content).toMatch(
    /"Too many" was not saved: a task has at most 50.*does not$/s,
  );
});

test('a brief names a document, and a repetition of it the one it is then about', async () => {
  const id = await world.startTask();
  const brief = { type: 'insight', priority: 'normal', title: 'Prices', summary: '', key: 'prices' } as const;
  world.agent.next({ kind: 'done', content: 'Looked', briefs: [{ ...brief, document: 'Prices' }] });
  await world.runNow(id);
  world.agent.next({ kind: 'done', content: 'Looked', briefs: [{ ...brief, document: 'Report' }] });
  await world.runNow(id);
  const { items } = await world.reads.briefs(world.userId, { taskId: id });
  expect(items).toMatchObject([{ document: 'Report', occurrences: 2 }]);
});

test('the documents of a deleted task are removed with its rows', async () => {
  const id = await world.startTask();
  await report(id, { name: 'Report', content: 'x' });
  await world.lifecycle.delete(world.userId, id);
  await world.watchdog.sweep();
  expect(await world.query('select 1 from everbeat.task_documents where task_id = $1', [id])).toEqual([]);
});
