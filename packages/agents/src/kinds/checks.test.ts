import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { AgentFault, AgentKind } from '@everbeat/domain';
import { freePort, listenOnLoopback, startFakeModelProvider } from '@everbeat/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { createAgentRuntimes } from '.';
import type { ModelSettings } from './model/resolveModel';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Situation {
  settings?: Parameters<NonNullable<ReturnType<typeof createAgentRuntimes>['http']['check']>>[0]['settings'];
  models?: Partial<ModelSettings>;
  signal?: AbortSignal;
  isThorough?: boolean;
}

/** What the check of an agent finds. */
async function check(
  kind: AgentKind,
  config: unknown,
  { settings = null, models = {}, signal = new AbortController().signal, isThorough = true }: Situation = {},
): Promise<AgentFault[] | undefined> {
  const runtimes = createAgentRuntimes({
    addressPolicy: { privateAddresses: 'typed' },
    providers: {},
    ...models,
    command: {
      commands: { review: 'true' },
      enabled: true,
      env: {},
      workspaces: tmpdir(),
      sandbox: { confinement: () => Promise.reject(new Error('Nothing is run here')) },
    },
  });
  return runtimes[kind].check?.({ config, settings, userId: 'ada', isThorough, signal });
}

describe('the check of an agent that is called at an address', () => {
  it('opens a connection, and sends nothing', async () => {
    let requests = 0;
    const server = await listenOnLoopback((_request, response) => {
      requests += 1;
      response.end();
    });
    closing.push(() => server.close());
    expect(await check('http', { url: `${server.url}/hook` })).toEqual([]);
    expect(await check('watch', { url: server.url })).toEqual([]);
    expect(requests).toBe(0);
  });

  it('says that nothing listens there, which may change by itself', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    const [fault] = (await check('http', { url })) ?? [];
    expect(fault).toMatchObject({ verdict: 'unavailable', cure: 'open-agent' });
    expect(fault?.problem).toContain('refused the connection');
  });

  it('ends with its time', async () => {
    const signal = AbortSignal.abort();
    expect(await check('http', { url: 'http://127.0.0.1:9/' }, { signal })).toMatchObject([
      { verdict: 'unavailable', problem: '127.0.0.1:9 did not answer in time.' },
    ]);
  });

  it('refuses an address that is never called', async () => {
    const faults = await check('http', { url: 'http://169.254.169.254/' });
    expect(faults).toMatchObject([{ verdict: 'misconfigured', cure: 'open-agent' }]);
  });
});

describe('the check of a watcher', () => {
  it('misses an address only where a task is to be started with it', async () => {
    expect(await check('watch', {})).toEqual([]);
    expect(await check('watch', {}, { settings: { ofTask: undefined } })).toMatchObject([
      { verdict: 'misconfigured', cure: 'edit-task' },
    ]);
  });
});

describe('the check of a command', () => {
  it('knows whether the operator allows it', async () => {
    expect(await check('command', { command: 'deploy' })).toMatchObject([
      { verdict: 'misconfigured', cure: 'open-system', problem: expect.stringContaining('AGENT_COMMANDS') },
    ]);
  });
});

describe('the check of a model', () => {
  async function offered(...models: string[]): Promise<string> {
    const provider = await startFakeModelProvider('');
    provider.offer(...models);
    closing.push(() => provider.close());
    return `${provider.url}/v1`;
  }

  it('knows that there is no key', async () => {
    expect(await check('model', { model: 'anthropic/claude-sonnet-4-5' })).toMatchObject([
      { verdict: 'misconfigured', cure: 'open-models' },
    ]);
  });

  it.each([
    ['ollama', ['llama3:latest', 'qwen3:4b'], 'llama3', 'qwen3'],
    ['openrouter', ['meta/llama-3', 'qwen/qwen3'], 'meta/llama-3:free', 'meta/llama-4'],
  ] as const)('knows the models of %s', async (provider, models, known, missing) => {
    const providers = { [provider]: { baseUrl: await offered(...models), apiKey: '' } };
    const of = (model: string) => check('model', { provider, model }, { models: { providers } });
    expect(await of(known)).toEqual([]);
    expect(await of(missing)).toMatchObject([
      { verdict: 'misconfigured', cure: 'open-agent', problem: expect.stringContaining(missing) },
    ]);
  });

  it('does not wait for a server of tools for longer than a person does', async () => {
    const providers = { ollama: { baseUrl: await offered('llama3:latest') } };
    const tools = { mcp: [{ serverId: randomUUID() }] };
    const ended = new AbortController();
    const checkMcpServer = () => {
      ended.abort();
      return new Promise<never>(() => {});
    };
    const models = { providers, checkMcpServer };
    const config = { provider: 'ollama', model: 'llama3', tools };
    expect(await check('model', config, { models, signal: ended.signal })).toContainEqual({
      verdict: 'unavailable',
      cure: 'open-servers',
      problem: 'A server of tools that this agent uses did not answer in time.',
    });
  });

  it('is content with a server that has no list of models', async () => {
    const server = await listenOnLoopback((_request, response) => response.writeHead(404).end());
    closing.push(() => server.close());
    const config = { provider: 'openai-compatible', model: 'local', baseUrl: `${server.url}/v1` };
    expect(await check('model', config)).toEqual([]);
  });

  describe('on a server of its own, without a key', () => {
    const config = (url: string) => ({ provider: 'openai-compatible', model: 'local', baseUrl: `${url}/v1` });

    it('sends nothing where the agent is saved: it may take completions and nothing else', async () => {
      let requests = 0;
      const server = await listenOnLoopback((_request, response) => {
        requests += 1;
        response.writeHead(500).end();
      });
      closing.push(() => server.close());
      expect(await check('model', config(server.url), { isThorough: false })).toEqual([]);
      expect(requests).toBe(0);
      expect(await check('model', config(server.url))).toMatchObject([{ verdict: 'unavailable' }]);
      expect(requests).toBe(1);
    });

    it('says that nothing listens there, and where the address is corrected', async () => {
      const url = `http://127.0.0.1:${await freePort()}`;
      expect(await check('model', config(url), { isThorough: false })).toMatchObject([
        {
          verdict: 'unavailable',
          cure: 'open-agent',
          problem: expect.stringContaining('refused the connection'),
        },
      ]);
    });
  });

  it('looks at the model that the task has pinned', async () => {
    const providers = { ollama: { baseUrl: await offered('llama3:latest') } };
    const config = { provider: 'ollama', model: 'llama3' };
    const settings = { ofTask: { model: 'ollama/gone' } };
    expect(await check('model', config, { models: { providers }, settings })).toMatchObject([
      { verdict: 'misconfigured', problem: expect.stringContaining('gone') },
    ]);
  });
});
