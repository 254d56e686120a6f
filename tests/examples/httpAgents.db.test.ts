import { agentKinds } from '@everbeat/agents';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/app/eventually';
import { queueWorldPerTest } from '../support/queueWorld';
import { type ExampleServer, startExample } from './exampleServer';

const world = queueWorldPerTest({
  runtimes: { http: agentKinds.http.createRuntime({ addressPolicy: { privateAddresses: 'any' } }) },
});

let server: ExampleServer;
afterEach(() => server.close());

/** A started heartbeat task whose first run calls the example. */
async function taskFor(config: { headers?: Record<string, string> } = {}): Promise<string> {
  const { userId, agents } = world();
  const input = { name: 'Example', kind: 'http', config: { url: `${server.url}/run`, ...config } } as const;
  const { id: agentId } = await agents.create(userId, input);
  return world().startTask({ agentId });
}

/** The newest run of a task and the last message of its transcript. */
async function lastRun(id: string) {
  const { reads, userId } = world();
  const { topics } = await reads.taskDetail(userId, id);
  const [topic] = topics;
  const { items } = await reads.transcript(userId, topic?.id ?? '', { limit: 100 });
  return { ...topic, content: items.find(({ role }) => role === 'assistant')?.content };
}

test('http-agent responds with a report and a brief', async () => {
  server = await startExample('http-agent', { AGENT_TOKEN: 'secret', WARN_BELOW_PERCENT: '101' });
  const id = await taskFor({ headers: { authorization: 'Bearer secret' } });

  await world().elapse(0);

  expect(await lastRun(id)).toMatchObject({
    status: 'done',
    title: expect.stringMatching(/^\d+ % free$/),
    content: expect.stringMatching(/of the disk are free/),
  });
  expect(await world().briefs(id)).toMatchObject([{ type: 'insight', title: 'The disk is almost full' }]);
  expect((await world().task(id)).status).toBe('scheduled');
});

test.each([
  ['without its token', { AGENT_TOKEN: 'secret' }, '401'],
  ['about a folder that is missing', { FOLDER: 'no-such-folder' }, 'no-such-folder'],
])('http-agent refuses to report %s', async (_name, env, message) => {
  server = await startExample('http-agent', env);
  const id = await taskFor();

  await world().elapse(0);

  expect(await lastRun(id)).toMatchObject({ status: 'error', error: expect.stringContaining(message) });
});

test.each([
  [
    'its result',
    'examples',
    { status: 'done', title: 'Counted', content: expect.stringMatching(/has \d+ files/) },
  ],
  ['its failure', 'no-such-folder', { status: 'error', error: expect.stringContaining('no-such-folder') }],
])('http-agent-async reports %s to the callback', async (_name, FOLDER, run) => {
  server = await startExample('http-agent-async', { FOLDER });
  const id = await taskFor();

  await world().elapse(0);

  await eventually(async () => (await world().task(id)).status === 'scheduled', { what: 'the callback' });
  expect(await lastRun(id)).toMatchObject(run);
});
