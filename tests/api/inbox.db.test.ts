import { randomUUID } from 'node:crypto';
import type { AgentBrief } from '@everbeat/agents';
import { inTransaction } from '@everbeat/database';
import type { InboxItem, InboxView } from '@everbeat/domain';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld();
});
afterEach(async () => {
  await world.expectSound();
  await world.query('delete from everbeat.tasks');
  await world.query('delete from everbeat.inbox_undos');
});
afterAll(() => world.close());

const HOUR = 3_600_000;
const from = (ms: number): string => new Date(world.clock.now().getTime() + ms).toISOString();

/** A run of the task reports these briefs, a minute after what was before. */
const report = (taskId: string, ...briefs: Partial<AgentBrief>[]): Promise<void> =>
  reportAs('Done', taskId, ...briefs);
async function reportAs(content: string, taskId: string, ...briefs: Partial<AgentBrief>[]): Promise<void> {
  await world.clock.advance(60_000);
  world.agent.next({
    kind: 'done',
    content,
    briefs: briefs.map((brief) => ({
      type: 'insight',
      priority: 'normal',
      title: 'A ship',
      summary: 'It came in',
      ...brief,
    })),
  });
  await world.runNow(taskId);
}
async function taskWith(name: string, ...briefs: Partial<AgentBrief>[]): Promise<string> {
  const { id } = await world.createTask({ name });
  await report(id, ...briefs);
  return id;
}

const list = async (view: InboxView, more: object = {}): Promise<InboxItem[]> =>
  (await world.ada.inbox.list({ view, ...more })).items;
const titles = async (view: InboxView, more: object = {}): Promise<string[]> =>
  (await list(view, more)).map(({ title }) => title);
const apply = (order: Parameters<ApiWorld['ada']['inbox.apply']>[0]) => world.ada['inbox.apply'](order);

const ASKS = { type: 'decision', priority: 'urgent', title: 'Left or right?' } as const;

describe('a row of the inbox', () => {
  test('is what one task has to tell of one kind, with its newest brief', async () => {
    const id = await taskWith('Harbour', { title: 'First' });
    await report(id, { title: 'Second', summary: '## Two\n\n**ships**' }, ASKS);
    await taskWith('Market', { title: 'Apples', priority: 'info' });

    const [apples, ships] = await list('unread');
    expect(apples).toMatchObject({ taskTitle: 'Market', kind: 'good-to-know', count: 1 });
    expect(ships).toMatchObject({
      taskId: id,
      taskTitle: 'Harbour',
      agentName: 'Scripted',
      kind: 'needs-me',
      count: 1,
    });
    const [, , news] = await list('unread');
    expect(news).toMatchObject({ kind: 'change', count: 2, title: 'Second', excerpt: 'Two ships' });
    expect(news?.briefIds).toHaveLength(2);
    expect(news?.brief).toMatchObject({ id: news?.briefIds[0], taskName: 'Harbour' });
    expect(news?.oldestAt.getTime()).toBeLessThan(news?.newestAt.getTime() ?? 0);
    expect(await titles('waiting')).toEqual(['Left or right?']);
    expect(await world.ada.inbox.counts()).toEqual({ waiting: 1, unread: 4, snoozed: 0 });
  });

  test('counts a brief as often as it was updated', async () => {
    const id = await taskWith('Page', { key: 'price', title: 'Eleven' });
    await report(id, { key: 'price', title: 'Twelve' });
    expect(await list('unread')).toMatchObject([{ count: 2, title: 'Twelve' }]);
  });

  test('is shown once over the pages, while others come in', async () => {
    for (const name of ['A', 'B', 'C', 'D', 'E']) await taskWith(name, { title: name }, { title: name });
    const first = await world.ada.inbox.list({ view: 'unread', limit: 2 });
    await taskWith('F', { title: 'F' });
    const second = await world.ada.inbox.list({ view: 'unread', limit: 2, cursor: first.nextCursor });
    const third = await world.ada.inbox.list({ view: 'unread', limit: 2, cursor: second.nextCursor });
    const seen = [first, second, third].flatMap(({ items }) => items.map(({ title }) => title));
    expect(seen).toEqual(['E', 'D', 'C', 'B', 'A']);
    expect(third.nextCursor).toBeNull();
  });

  test('is found by words of its text, the beginning of a word, and the name of its task', async () => {
    await taskWith('Harbour', {
      title: 'A ship',
      summary: "It's called Nordstjernen (see example.com/ships)",
    });
    await taskWith('Market', { title: 'Apples', summary: 'Cheap' });
    for (const query of ['nordstj', 'SHIP called', "it's", 'example.com', 'harb'])
      expect([query, await titles('unread', { query })]).toEqual([query, ['A ship']]);
    for (const query of ['nordstern', "') or true", '100%', '\\', ':*', '_'])
      expect([query, await titles('unread', { query })]).toEqual([query, []]);
    expect(await titles('unread', { type: 'decision' })).toEqual([]);
    const [{ taskId = '' } = {}] = await list('unread');
    expect(await titles('unread', { taskId })).toEqual(['Apples']);
  });

  test('is found by words of the report of its run', async () => {
    const { id } = await world.createTask({ name: 'Market' });
    await reportAs('The price of pears: 100% up', id, { title: 'Apples', summary: 'Cheap' });
    for (const query of ['pears', 'price pears', '100%'])
      expect([query, await titles('unread', { query })]).toEqual([query, ['Apples']]);
    expect(await titles('unread', { query: 'pears plums' })).toEqual([]);
  });
});

