import { describe, expect, test } from 'vitest';
import { stepsWorldPerTest } from './stepsWorld';

const world = stepsWorldPerTest();

/** A task of a model, with a subtask, a dependency and a stranger, each of which has something to read. */
async function family() {
  const taskId = await world().startModelTask();
  const later = { automationMode: null, heartbeatInterval: null } as const;
  const made = (name: string, parentTaskId?: string) =>
    world().createTask({ ...later, name, instruction: `Do ${name}`, ...(parentTaskId && { parentTaskId }) });
  const subtask = await made('The part', taskId);
  const dependency = await made('The groundwork');
  const stranger = await made('The secret plan');
  await world().tasks.addDependency(world().userId, taskId, dependency.id);
  for (const { id, name } of [subtask, dependency, stranger]) {
    world().agent.next({
      kind: 'done',
      content: `Report of ${name}`,
      briefs: [{ type: 'insight', priority: 'info', title: `News of ${name}`, summary: 'Ends ``` here' }],
    });
    await world().runNow(id);
    await world().tasks.comment(world().userId, id, `Remark on ${name}`);
    await world().documents.save(world().userId, { taskId: id, name: 'Notes', content: `Notes of ${name}` });
  }
  return { taskId, subtask, dependency, stranger };
}

/** What the model reads of one call of a tool. */
async function answerTo(taskId: string, name: string, input: object): Promise<string> {
  world().chat.next({ toolCalls: [{ name, arguments: input }] }, { text: 'Done' });
  const operationId = await world().begin(taskId);
  await world().runner.idle();
  const [step] = await world().query<{ output: string }>(
    `select result ->> 'output' as output from everbeat.operation_steps where operation_id = $1 and name = $2`,
    [operationId, name],
  );
  return step?.output ?? '';
}

describe('what a model reads of the tasks around its own', () => {
  test('is a list of its parent, its subtasks and what it depends on, and no other task', async () => {
    const { taskId, subtask, dependency, stranger } = await family();
    const list = await answerTo(taskId, 'list_tasks', {});
    expect(list).toContain(`${subtask.identifier} (a subtask of this task, completed): The part`);
    expect(list).toContain(`${dependency.identifier} (this task depends on it, paused): The groundwork`);
    expect(list).toContain('(this task, running)');
    expect(list).not.toContain(stranger.name);
  });

  test('is the instruction, the reports, the briefs and the comments of one, as material', async () => {
    const { taskId, dependency } = await family();
    const view = await answerTo(taskId, 'view_task', { task: dependency.identifier.toLowerCase() });
    for (const part of ['Do The', 'Report of The', 'News of The', 'Remark on The', 'Documents: Notes'])
      expect(view).toContain(part);
    expect(view).toMatch(/^````material from view_task/);
  });

  test('is what a person has answered to a brief', async () => {
    const { taskId, dependency } = await family();
    const { items } = await world().reads.briefs(world().userId, { taskId: dependency.id, limit: 10 });
    const answer = { id: items[0]?.id ?? '', action: 'feedback', comment: 'Look again' };
    await world().lifecycle.resolveBrief(world().userId, answer);
    const view = await answerTo(taskId, 'view_task', { task: dependency.identifier });
    expect(view).toContain('Answered: feedback: Look again');
  });

  test('is a document of one, by its name', async () => {
    const { taskId, subtask } = await family();
    const part = await answerTo(taskId, 'read_document', { task: subtask.identifier, name: 'notes' });
    expect(part).toContain('Notes of The part');
    expect(part).toMatch(/^```material from read_document/);
  });

  test.each(['view_task', 'read_document'] as const)('is nothing of another task (%s)', async (tool) => {
    const { taskId, stranger } = await family();
    for (const task of [stranger.identifier, stranger.id]) {
      const refusal = await answerTo(taskId, tool, { task, name: 'Notes' });
      expect(refusal).toContain('is neither this task nor one that belongs together with it');
      await world().clock.advance(60_000);
    }
  });

  test('is nothing once the person has taken it away', async () => {
    const agent = await world().agents.create(world().userId, {
      name: 'Blind',
      kind: 'model',
      config: { tools: { tasks: 'deny' } },
    });
    const taskId = await world().startTask({ agentId: agent.id });
    expect(await answerTo(taskId, 'list_tasks', {})).toContain('unavailable tool');
    const { body } = await world().chat.requested(1);
    expect(JSON.stringify(body)).not.toContain('view_task');
  });
});
