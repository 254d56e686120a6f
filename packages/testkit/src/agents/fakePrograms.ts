import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** How one call of a fake program goes. */
interface FakeCall {
  /** What it prints, a line each; objects as JSON. Left out: a run that goes well. */
  prints?: readonly (object | string)[];
  /** It prints so many lines, and then waits until `release` is called. */
  holdsAfter?: number;
  stderr?: string;
  exitCode?: number;
}

/** How a fake program was called. */
interface SeenCall {
  program: string;
  args: string[];
  prompt: string;
  folder: string;
  env: Record<string, string>;
}

const SESSION = '0199a213-81c0-7800-8aa1-bbab2a035a53';

/**
 * Programs that stand in for `claude` and `codex`: real processes that print what they are told to, and know
 * the sessions that they have begun in the folder that they are called in.
 */
export async function createFakePrograms() {
  const folder = await mkdtemp(
    path.join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), 'everbeat-programs-'),
  );
  await chmod(folder, 0o777);
  const file = (name: string) => path.join(folder, name);
  for (const program of ['claude', 'codex']) {
    await writeFile(file(program), `#!${process.execPath}\n${SCRIPT}`, { mode: 0o755 });
  }
  // Each task may have a user of its own.
  await writeFile(file('seen'), '');
  await chmod(file('seen'), 0o666);
  return {
    folder,
    claude: `'${file('claude')}' -p`,
    codex: `'${file('codex')}' exec`,
    next: (call: FakeCall) => writeFile(file('next.json'), JSON.stringify(call)),
    release: () => writeFile(file('released'), ''),
    async seen(): Promise<SeenCall[]> {
      const lines = (await readFile(file('seen'), 'utf8').catch(() => '')).trim();
      return lines === '' ? [] : lines.split('\n').map((line): SeenCall => JSON.parse(line));
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** What both programs are, as JavaScript without imports. */
const SCRIPT = `
const fs = require('node:fs');
const path = require('node:path');
const home = path.dirname(process.argv[1]);
const program = path.basename(process.argv[1]);
const args = process.argv.slice(2);
const at = (word) => (args.includes(word) ? args[args.indexOf(word) + 1] : undefined);
const asked = program === 'claude' ? at('--resume') : at('resume');
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('EVERBEAT_')));
const prompt = fs.readFileSync(0, 'utf8');
const call = { program, args, prompt, folder: process.cwd(), env };
fs.appendFileSync(path.join(home, 'seen'), JSON.stringify(call) + '\\n');
let next = {};
try {
  next = JSON.parse(fs.readFileSync(path.join(home, 'next.json'), 'utf8'));
  fs.rmSync(path.join(home, 'next.json'));
} catch {}
const known = '.session-of-' + program;
if (asked !== undefined && (!fs.existsSync(known) || !fs.readFileSync(known, 'utf8').includes(asked))) {
  console.error('No conversation found with session ID: ' + asked);
  process.exit(1);
}
const session = asked ?? '${SESSION.slice(0, -3)}' + String(fs.readFileSync(path.join(home, 'seen'), 'utf8').split('\\n').length).padStart(3, '0');
fs.appendFileSync(known, session + '\\n');
const RUNS = {
  claude: [
    { type: 'system', subtype: 'init', session_id: session, cwd: process.cwd(), tools: [], model: 'claude-sonnet-4-5' },
    { type: 'assistant', session_id: session, parent_tool_use_id: null, message: { role: 'assistant', content: [
      { type: 'text', text: 'I look at the tests.' },
      { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'npm test', description: 'Run the tests' } } ] } },
    { type: 'user', session_id: session, parent_tool_use_id: null, message: { role: 'user', content: [
      { type: 'tool_result', tool_use_id: 'toolu_1', content: '2 tests failed', is_error: true } ] } },
    { type: 'assistant', session_id: session, parent_tool_use_id: null, message: { role: 'assistant', content: [
      { type: 'text', text: 'Two tests fail.' } ] } },
    { type: 'result', subtype: 'success', is_error: false, num_turns: 2, session_id: session, result: 'Two tests fail.',
      total_cost_usd: 0.02, usage: { input_tokens: 3, cache_read_input_tokens: 100, output_tokens: 42 } },
  ],
  codex: [
    { type: 'thread.started', thread_id: session },
    { type: 'turn.started' },
    { type: 'item.started', item: { id: 'item_0', type: 'command_execution', command: 'bash -lc ls', aggregated_output: '', exit_code: null, status: 'in_progress' } },
    { type: 'item.completed', item: { id: 'item_0', type: 'command_execution', command: 'bash -lc ls', aggregated_output: 'README.md', exit_code: 0, status: 'completed' } },
    { type: 'item.completed', item: { id: 'item_1', type: 'agent_message', text: 'There is a README.' } },
    { type: 'turn.completed', usage: { input_tokens: asked === undefined ? 100 : 250, cached_input_tokens: 0, output_tokens: asked === undefined ? 10 : 30 } },
  ],
};
const lines = (next.prints ?? RUNS[program]).map((line) =>
  typeof line === 'string' ? line : JSON.stringify(line).replaceAll('<session>', session));
let printed = 0;
(async () => {
  for (const line of lines) {
    if (printed === next.holdsAfter) {
      while (!fs.existsSync(path.join(home, 'released'))) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    fs.writeSync(1, line + '\\n');
    printed += 1;
  }
  if (next.stderr) fs.writeSync(2, next.stderr + '\\n');
  process.exitCode = next.exitCode ?? 0;
})();
`;
