import { gzipSync } from 'node:zlib';
import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, startApp } from '../support/app/app';

/** Kilobytes of gzipped JavaScript that a page may load by itself. */
const SCRIPT_KB_MAX = { '/': 250, '/tasks': 250, '/agents': 250, '/system': 250, task: 300 };

const PASSWORD = 'correct horse';
const authorization = `Basic ${btoa(`me:${PASSWORD}`)}`;

let app: App;
let agent: FakeHttpAgent;
let task: string;

beforeAll(async () => {
  [agent, app] = await Promise.all([
    startFakeHttpAgent(),
    startApp({ env: { ACCESS_PASSWORD: PASSWORD }, headers: { authorization } }),
  ]);
  const { id: agentId } = await app.trpc.agent.create.mutate({
    name: 'Harbour office',
    kind: 'http',
    config: { url: agent.url },
  });
  const { id, identifier } = await app.trpc.task.create.mutate({
    name: 'Count the ships',
    instruction: 'Count them at noon',
    agentId,
    automationMode: 'heartbeat',
    heartbeatInterval: 3_600,
  });
  const brief = { type: 'insight', priority: 'normal', title: 'A ship has gone', summary: 'It **sailed**.' };
  agent.next({ body: { title: 'Counted', content: 'Four ships', briefs: [brief] } });
  await app.trpc.task.start.mutate({ id });
  await app.task(id, 'its brief', ({ briefs }) => briefs.length === 1);
  task = `/tasks/${identifier}`;
});

afterAll(async () => {
  await app?.stop();
  await agent?.close();
});

async function open(path: string, headers: Record<string, string> = { authorization }): Promise<string> {
  const response = await fetch(app.url + path, { headers });
  return response.text();
}

const addressOf = (page: string): string => (page === 'task' ? task : page);

describe('the HTML of a page', () => {
  test.each([
    ['/', ['A ship has gone', '<strong>sailed</strong>', '1 task scheduled']],
    ['/tasks', ['Count the ships', 'Harbour office']],
    ['/tasks?q=nothing', ['No matching tasks']],
    ['task', ['Count the ships', 'Count them at noon', 'Four ships', 'Harbour office']],
    ['/agents', ['Harbour office']],
    ['/system', ['1 run', 'Nothing needs you']],
  ])('%s holds what it shows first, without any script', async (page, texts) => {
    const html = (await open(addressOf(page)))
      .replace(/<script[^>]*>.*?<\/script>/gs, '')
      .replaceAll('<!-- -->', '');
    for (const text of texts) expect(html).toContain(text);
    expect(html).not.toContain('Loading…');
  });

  test('holds nothing for whoever does not know the password', async () => {
    const withoutPassword = await open(task, {});
    const withWrongPassword = await open(task, { authorization: `Basic ${btoa('me:wrong')}` });
    for (const text of [withoutPassword, withWrongPassword]) expect(text).not.toContain('ships');
  });

  test('is read by nobody else: it may not be stored on its way', async () => {
    const response = await fetch(app.url + task, { headers: { authorization } });
    expect(response.headers.get('cache-control')).toMatch(/no-store/);
  });
});

test.each(Object.entries(SCRIPT_KB_MAX))('%s loads at most %i kB of JavaScript', async (page, kbMax) => {
  const html = await open(addressOf(page));
  const scripts = new Set(html.match(/\/_next\/static\/[\w./~-]+\.js(?=[^>]*async)/g));
  const sizes = await Promise.all([...scripts].map(async (path) => gzipSync(await open(path)).length));
  const kb = sizes.reduce((sum, size) => sum + size, 0) / 1_000;
  expect(scripts.size).toBeGreaterThan(3);
  expect(kb).toBeLessThanOrEqual(kbMax);
});
