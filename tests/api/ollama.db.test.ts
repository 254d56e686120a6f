import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { MODEL_PROVIDER_FACTS } from '@everbeat/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiWorld } from '../support/apiWorld';

/** What Ollama answers when it is asked for its models. */
const MODELS = { object: 'list', data: [{ id: 'llama3:latest', object: 'model', owned_by: 'library' }] };
const USUAL = new URL(MODEL_PROVIDER_FACTS.ollama.baseUrl ?? '');

let server: Server;
const paths: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    paths.push(request.url ?? '');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(MODELS));
  }).listen(Number(USUAL.port), USUAL.hostname);
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

describe('Ollama on its usual port', () => {
  it('is offered by itself with its models, and agents can use it', async () => {
    const world = await createApiWorld({ env: { ALLOW_PRIVATE_AGENT_URLS: '1' } });
    expect(await world.ada.modelProvider.list()).toMatchObject([
      {
        provider: 'ollama',
        source: 'found',
        ok: true,
        hasKey: false,
        baseUrl: USUAL.href,
        models: [{ id: 'llama3:latest', inputPerMillionUsd: 0, outputPerMillionUsd: 0 }],
      },
    ]);
    const use = (model: string) => world.ada.agent.create({ name: model, kind: 'model', config: { model } });
    expect((await use('ollama/llama3')).readiness).toMatchObject({ verdict: 'ready' });
    expect((await use('ollama/gone')).readiness).toMatchObject({
      verdict: 'misconfigured',
      problem: expect.stringContaining('ollama pull gone'),
    });
    await world.close();
  });

  it('is not looked for where private addresses are refused', async () => {
    const world = await createApiWorld({ env: { ALLOW_PRIVATE_AGENT_URLS: '0' } });
    const before = paths.length;
    expect(await world.ada.modelProvider.list()).toEqual([]);
    expect(paths).toHaveLength(before);
    await world.close();
  });
});
