import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/**
 * What a program that stands in for `claude` has noted of itself: of all runs together, in the order of time.
 */
const recordSchema = z.object({
  pid: z.number(),
  operationId: z.string(),
  occurrence: z.string(),
  /** Of the task. */
  folder: z.string(),
  atMs: z.number(),
  what: z.enum(['start', 'step', 'end']),
  /** Of a start: the session that it was told to go on with. */
  resumes: z.string().nullish(),
  /** Of an end: what it says that the run has cost. */
  costUsd: z.number().optional(),
  /** Of an end: it stopped, because that is more than it was told to spend. */
  isOverBudget: z.boolean().optional(),
});
export type CodingRecord = z.output<typeof recordSchema>;

/** What it reports. */
export const codingReportOf = (operationId: string): string => `Worked on ${operationId}`;

/**
 * A coding agent in a folder: a program that prints the events of Claude Code, works for a second or a few,
 * costs something, and goes on with its sessions, whose cost it tells beside that of the run. It notes what
 * it does in a file, which no server reads, so that also what it does after its server was killed is known.
 */
export class CodingPrograms {
  private constructor(private readonly folder: string) {}

  static async create(parent: string): Promise<CodingPrograms> {
    const folder = path.join(parent, 'programs');
    await mkdir(folder);
    // When this process is root, commands may run as other users.
    await chmod(folder, 0o777);
    await writeFile(path.join(folder, 'claude'), `#!${process.execPath}\n${SCRIPT}`, { mode: 0o755 });
    await writeFile(path.join(folder, 'records'), '');
    await chmod(path.join(folder, 'records'), 0o666);
    return new CodingPrograms(folder);
  }

  /** Without a sandbox, so that nothing but the application ends what is left of a server that was killed. */
  get settings(): Record<string, string> {
    const commands = { claude: `'${path.join(this.folder, 'claude')}' -p` };
    return { AGENT_COMMANDS: JSON.stringify(commands), COMMAND_SANDBOX: 'off' };
  }

  async records(): Promise<CodingRecord[]> {
    const lines = (await readFile(path.join(this.folder, 'records'), 'utf8')).split('\n');
    return lines.filter((line) => line !== '').map((line) => recordSchema.parse(JSON.parse(line)));
  }
}

/** As JavaScript without imports of the project. Whoever cannot print any more ends. */
const SCRIPT = `
const fs = require('node:fs');
const path = require('node:path');
const home = path.dirname(process.argv[1]);
const args = process.argv.slice(2);
const at = (word) => (args.includes(word) ? args[args.indexOf(word) + 1] : undefined);
const { EVERBEAT_OPERATION_ID: operationId, EVERBEAT_OCCURRENCE: occurrence } = process.env;
const record = (fields) => {
  const who = { pid: process.pid, operationId, occurrence, folder: process.cwd(), atMs: Date.now() };
  fs.appendFileSync(path.join(home, 'records'), JSON.stringify({ ...who, ...fields }) + '\\n');
};
fs.readFileSync(0);
const resumes = at('--resume') ?? null;
record({ what: 'start', resumes });
const fileOf = (session) => path.join(home, 'session-' + session);
if (resumes !== null && !fs.existsSync(fileOf(resumes))) {
  console.error('No conversation found with session ID: ' + resumes);
  process.exit(1);
}
const session_id = resumes ?? require('node:crypto').randomUUID();
const costBefore = resumes === null ? 0 : Number(fs.readFileSync(fileOf(resumes), 'utf8'));
fs.writeFileSync(fileOf(session_id), String(costBefore));
const print = (event) => fs.writeSync(1, JSON.stringify({ ...event, session_id }) + '\\n');
const message = (type, role, ...content) => print({ type, message: { role, content } });
(async () => {
  print({ type: 'system', subtype: 'init', cwd: process.cwd(), tools: [], model: 'claude-sonnet-4-5' });
  const steps = 3 + Math.floor(Math.random() * 8);
  for (let step = 0; step < steps; step += 1) {
    const id = 'toolu_' + step;
    message('assistant', 'assistant', { type: 'text', text: 'Step ' + step },
      { type: 'tool_use', id, name: 'Bash', input: { command: 'npm test' } });
    await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 300));
    record({ what: 'step' });
    message('user', 'user', { type: 'tool_result', tool_use_id: id, content: 'ok', is_error: false });
  }
  const costUsd = (5 + steps) / 1_000;
  const isOverBudget = costUsd > Number(at('--max-budget-usd') ?? Infinity);
  record({ what: 'end', costUsd, isOverBudget });
  fs.writeFileSync(fileOf(session_id), String(costBefore + costUsd));
  const usage = { input_tokens: 100 * steps, output_tokens: 10 * steps };
  const common = { type: 'result', num_turns: steps, usage, is_error: isOverBudget,
    total_cost_usd: costBefore + costUsd,
    model_usage_since_last_result: { 'claude-sonnet-4-5': { costUSD: costUsd } } };
  if (isOverBudget) print({ ...common, subtype: 'error_max_budget_usd', errors: ['Reached maximum budget'] });
  else print({ ...common, subtype: 'success', result: 'Worked on ' + operationId });
  process.exitCode = isOverBudget ? 1 : 0;
})();
`;