describe('done', () => {
  test('closes news as seen, leaves what has to be answered, and says how many', async () => {
    const taskId = await taskWith('Harbour', { title: 'One' }, { title: 'Two' }, ASKS);
    const done = await apply({ act: 'done', taskId });
    expect(done).toMatchObject({ changed: 2, left: 1 });
    expect(await titles('unread')).toEqual(['Left or right?']);
    expect(await list('done')).toMatchObject([{ count: 2, brief: { resolvedAction: 'acknowledge' } }]);
    expect(await world.task(taskId)).toMatchObject({ scheduler: { blockedBy: 'urgent-brief' } });

    expect(await apply({ act: 'undo', undoToken: done.undoToken ?? '' })).toMatchObject({ changed: 2 });
    expect(await list('unread')).toMatchObject([{ kind: 'needs-me' }, { kind: 'change', count: 2 }]);
    expect(await list('done')).toEqual([]);
    expect((await refusalOf(apply({ act: 'undo', undoToken: done.undoToken ?? '' }))).appCode).toBe(
      'undo-expired',
    );
  });

  test('of one row leaves the other rows of its task', async () => {
    const taskId = await taskWith('Harbour', { title: 'News' }, { title: 'Aside', priority: 'info' });
    expect(await apply({ act: 'done', taskId, kind: 'change' })).toMatchObject({ changed: 1 });
    expect(await titles('unread')).toEqual(['Aside']);
  });

  test('is not taken back where the agent has told something new since', async () => {
    const id = await taskWith('Page', { key: 'price', title: 'Eleven' });
    const { undoToken } = await apply({ act: 'done', taskId: id });
    await report(id, { key: 'price', title: 'Twelve' });

    const refusal = await refusalOf(apply({ act: 'undo', undoToken: undoToken ?? '' }));
    expect(refusal).toMatchObject({ code: 'PRECONDITION_FAILED', appCode: 'undo-expired' });
    expect(await titles('unread')).toEqual(['Twelve']);
  });

  test('is not taken back where another brief about the same channel is open since', async () => {
    const channelId = randomUUID();
    const ofChannel = async (taskId: string) => {
      await world.query('update everbeat.briefs set channel_id = $2 where task_id = $1', [taskId, channelId]);
      return apply({ act: 'done', taskId });
    };
    const { undoToken } = await ofChannel(await taskWith('Harbour', {}));
    const later = await ofChannel(await taskWith('Market', {}));
    await apply({ act: 'undo', undoToken: later.undoToken ?? '' });

    const refusal = await refusalOf(apply({ act: 'undo', undoToken: undoToken ?? '' }));
    expect(refusal).toMatchObject({ code: 'PRECONDITION_FAILED', appCode: 'undo-expired' });
  });

  test('is not taken back where its agent opens the same brief at this very moment', async () => {
    const taskId = await taskWith('Page', { key: 'price', title: 'Eleven' });
    const { undoToken } = await apply({ act: 'done', taskId });
    const { refusal } = await inTransaction(world.testDatabase.database.pool, async (client) => {
      await client.query(
        `insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, key, created_at, updated_at)
         select uuidv7(), task_id, user_id, type, priority, 'Twelve', summary, actions, key, created_at, updated_at
         from everbeat.briefs where task_id = $1`,
        [taskId],
      );
      const refusal = refusalOf(apply({ act: 'undo', undoToken: undoToken ?? '' }));
      await expect.poll(() => world.lockWaiters()).toBe(1);
      return { refusal };
    });
    expect((await refusal).appCode).toBe('undo-expired');
    expect(await titles('unread')).toEqual(['Twelve']);
  });

  test('can be taken back for ten minutes; then the watchdog removes what it needs for that', async () => {
    const taskId = await taskWith('Harbour', {});
    const { undoToken } = await apply({ act: 'done', taskId });
    await world.clock.advance(601_000);
    expect((await refusalOf(apply({ act: 'undo', undoToken: undoToken ?? '' }))).appCode).toBe(
      'undo-expired',
    );
    await world.watchdog.sweep();
    expect(await world.query('select 1 from everbeat.inbox_undos')).toEqual([]);
  });
});

describe('what was read', () => {
  test('is done if it asks nothing, and can be made unread', async () => {
    const taskId = await taskWith('Harbour', { title: 'News' }, ASKS);
    expect(await apply({ act: 'read', taskId })).toMatchObject({ changed: 2 });
    expect([await titles('unread'), await titles('waiting'), await titles('done')]).toEqual([
      [],
      ['Left or right?'],
      ['News'],
    ]);
    expect(await world.ada.inbox.counts()).toEqual({ waiting: 1, unread: 0, snoozed: 0 });
    await apply({ act: 'unread', taskId, kind: 'change' });
    expect([await titles('unread'), await titles('done')]).toEqual([['News'], []]);
  });
});

