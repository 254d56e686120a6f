import { LIMITS, MEMORY_DOCUMENT } from '@everbeat/domain';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

const save = (taskId: string, content: string, { name = 'Report' } = {}) =>
  world.documents.save(world.userId, { taskId, name, content });

describe('the prompt of a run', () => {
  const promptOf = async (taskId: string): Promise<string> => {
    let prompt = '';
    world.agent.next(async (request) => {
      prompt = await request.prompt();
      return { kind: 'done', content: 'Looked' };
    });
    await world.runNow(taskId);
    return prompt;
  };

  test('has the memory in full, the names of the other documents, and none of what is not there', async () => {
    const id = await world.startTask();
    expect(await promptOf(id)).not.toMatch(/document/i);
    await save(id, 'Boats are counted by hand.', { name: MEMORY_DOCUMENT });
    await save(id, 'SECRET OF THE REPORT');
    const prompt = await promptOf(id);
    expect(prompt).toContain('Boats are counted by hand.');
    expect(prompt).toMatch(/"Report", version 1, 20 bytes, by the person, /);
    expect(prompt).not.toContain('SECRET OF THE REPORT');
  });

  test('has a long memory up to its limit', async () => {
    const id = await world.startTask();
    await save(id, 'm'.repeat(LIMITS.memoryDocumentCharsMax), { name: MEMORY_DOCUMENT });
    expect(await promptOf(id)).toContain('m'.repeat(LIMITS.memoryDocumentCharsMax));
    await save(id, 'n'.repeat(LIMITS.memoryDocumentCharsMax + 1), { name: MEMORY_DOCUMENT });
    const prompt = await promptOf(id);
    expect(prompt).toContain(`${'n'.repeat(LIMITS.memoryDocumentCharsMax - 1)}…`);
    expect(prompt).not.toContain('n'.repeat(LIMITS.memoryDocumentCharsMax));
  });

  test('has the documents of its parent, its subtasks and its dependencies, but not their memory', async () => {
    const parent = await world.startTask();
    const { id } = await world.createTask({ parentTaskId: parent });
    const dependency = await world.startTask();
    await world.tasks.addDependency(world.userId, id, dependency);
    await save(parent, 'Of the parent');
    await save(parent, 'PRIVATE', { name: MEMORY_DOCUMENT });
    await save(id, 'Of the subtask');
    await save(dependency, 'Of the dependency');

    const prompt = await promptOf(id);
    expect(prompt).toContain('Report\n\nOf the parent');
    expect(prompt).toContain('Report\n\nOf the dependency');
    expect(prompt).not.toContain('PRIVATE');
    expect(await promptOf(parent)).toContain('Report\n\nOf the subtask');
  });

  test('is shown later as it was, though its documents have changed since', async () => {
    const id = await world.startTask();
    await save(id, `Counted: ${'3 boats, '.repeat(40)}`, { name: MEMORY_DOCUMENT });
    const prompt = await promptOf(id);
    await save(id, 'Forgotten', { name: MEMORY_DOCUMENT });
    await save(id, 'New');
    const [topic] = (await world.reads.topics(world.userId, id, {})).items;
    const { items } = await world.reads.transcript(world.userId, topic?.id ?? '', {});
    expect(items[0]).toMatchObject({ content: prompt, note: null });
  });
});
