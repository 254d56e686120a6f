import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LIMITS } from '@everbeat/domain';
import {
  type FakeChatModel,
  type FakeHttpAgent,
  listenOnLoopback,
  startFakeChatModel,
  startFakeHttpAgent,
} from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hostEnv } from '../../test/confinements';
import { exampleRequest } from '../../test/contract';
import { defineAgentKind } from '../defineAgentKind';
import type { AgentRequest, ToldStep } from '../port';
import { createAgentRuntimes } from '.';
import { unconfined } from './command/sandbox/confinement';

/**
 * Agents, programs and providers quote what they were sent, and that must not stand in anything that a run
 * leaves.
 */

const SECRET = 'sk-0123456789abcdefghijklmnop';
/** It ends where the text is cut, so that a part of the secret would be left. */
const upTo = (charsMax: number) => `${'x'.repeat(charsMax - 10)}${SECRET}`;
const said = `I was sent ${SECRET}.`;

/** A report with the secret wherever an agent can write. */
const quoting = {
  content: said,
  title: upTo(LIMITS.nameCharsMax),
  unknownField: said,
  nextRunInSeconds: said,
  briefs: [
    {
      type: 'insight',
      priority: 'info',
      title: upTo(LIMITS.briefTitleCharsMax),
      summary: said,
      key: said,
      actions: [{ key: said, label: said, url: `https://example.com/?key=${SECRET}` }],
    },
  ],
  comments: [upTo(LIMITS.commentCharsMax)],
  subtasks: [{ name: said, instruction: said }],
  documents: [{ name: 'Report', content: said }],
  memory: { [said]: [said, { deep: said }] },
};

let agent: FakeHttpAgent;
let chat: FakeChatModel;
let workspaces: string;
beforeAll(async () => {
  [agent, chat] = await Promise.all([startFakeHttpAgent(), startFakeChatModel()]);
  workspaces = await mkdtemp(path.join(tmpdir(), 'everbeat-workspaces-'));
});
afterAll(async () => {
  await Promise.all([agent.close(), chat.close()]);
  await rm(workspaces, { recursive: true });
});

/** A script of Node as a command line, free of the shell's quoting. */
const node = (script: string) =>
  `"${process.execPath}" -e "eval(Buffer.from('${Buffer.from(script).toString('base64')}','base64').toString())"`;
const WRITES_IT = node(`
  const text = process.env.MODEL_API_KEY;
  require('fs').writeFileSync(process.env.EVERBEAT_REPORT, JSON.stringify(${JSON.stringify(quoting)}));
  console.log(text);
`);
/**
 * Of so much output the middle is left out, with the secrets in it and without. Either cut would go through
 * the middle of a secret.
 */
const TIMES = Math.ceil((LIMITS.contentCharsMax * 1.5) / '[redacted] '.length);
const PRINTS_IT = node(
  `process.stdout.write('y'.repeat(15) + (process.env.MODEL_API_KEY + ' ').repeat(${TIMES}) + 'z'.repeat(15))`,
);

/** Everything that a run leaves: its outcome, its transcript and its steps, as one text. */
async function leftBy(kind: 'http' | 'command' | 'model', config: unknown, more: Partial<AgentRequest> = {}) {
  const runtimes = createAgentRuntimes({
    addressPolicy: { privateAddresses: 'any' },
    providers: { 'openai-compatible': { baseUrl: chat.baseUrl, apiKey: SECRET } },
    command: {
      commands: { writes: WRITES_IT, prints: PRINTS_IT },
      enabled: true,
      workspaces,
      env: { ...hostEnv, MODEL_API_KEY: SECRET, HTTP_PROXY: `http://me:${SECRET}@127.0.0.1:9` },
      sandbox: { confinement: async () => unconfined },
    },
  });
  const steps: ToldStep[] = [];
  const request = exampleRequest({ config, tellStep: (step) => steps.push(step), ...more });
  const outcome = await runtimes[kind].run(request);
  return { outcome, text: JSON.stringify([outcome, request.transcript, steps]) };
}