describe('a snoozed row', () => {
  test('comes back by itself at its time, unread and at the top', async () => {
    const taskId = await taskWith('Harbour', { title: 'News' });
    await apply({ act: 'read', taskId });
    await apply({ act: 'snooze', taskId, until: from(HOUR) });
    await taskWith('Market', { title: 'Apples' });
    expect([await titles('unread'), await titles('done')]).toEqual([['Apples'], []]);
    expect(await list('snoozed')).toMatchObject([{ title: 'News', snoozedUntil: from(HOUR - 60_000) }]);
    expect(await world.ada.inbox.counts()).toMatchObject({ unread: 1, snoozed: 1 });

    await world.clock.advance(HOUR);
    expect([await titles('unread'), await titles('snoozed')]).toEqual([['News', 'Apples'], []]);
    expect(await world.ada.inbox.counts()).toMatchObject({ unread: 2, snoozed: 0 });
  });

  test('comes back when its agent tells something new about it', async () => {
    const id = await taskWith('Page', { key: 'price', title: 'Eleven' });
    await apply({ act: 'snooze', taskId: id, until: 'changes' });
    expect(await list('snoozed')).toMatchObject([{ snoozedUntil: 'changes' }]);
    await world.clock.advance(24 * HOUR);
    expect(await titles('unread')).toEqual([]);

    await report(id, { key: 'price', title: 'Twelve' });
    expect([await titles('unread'), await titles('snoozed')]).toEqual([['Twelve'], []]);
  });

  test('of a question leaves its task waiting, and is called back', async () => {
    const taskId = await taskWith('Harbour', ASKS);
    const { undoToken } = await apply({ act: 'snooze', taskId, until: 'changes' });
    expect(await titles('waiting')).toEqual([]);
    expect(await world.task(taskId)).toMatchObject({ scheduler: { blockedBy: 'urgent-brief' } });
    await apply({ act: 'unsnooze', taskId });
    expect(await titles('waiting')).toEqual(['Left or right?']);
    // Something else has changed it since.
    expect((await refusalOf(apply({ act: 'undo', undoToken: undoToken ?? '' }))).appCode).toBe(
      'undo-expired',
    );
  });

  test('ends in the future', async () => {
    const taskId = await taskWith('Harbour', {});
    for (const until of [from(-1_000), from(400 * 24 * HOUR)])
      expect((await refusalOf(apply({ act: 'snooze', taskId, until }))).appCode).toBe('invalid-input');
    expect((await refusalOf(apply({ act: 'snooze', taskId }))).code).toBe('BAD_REQUEST');
  });
});

describe('a muted task', () => {
  test('has its news read as they come in, and keeps them; its questions wait all the same', async () => {
    const id = await taskWith('Harbour', { title: 'Before' });
    const { undoToken, changed } = await apply({ act: 'mute', taskId: id });
    expect(changed).toBe(1);
    await report(id, { title: 'After' }, ASKS);

    expect(await titles('unread')).toEqual(['Left or right?']);
    expect(await list('waiting')).toMatchObject([{ muted: true, title: 'Left or right?' }]);
    expect(await list('done')).toMatchObject([{ muted: true, count: 2, title: 'After' }]);
    expect(await world.ada.task.detail({ id })).toMatchObject({ mutedAt: expect.any(Date) });

    await apply({ act: 'undo', undoToken: undoToken ?? '' });
    expect(await world.ada.task.detail({ id })).toMatchObject({ mutedAt: null });
    expect(await titles('unread')).toEqual(['Left or right?', 'Before']);
    await report(id, { title: 'Later' });
    expect((await titles('unread'))[0]).toBe('Later');
  });

  test('keeps all that a page has become, although it counts as read', async () => {
    const id = await taskWith('Page', { purpose: 'change', summary: '10' });
    await apply({ act: 'mute', taskId: id });
    await report(id, { purpose: 'change', summary: '11' });
    await report(id, { purpose: 'change', summary: '12' });
    const [row] = await list('done');
    expect(row?.brief.summary).toMatch(/12[\s\S]*11/);
    await apply({ act: 'unmute', taskId: id });
    await report(id, { purpose: 'change', summary: '13' });
    expect(await list('unread')).toMatchObject([{ muted: false }]);
  });
});

test('an act names what it is about, once, and finds no brief that does not exist', async () => {
  const briefIds = ['01900000-0000-7000-8000-000000000000'];
  expect((await refusalOf(apply({ act: 'done', briefIds }))).appCode).toBe('brief-not-found');
  expect((await refusalOf(apply({ act: 'done' }))).code).toBe('BAD_REQUEST');
  expect((await refusalOf(apply({ act: 'done', briefIds, taskId: 'T-1' }))).code).toBe('BAD_REQUEST');
  expect((await refusalOf(apply({ act: 'undo' }))).code).toBe('BAD_REQUEST');
  expect((await refusalOf(apply({ act: 'undo', undoToken: briefIds[0] }))).appCode).toBe('undo-expired');
});
