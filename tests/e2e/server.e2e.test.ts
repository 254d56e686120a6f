import type { TaskDetailView } from '@everbeat/domain';
import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app/app';

let app: App;
let pages: PageServer;
let watcherId: string;

beforeAll(async () => {
  pages = await startPageServer();
  app = await startApp();
  const agents = await app.trpc.agent.list.query();
  watcherId = agents.find(({ kind }) => kind === 'watch')?.id ?? '';
});

afterAll(async () => {
  await app?.stop();
  await pages?.close();
});

/** Starts a task that watches the page at `path` every second. */
async function watchPage(path: string): Promise<string> {
  const { id } = await app.trpc.task.create.mutate({
    instruction: `Tell me when ${path} changes`,
    agentId: watcherId,
    automationMode: 'heartbeat',
    heartbeatInterval: 1,
    config: { watch: { url: `${pages.url}${path}` } },
  });
  await app.trpc.task.start.mutate({ id });
  return id;
}

/** Pauses the task while it is scheduled, so that no run is interrupted. */
async function pause(id: string): Promise<TaskDetailView> {
  await app.task(id, 'it to be scheduled', ({ status }) => status === 'scheduled');
  await app.trpc.task.pause.mutate({ id });
  return app.task(id, 'its last run to end', ({ runningOperation }) => runningOperation === null);
}

const visitsOf = (path: string): number => pages.visits.filter((visit) => visit.path === path).length;

describe('a start in an empty folder', () => {
  test('prints its mode, scheduler and database, and is healthy and ready', async () => {
    expect(app.output()).toMatch(
      /mode\s+local .*\n\s+scheduler\s+local .*\n\s+database\s+embedded Postgres in /,
    );
    const health = await fetch(`${app.url}/api/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    const ready = await fetch(`${app.url}/api/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', database: 'ok', scheduler: 'ok' },
    ]);
    expect(await app.trpc.system.status.query()).toMatchObject({
      mode: 'local',
      scheduler: 'local',
      database: 'embedded',
      heartbeatMinSeconds: 1,
      armed: 0,
      running: 0,
      overdue: 0,
    });
  });

  test('creates an agent that needs no key', async () => {
    expect(await app.trpc.agent.list.query()).toMatchObject([{ name: 'Web page watcher', kind: 'watch' }]);
  });

  test('refuses invalid input and unknown tasks with the codes of the API', async () => {
    const tooShort = app.trpc.task.create.mutate({
      instruction: 'Hurry',
      automationMode: 'heartbeat',
      heartbeatInterval: 0,
    });
    await expect(tooShort).rejects.toMatchObject({ data: { code: 'BAD_REQUEST', appCode: 'invalid-input' } });
    await expect(app.trpc.task.detail.query({ id: 'T-999' })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND', appCode: 'task-not-found' },
    });
  });
});

describe('a watched page', () => {
  test('that changes makes one brief with the difference, and is read again and again', async () => {
    pages.serve('<title>News</title><main><p>The mill is open</p><p>Rain today</p></main>', '/news');
    const id = await watchPage('/news');
    const first = await app.task(id, 'its first run', ({ topics }) => topics[0]?.status === 'done');
    expect(first.topics[0]?.title).toBe('Watching News');
    expect(first.briefs).toEqual([]);

    pages.serve('<title>News</title><main><p>The mill is closed</p><p>Rain today</p></main>', '/news');
    const changed = await app.task(id, 'the brief of the change', ({ briefs }) => briefs.length > 0);
    expect(changed.briefs).toMatchObject([{ type: 'insight', title: 'News: open → closed' }]);
    expect(changed.briefs[0]?.summary).toMatch(/^-The mill is open\n\+The mill is closed$/m);

    const firedBefore = changed.ticks.filter(({ outcome }) => outcome === 'fired').length;
    const later = await app.task(id, 'three more ticks', ({ ticks }) => {
      return ticks.filter(({ outcome }) => outcome === 'fired').length >= firedBefore + 3;
    });
    expect(later.briefs).toHaveLength(1);
    expect(later.context.scheduler.consecutiveFailures).toBe(0);
    // Each tick started an operation of its own.
    const operations = later.ticks.flatMap(({ operationId }) => operationId ?? []);
    expect(new Set(operations).size).toBe(operations.length);
    const paused = await pause(id);
    // The first run reads the page twice, to learn what changes by itself.
    expect(paused.totalTopics + 1).toBe(visitsOf('/news'));
  });

  test('that disappears blows the fuse after three failures; a retry lets the task go on', async () => {
    pages.serve('<title>Shop</title><p>Open</p>', '/shop');
    const id = await watchPage('/shop');
    await app.task(id, 'its first run', ({ topics }) => topics[0]?.status === 'done');

    pages.serve({ status: 404, body: 'Not here' }, '/shop');
    const visitsBefore = visitsOf('/shop');
    const blown = await app.task(id, 'the fuse', ({ status }) => status === 'paused');
    expect(blown.context.scheduler).toMatchObject({
      blockedBy: 'fuse',
      consecutiveFailures: 3,
      tickToken: null,
    });
    expect(blown.briefs).toMatchObject([
      { type: 'error', priority: 'urgent', occurrences: 3, resolvedAt: null },
    ]);
    expect(visitsOf('/shop') - visitsBefore).toBeLessThanOrEqual(4);

    pages.serve('<title>Shop</title><p>Open</p>', '/shop');
    const brief = await app.trpc.brief.resolve.mutate({ id: blown.briefs[0]?.id ?? '', action: 'retry' });
    expect(brief).toMatchObject({ resolvedAction: 'retry' });
    const runsBefore = blown.totalTopics;
    const retried = await app.task(id, 'two more runs', (task) => task.totalTopics >= runsBefore + 2);
    expect(retried.context.scheduler).toMatchObject({ blockedBy: null, consecutiveFailures: 0 });
    await pause(id);
  });

  test('that is out of order for a while costs no strike, and the task goes on by itself', async () => {
    pages.serve({ status: 503, body: 'Out of order' }, '/mill');
    const id = await watchPage('/mill');
    const waiting = await app.task(id, 'two failed runs', ({ topics }) => topics.length >= 2);
    expect(waiting.context.scheduler).toMatchObject({
      consecutiveFailures: 0,
      blockedBy: null,
      streak: { class: 'transient' },
    });

    pages.serve('<title>Mill</title><p>Open</p>', '/mill');
    const recovered = await app.task(id, 'its next run', ({ topics }) => topics[0]?.status === 'done');
    expect(recovered.context.scheduler.streak).toBeUndefined();
    expect(recovered.briefs).toEqual([]);
    await pause(id);
  });

  test('is no longer read after its task is paused', async () => {
    pages.serve('<p>Quiet</p>', '/quiet');
    const id = await watchPage('/quiet');
    await app.task(id, 'its first run', ({ topics }) => topics[0]?.status === 'done');
    expect(await pause(id)).toMatchObject({ status: 'paused', nextRunAt: null });
    const visits = visitsOf('/quiet');

    const other = await watchPage('/other');
    await app.task(other, 'two runs of another task', ({ topics }) => topics.length >= 2);
    expect(visitsOf('/quiet')).toBe(visits);
    await pause(other);
  });
});