describe('a secret that is quoted', () => {
  const http = () => ({ url: agent.url, headers: { authorization: `Bearer ${SECRET}` } });

  it('in a report over HTTP is left out of every part of it', async () => {
    agent.next({ body: quoting });
    const { outcome, text } = await leftBy('http', http());
    expect(outcome).toMatchObject({ kind: 'done', memory: { 'I was sent [redacted].': expect.anything() } });
    expect(text).not.toContain(SECRET.slice(0, 9));
  });

  it('in an error over HTTP is left out of it', async () => {
    agent.next({ body: { status: 'error', errorCode: said, errorMessage: said, content: said } });
    const { outcome, text } = await leftBy('http', http());
    expect(outcome).toMatchObject({ kind: 'error', content: 'I was sent [redacted].' });
    expect(text).not.toContain(SECRET.slice(0, 9));
  });

  it('in the file of a command is left out of every part of its report', async () => {
    const { outcome, text } = await leftBy('command', { command: 'writes' });
    expect(outcome).toMatchObject({ kind: 'done', comments: [expect.stringMatching(/^x+\[redac/)] });
    expect(text).not.toContain(SECRET.slice(0, 9));
  });

  it('in long output of a command is left out before the output is cut', async () => {
    const { outcome, text } = await leftBy('command', { command: 'prints' });
    expect(outcome).toMatchObject({
      kind: 'done',
      content: expect.stringMatching(/\[redacted\].*the middle of the output was left out/s),
    });
    expect(text).not.toContain(SECRET.slice(0, 9));
    expect(text).not.toContain(SECRET.slice(-9));
  });

  it('by the provider of a model is left out of its answers, its calls of tools and their steps', async () => {
    const brief = { type: 'insight', priority: 'info', title: said, summary: said };
    chat.next({ text: said, toolCalls: [{ name: 'create_brief', arguments: brief }] }, { text: said });
    const recorded: unknown[] = [];
    const steps = {
      recorded: async () => [],
      write: async (written: unknown) => {
        recorded.push(structuredClone(written));
        return null;
      },
      writeDocument: async () => true,
      shouldYield: () => false,
    };
    const { outcome, text } = await leftBy('model', { provider: 'openai-compatible', model: 'm' }, { steps });
    expect(outcome).toMatchObject({ kind: 'done', content: 'I was sent [redacted].' });
    expect(recorded.length).toBeGreaterThan(2);
    expect(`${text}${JSON.stringify(recorded)}`).not.toContain(SECRET.slice(0, 9));
  });

  it('by a page that shows what another call has sent is left out of what the model reads', async () => {
    let sent = '';
    const site = await listenOnLoopback((request, response) => {
      sent ||= String(request.headers['x-key']);
      response.writeHead(200, { 'content-type': 'text/plain' }).end(`The last caller sent ${sent}`);
    });
    const { host } = new URL(site.url);
    const config = {
      provider: 'openai-compatible',
      model: 'm',
      baseUrl: chat.baseUrl,
      tools: { http_request: { policy: 'allow', hosts: [host] } },
      secrets: { [`TOKEN@${host}`]: SECRET },
    };
    const send = { name: 'http_request', arguments: { url: site.url, headers: { 'x-key': '{{TOKEN}}' } } };
    const read = { name: 'read_page', arguments: { url: `${site.url}/last` } };
    const before = chat.requests.length;
    chat.next({ toolCalls: [send] }, { toolCalls: [read] }, { text: 'Read' });
    const { text } = await leftBy('model', config, { instruction: `Look at ${site.url}` });
    await site.close();
    expect(sent).toBe(SECRET);
    expect(text).toContain('The last caller sent [redacted]');
    const told = JSON.stringify(chat.requests.slice(before).map(({ body }) => body));
    expect(`${text}${told}`).not.toContain(SECRET);
  });

  it('by any kind is left out of all that its runs leave, whatever that does with it', async () => {
    const careless = defineAgentKind({
      kind: 'http',
      reporting: 'plain',
      maxConcurrency: 1,
      runMb: 1,
      errorPrefix: 'agent',
      configSchema: z.object({ timeoutSeconds: z.number().default(9), key: z.string() }),
      secretFields: ['key'],
      secretsOf: (): string[] => ['sk-of-the-operator'],
      async run({ config: { key }, emit, tellStep }) {
        emit({ role: 'tool', content: `${key} sk-of-the-operator` });
        tellStep?.({ index: 0, name: key, input: key, status: 'done' });
        return { kind: 'done', content: key, comments: [`${key} sk-of-the-operator`] };
      },
    });
    const left: unknown[] = [];
    const request = exampleRequest({ config: { key: SECRET }, tellStep: (step) => left.push(step) });
    left.push(await careless.createRuntime({}).run(request), request.transcript);
    expect(JSON.stringify(left).match(/\[redacted\]/g)).toHaveLength(7);
    expect(JSON.stringify(left)).not.toMatch(/sk-/);
  });
});
