import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ProgramOutput } from '../programOutput';
import { ADAPTERS } from '.';
import type { ResumedSession } from './adapter';

const RECORDED = path.resolve(import.meta.dirname, '../../../../test/recorded');

/** Reads what the real program has printed, as it would be read while it runs. */
async function read(name: string, resumed: ResumedSession | null = null) {
  const printed = await readFile(path.join(RECORDED, `${name}.jsonl`), 'utf8');
  const shown: string[] = [];
  const steps: string[] = [];
  const output = new ProgramOutput({
    clean: (text: string) => text,
    adapter: name.startsWith('claude') ? ADAPTERS.claude : ADAPTERS.codex,
    resumed,
    onEntry: ({ content }) => shown.push(content),
    onStep: ({ index, status, name: tool, input }) => steps.push(`${index} ${status} ${tool}: ${input}`),
    onText: (text) => shown.push(`text: ${text}`),
  });
  for (const character of printed) output.add(character);
  const report = output.end(printed.split('\n'));
  const { sessionId = null, hasBegun = false } = output.reader ?? {};
  return { report, shown, steps, sessionId, hasBegun };
}

it('a run of Claude Code', async () => {
  expect(await read('claude')).toMatchObject({
    steps: ['0 started Bash: echo hi > made && ls', '0 done Bash: echo hi > made && ls'],
    report: {
      content: 'All is well, run 4.',
      usage: { inputTokens: 2_100, outputTokens: 400, costUsd: 0.020050000000000002 },
    },
    shown: ['I look around.', 'Bash: echo hi > made && ls', 'All is well, run 4.'],
    sessionId: 'ebc54400-448e-4bf7-b097-a2869ec9a11c',
    hasBegun: true,
  });
});

it('a run of Claude Code that goes on with a session costs what it used itself', async () => {
  expect(await read('claude-resumed')).toMatchObject({
    report: { content: 'All is well, run 8.', usage: { inputTokens: 2_100, costUsd: 0.020050000000000002 } },
    sessionId: 'ebc54400-448e-4bf7-b097-a2869ec9a11c',
  });
});

it('a run of a Claude Code that tells the cost of the session costs what it used itself', async () => {
  const usage = { inputTokens: 2_100, outputTokens: 400, costUsd: 0.0165 };
  const sessionId = 'ec7ec158-87b6-4181-b4de-7470de164e56';
  expect(await read('claude-session')).toMatchObject({
    report: { content: 'All is well, run 2.', usage },
    sessionId,
  });
  expect(await read('claude-session-resumed')).toMatchObject({
    report: { content: 'All is well, run 4.', usage },
    sessionId,
  });
});

it('a tool of Claude Code that failed', async () => {
  expect((await read('claude-failed-tool')).shown[2]).toBe(
    "Bash failed: Exit code 2\nls: cannot access '/nonexistent': No such file or directory",
  );
});

it.each([
  ['claude-unknown-session', { failureClass: 'agent', errorMessage: /No conversation found/ }, false],
  ['claude-no-credit', { failureClass: 'needs-person', errorMessage: /Credit balance is too low/ }, true],
  ['claude-over-budget', { failureClass: 'agent', errorMessage: /maximum budget/, isOverBudget: true }, true],
  ['codex-unauthorized', { failureClass: 'needs-person', errorMessage: /401 Unauthorized/ }, true],
  ['codex-no-credit', { failureClass: 'needs-person', errorMessage: /Quota exceeded/ }, true],
])('a failure: %s', async (name, { errorMessage, ...failure }, hasBegun) => {
  const { report, ...run } = await read(name);
  expect(report?.failure).toMatchObject(failure);
  expect(report?.failure?.errorMessage).toMatch(errorMessage);
  expect(run.hasBegun).toBe(hasBegun);
});

const WARNING = expect.stringContaining('Model metadata');

it('a run of Codex', async () => {
  expect(await read('codex')).toMatchObject({
    report: { content: 'There is nothing new, 6.', usage: { inputTokens: 200, outputTokens: 20 } },
    shown: [WARNING, 'Command: ls', 'There is nothing new, 6.'],
    steps: ['0 started Command: ls', '0 done Command: ls'],
    sessionId: '01a22469-fffd-7d50-aa10-ca036d235afd',
    hasBegun: true,
  });
});

it('a run of Codex that goes on with a session counts on, and is counted by itself', async () => {
  const before = {
    id: '01a22469-fffd-7d50-aa10-ca036d235afd',
    usage: { inputTokens: 200, outputTokens: 20 },
  };
  expect((await read('codex-resumed', before)).report?.usage).toEqual({ inputTokens: 200, outputTokens: 20 });
  expect((await read('codex-resumed')).report?.usage).toEqual({ inputTokens: 400, outputTokens: 40 });
});

it('a command of Codex that failed', async () => {
  expect((await read('codex-failed-command')).shown.slice(1, 3)).toEqual([
    'Command: ls /nonexistent',
    "ls /nonexistent failed: ls: cannot access '/nonexistent': No such file or directory",
  ]);
});

it('a call that failed, of either program', async () => {
  expect((await read('claude-failed-tool')).steps.at(-1)).toMatch(/^0 failed Bash: /);
  expect((await read('codex-failed-command')).steps.at(-1)).toMatch(/^\d failed Command: /);
});
