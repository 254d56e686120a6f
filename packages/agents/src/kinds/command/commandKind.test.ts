import { once } from 'node:events';
import { existsSync, readFileSync, watch } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeAgentRuntime, exampleRequest } from '../../../test/contract';
import { commandKind } from './commandKind';
import { commandEnvironment } from './environment';

const SECRET = 'sk-a-key-of-a-model';
const env = { ...commandEnvironment(process.env), MODEL_API_KEY: SECRET };
/** A script of Node as a command line, free of the shell's quoting. */
const node = (script: string) =>
  `"${process.execPath}" -e "eval(Buffer.from('${Buffer.from(script).toString('base64')}','base64').toString())"`;

/** Commands that write the ids of their processes into a file and then never end. */
async function createEndlessCommands() {
  const folder = await mkdtemp(path.join(tmpdir(), 'everbeat-command-'));
  return {
    commandLine: (name: string, trap = '') =>
      `cd '${folder}'; ${trap} sleep 300 & echo $$ $! >${name}.part; mv ${name}.part ${name}; wait; wait`,
    /** The processes of a command, once they run. */
    async processes(name: string): Promise<number[]> {
      const watcher = watch(folder);
      try {
        for (;;) {
          const changed = once(watcher, 'change');
          const text = await readFile(path.join(folder, name), 'utf8').catch(() => '');
          if (text !== '') return text.trim().split(' ').map(Number);
          await changed;
        }
      } finally {
        watcher.close();
      }
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** Zombies do not count: where nothing reaps orphans, they stay forever. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = existsSync('/proc/self/stat') ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}

describeAgentRuntime('command', async () => {
  const endless = await createEndlessCommands();
  const commands: Record<string, string> = {
    works: 'cat',
    fails: 'echo no such host >&2; exit 3',
    floods: node("process.stdout.write('\\0\\ud800' + 'x'.repeat(5e6))"),
  };
  let hanging = 0;
  return {
    runtime: commandKind.createRuntime({ command: { commands, enabled: true, env } }),
    works: { command: 'works' },
    fails: { config: { command: 'fails' }, errorCode: 'command_exit_3' },
    hangs(timeoutSeconds) {
      const name = `hangs-${hanging++}`;
      commands[name] = endless.commandLine(name);
      const started = endless.processes(name);
      const ended = async () => expect((await started).filter(isAlive)).toEqual([]);
      return { config: { command: name, timeoutSeconds }, started, ended };
    },
    floods: { command: 'floods' },
    misconfigured: [
      {},
      { command: 'unknown' },
      { command: 'constructor' },
      { command: 'works', timeoutSeconds: -1 },
    ],
    close: () => endless.close(),
  };
});

describe('the command agent', () => {
  let endless: Awaited<ReturnType<typeof createEndlessCommands>>;
  beforeAll(async () => {
    endless = await createEndlessCommands();
  });
  afterAll(() => endless.close());

  const run = (commandLine: string, fields: Parameters<typeof exampleRequest>[0] = {}) =>
    commandKind
      .createRuntime({ command: { commands: { it: commandLine }, enabled: true, env, graceMs: 100 } })
      .run(exampleRequest({ config: { command: 'it' }, ...fields }));

  it('reads the prompt on standard input and answers on standard output', async () => {
    expect(await run('tr a-z A-Z')).toEqual({ kind: 'done', content: 'THE PROMPT OF THE RUN' });
  });

  it('need not read its prompt', async () => {
    const prompt = async () => 'x'.repeat(5_000_000);
    expect(await run('echo fine', { prompt })).toEqual({ kind: 'done', content: 'fine' });
  });

  it('may end its output with a line of JSON that carries the fields of an answer', async () => {
    const last = JSON.stringify({ title: 'Tidy', goalMet: true, usage: { costUsd: 0.1 } });
    expect(await run(`echo Report; echo '${last}'`)).toEqual({
      kind: 'done',
      content: 'Report',
      title: 'Tidy',
      goalMet: true,
      usage: { costUsd: 0.1 },
    });
    expect(await run(`echo noise; echo '{"content":"Own"}'`)).toEqual({ kind: 'done', content: 'Own' });
    expect(await run(`echo '{"status":"error","errorMessage":"sad"}'`)).toMatchObject({
      kind: 'error',
      errorMessage: 'sad',
    });
  });

  it('may print other JSON as its content, but not a broken answer', async () => {
    expect(await run(`echo '{"degrees":20}'`)).toEqual({ kind: 'done', content: '{"degrees":20}' });
    expect(await run(`echo '{"content":20}'`)).toMatchObject({ errorCode: 'agent_bad_answer' });
  });

  it('sees the given environment and the ids of its run, and nothing of the server', async () => {
    process.env.SERVER_SECRET = 'hidden';
    const outcome = await run('env');
    delete process.env.SERVER_SECRET;
    expect(outcome).toMatchObject({ kind: 'done' });
    const seen = JSON.stringify(outcome);
    for (const part of ['EVERBEAT_OPERATION_ID=op_1', 'EVERBEAT_TASK_IDENTIFIER=T-1', 'PATH='])
      expect(seen).toContain(part);
    expect(seen).not.toContain('SERVER_SECRET');
  });

  it('fails with the end of standard error, without the keys in it', async () => {
    const outcome = await run(
      `head -c 100000 /dev/zero | tr '\\0' x >&2; echo; echo "bad key $MODEL_API_KEY" >&2; exit 7`,
    );
    expect(outcome).toMatchObject({
      errorCode: 'command_exit_7',
      errorMessage: expect.stringMatching(/bad key \[redacted\]$/),
    });
    expect(JSON.stringify(outcome)).not.toContain(SECRET);
  });

  it('fails when a signal ends it', async () => {
    expect(await run('kill -KILL $$')).toMatchObject({
      errorCode: 'command_killed',
      errorMessage: expect.stringContaining('SIGKILL'),
    });
  });

  it('is stopped when its output grows too long', async () => {
    expect(await run('yes')).toMatchObject({
      errorCode: 'command_output_too_large',
      content: expect.stringMatching(/^y\ny\n/),
    });
  });

  it('is killed with all it started when it does not end by itself', async () => {
    const stop = new AbortController();
    const outcome = run(endless.commandLine('stubborn', "trap '' TERM;"), { signal: stop.signal });
    const pids = await endless.processes('stubborn');
    stop.abort();
    expect(await outcome).toEqual({ kind: 'canceled' });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('leaves nothing running behind it', async () => {
    const outcome = await run(`${endless.commandLine('behind').replace(/wait; wait$/, 'echo done')}`);
    expect(outcome).toEqual({ kind: 'done', content: 'done' });
    expect((await endless.processes('behind')).filter(isAlive)).toEqual([]);
  });

  it('is not waited for when a process that it detached keeps its output open', async () => {
    const leave = "require('child_process').spawn('sleep',['5'],{detached:true,stdio:'inherit'}).unref()";
    expect(await run(node(`${leave}; console.log('done')`))).toEqual({ kind: 'done', content: 'done' });
  });

  it('is not run where the operator allows no commands', async () => {
    const runtime = commandKind.createRuntime({
      command: { commands: { it: 'echo ran' }, enabled: false, env },
    });
    expect(() => runtime.checkConfig({ command: 'it' })).toThrow('runs no commands');
    expect(await runtime.run(exampleRequest({ config: { command: 'it' } }))).toMatchObject({
      errorCode: 'command_not_allowed',
    });
  });
});
