import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostEnv, titleOf, WAYS } from '../../../test/confinements';
import { describeAgentRuntime, exampleRequest, expectStorable } from '../../../test/contract';
import { createEndlessCommands } from '../../../test/endlessCommands';
import { commandKind } from './commandKind';
import { STDERR_CHARS_MAX } from './runCommand';
import { unconfined } from './sandbox/confinement';

const SECRET = 'sk-a-key-of-a-model';
const env = { ...hostEnv, MODEL_API_KEY: SECRET };
/** A script of Node as a command line, free of the shell's quoting. */
const node = (script: string) =>
  `"${process.execPath}" -e "eval(Buffer.from('${Buffer.from(script).toString('base64')}','base64').toString())"`;

describe.each(WAYS.map((way) => [titleOf(way), way] as const))('run %s', (_title, { make, skip }) => {
  describe.skipIf(skip !== null)('commands', () => suite(make));
});

function suite(make: (typeof WAYS)[number]['make']): void {
  describeAgentRuntime('command', async () => {
    const endless = await createEndlessCommands();
    const workspaces = await mkdtemp(path.join(tmpdir(), 'everbeat-workspaces-'));
    const commands: Record<string, string> = {
      works: 'cat',
      fails: 'echo no such host >&2; exit 3',
      floods: node("process.stdout.write('\\0\\ud800' + 'x'.repeat(5e6))"),
    };
    let hanging = 0;
    return {
      runtime: commandKind.createRuntime({
        command: {
          commands,
          enabled: true,
          env,
          workspaces,
          sandbox: { confinement: async () => make(workspaces, { open: [endless.folder] }) },
        },
      }),
      works: { command: 'works' },
      fails: { config: { command: 'fails' }, errorCode: 'command_exit_3' },
      hangs(timeoutSeconds) {
        const name = `hangs-${hanging++}`;
        commands[name] = endless.commandLine(name);
        const started = endless.started(name);
        const ended = async () => expect(await endless.living(name)).toEqual([]);
        return { config: { command: name, timeoutSeconds }, started, ended };
      },
      floods: { command: 'floods' },
      misconfigured: [
        {},
        { command: 'unknown' },
        { command: 'constructor' },
        { command: 'works', timeoutSeconds: -1 },
      ],
      close: async () => {
        await endless.close();
        await rm(workspaces, { recursive: true });
      },
    };
  });

  describe('the command agent', () => {
    let endless: Awaited<ReturnType<typeof createEndlessCommands>>;
    let workspaces: string;
    beforeAll(async () => {
      endless = await createEndlessCommands();
      workspaces = await mkdtemp(path.join(tmpdir(), 'everbeat-workspaces-'));
    });
    afterAll(async () => {
      await endless.close();
      await rm(workspaces, { recursive: true });
    });

    const runtimeOf = (commandLine: string, enabled = true) =>
      commandKind.createRuntime({
        command: {
          commands: { it: commandLine },
          enabled,
          env,
          workspaces,
          graceMs: 100,
          sandbox: { confinement: async () => make(workspaces, { open: [endless.folder] }) },
        },
      });
    const request = (fields: Parameters<typeof exampleRequest>[0] = {}) =>
      exampleRequest({ config: { command: 'it' }, ...fields });
    const run = (commandLine: string, fields: Parameters<typeof exampleRequest>[0] = {}) =>
      runtimeOf(commandLine).run(request(fields));

    it('reads the prompt on standard input and answers on standard output', async () => {
      expect(await run('tr a-z A-Z')).toEqual({ kind: 'done', content: 'THE PROMPT OF THE RUN' });
    });

    it('need not read its prompt', async () => {
      const prompt = async () => 'x'.repeat(5_000_000);
      expect(await run('echo fine', { prompt })).toEqual({ kind: 'done', content: 'fine' });
    });

    it('is steered by nothing that it prints', async () => {
      const line = '{"status":"error","goalMet":true,"nextRunInSeconds":1,"briefs":[]}';
      const outcome = await run(`echo Report; echo '${line}'`);
      expect(outcome).toEqual({ kind: 'done', content: `Report\n${line}` });
    });

    it('keeps the beginning and the end of a long output', async () => {
      const outcome = await run('echo FIRST; yes "a line of the log" | head -c 3000000; echo; echo LAST');
      expect(outcome).toMatchObject({
        kind: 'done',
        content: expect.stringMatching(/^FIRST\n[\s\S]*…[\s\S]*\nLAST$/),
      });
      expectStorable(outcome);
    });

    it('leaves no terminal codes in its report and its errors', async () => {
      expect(await run(`printf '\\033[1mAll \\033[32mwell\\033[0m\\n'`)).toMatchObject({
        content: 'All well',
      });
      expect(await run(`printf '\\033[31mNo disk\\033[0m' >&2; exit 1`)).toMatchObject({
        errorMessage: expect.stringMatching(/ No disk$/),
      });
    });

    it('works in a folder of its task, which it finds again, and in none of another task', async () => {
      const list = 'ls -A; pwd; touch made-here; echo {} > "$EVERBEAT_REPORT"';
      const [first, second, other] = [
        await run(list, { taskId: 'task_a' }),
        await run(list, { taskId: 'task_a' }),
        await run(list, { taskId: 'task_b' }),
      ];
      const folder = await realpath(workspaces);
      expect(first).toMatchObject({ content: path.join(folder, 'task_a') });
      expect(second).toMatchObject({ content: `made-here\n${path.join(folder, 'task_a')}` });
      expect(other).toMatchObject({ content: path.join(folder, 'task_b') });
    });

    it('works in a folder that is removed when the run is a trial', async () => {
      const trial = await run('pwd', { taskId: 'task_of_trial', isTrial: true });
      expect(trial).toMatchObject({ kind: 'done' });
      expect(existsSync(path.join(workspaces, 'task_of_trial'))).toBe(false);
      expect(trial.kind === 'done' && existsSync(trial.content)).toBe(false);
    });

    it('fails when its folder cannot be made', async () => {
      await writeFile(path.join(workspaces, 'a_file'), '');
      expect(await run('pwd', { taskId: 'a_file' })).toMatchObject({ errorCode: 'command_no_folder' });
    });

    describe('with a report in the file of its run', () => {
      const write = (report: object | string) =>
        `printf %s '${typeof report === 'string' ? report : JSON.stringify(report)}' > "$EVERBEAT_REPORT"; echo Output`;

      it('reports its fields beside its output', async () => {
        const fields = {
          title: 'Tidy',
          goalMet: true,
          usage: { costUsd: 0.1 },
          comments: ['Noted'],
          memory: { seen: 1 },
          briefs: [{ type: 'insight', priority: 'normal', title: 'Seen', summary: 'Something' }],
        };
        expect(await run(write(fields))).toEqual({ kind: 'done', content: 'Output', ...fields });
        expect(await run(write({ content: 'Own' }))).toMatchObject({ content: 'Own' });
      });

      it('may say that it failed, and why', async () => {
        const said = { errorMessage: 'Overloaded', failureClass: 'transient', retryAfterSeconds: 90 };
        expect(await run(write({ status: 'error', ...said }))).toMatchObject({ kind: 'error', ...said });
        expect(await run(`${write({ status: 'done', ...said })}; exit 4`)).toMatchObject({
          kind: 'error',
          errorCode: 'command_exit_4',
          ...said,
        });
      });

      it.each([
        ['is not JSON', write('{"goalMet":')],
        ['holds no object', write('[1]')],
        [
          'is too large',
          `(echo '{"goalMet":true}'; head -c 1000000 /dev/zero | tr '\\0' ' ') > "$EVERBEAT_REPORT"; echo Output`,
        ],
        ['is a link', `echo '{"goalMet":true}' > real; ln -s "$PWD/real" "$EVERBEAT_REPORT"; echo Output`],
        ['is a folder', `mkdir "$EVERBEAT_REPORT"; echo Output`],
        ['is a pipe', `mkfifo "$EVERBEAT_REPORT"; echo Output`],
      ])('keeps its output and says why the file was left out when it %s', async (_what, commandLine) => {
        const one = request({ taskId: `task_${_what.replaceAll(' ', '_')}` });
        expect(await runtimeOf(commandLine).run(one)).toEqual({ kind: 'done', content: 'Output' });
        expect(one.transcript).toEqual([{ role: 'tool', content: expect.stringContaining('was left out') }]);
      });

      it('finds none of an earlier run', async () => {
        await run(write({ goalMet: true }));
        expect(await run('echo Output')).toEqual({ kind: 'done', content: 'Output' });
      });
    });

    it('sees the given environment and the ids of its run, and nothing of the server', async () => {
      process.env.SERVER_SECRET = 'hidden';
      const outcome = await run('env');
      delete process.env.SERVER_SECRET;
      expect(outcome).toMatchObject({ kind: 'done' });
      const seen = JSON.stringify(outcome);
      for (const part of [
        'EVERBEAT_OPERATION_ID=op_1',
        'EVERBEAT_TASK_IDENTIFIER=T-1',
        'EVERBEAT_OCCURRENCE=occurrence_1',
        'EVERBEAT_REPORT=',
        'PATH=',
      ])
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

    it('shows no part of a key that standard error is cut off within', async () => {
      const outcome = await run(
        `echo "$MODEL_API_KEY" >&2; head -c ${STDERR_CHARS_MAX - 11} /dev/zero | tr '\\0' x >&2; exit 7`,
      );
      expect(outcome).toMatchObject({ errorMessage: expect.stringMatching(/x{1000}$/) });
      expect(JSON.stringify(outcome)).not.toContain('of-a-model');
    });

    it('fails when a signal ends it', async () => {
      expect(await run('kill -KILL $$')).toMatchObject({
        errorCode: 'command_killed',
        errorMessage: expect.stringContaining('SIGKILL'),
      });
    });

    it('is stopped when its output does not end', async () => {
      expect(await run('yes')).toMatchObject({
        errorCode: 'command_output_too_large',
        content: expect.stringMatching(/^y\ny\n/),
      });
    });

    it('is killed with all it started when it does not end by itself', async () => {
      const stop = new AbortController();
      const outcome = run(endless.commandLine('stubborn', "trap '' TERM;"), { signal: stop.signal });
      await endless.started('stubborn');
      expect(await endless.living('stubborn')).not.toEqual([]);
      stop.abort();
      expect(await outcome).toEqual({ kind: 'canceled' });
      expect(await endless.living('stubborn')).toEqual([]);
    });

    it('may end in its own way within its grace when it is stopped', async () => {
      const stop = new AbortController();
      const commandLine = endless.commandLine('tidy', "trap 'echo tidied > tidied; exit' TERM;");
      const outcome = run(commandLine, { taskId: 'task_tidy', signal: stop.signal });
      await endless.started('tidy');
      stop.abort();
      expect(await outcome).toEqual({ kind: 'canceled' });
      expect(await run('cat tidied', { taskId: 'task_tidy' })).toMatchObject({ content: 'tidied' });
    });

    it('finds what it remembers in a file that is gone after the run', async () => {
      const memory = { seen: ['one'] };
      const look = 'cat "$EVERBEAT_MEMORY"; ls -A | grep -v memory; echo; echo Output';
      const taskId = 'task_memory';
      expect(await run(look, { taskId, memory })).toMatchObject({
        content: '{"seen":["one"]}\nOutput',
      });
      expect(await run('ls -A; echo Output', { taskId })).toMatchObject({ content: 'Output' });
    });

    it('is given its memory in a file of its own, whatever it left there before', async () => {
      const memory = { seen: 1 };
      const taskId = 'task_link';
      await run('ln -s "$PWD/elsewhere" .everbeat-memory-op_1.json', { taskId, operationId: 'op_0' });
      expect(
        await run('cat "$EVERBEAT_MEMORY"; test -e elsewhere || echo', { taskId, memory }),
      ).toMatchObject({
        content: '{"seen":1}',
      });
    });

    it('leaves nothing running behind it', async () => {
      const outcome = await run(`${endless.commandLine('behind').replace(/wait; wait$/, 'echo done')}`);
      expect(outcome).toEqual({ kind: 'done', content: 'done' });
      expect(await endless.living('behind')).toEqual([]);
    });

    it.skipIf(process.platform !== 'linux')(
      'does not begin beside what a server that was killed has left at work for its task',
      async () => {
        const leave = (taskId: string, name: string, trap = '') => {
          const report = `EVERBEAT_REPORT=${path.join(workspaces, taskId, '.everbeat-report-op_0.json')}`;
          const args = [report, '/bin/sh', '-c', endless.commandLine(name, trap)];
          spawn('env', args, { detached: true, stdio: 'ignore' }).unref();
          return endless.started(name);
        };
        await leave('task_left', 'left');
        await leave('task_left', 'stubbornly-left', "trap '' TERM;");
        await leave('task_left_alone', 'left-alone');
        const outcome = await run('echo done', { taskId: 'task_left' });
        expect(outcome).toEqual({ kind: 'done', content: 'done' });
        expect([await endless.living('left'), await endless.living('stubbornly-left')]).toEqual([[], []]);
        expect(await endless.living('left-alone')).not.toEqual([]);
        await run('true', { taskId: 'task_left_alone' });
      },
    );

    it('is not waited for when a process that it detached keeps its output open', async () => {
      const leave = "require('child_process').spawn('sleep',['5'],{detached:true,stdio:'inherit'}).unref()";
      expect(await run(node(`${leave}; console.log('done')`))).toEqual({ kind: 'done', content: 'done' });
    });

    it('is not run where the operator allows no commands', async () => {
      const runtime = runtimeOf('echo ran', false);
      expect(() => runtime.checkConfig({ command: 'it' })).toThrow('runs no commands');
      expect(runtime.problemOf({ command: 'it' })).toMatch('runs no commands');
      expect(await runtime.run(request())).toMatchObject({
        errorCode: 'command_not_allowed',
      });
    });
  });
}

it('reports nothing from a folder that a command has replaced by a link', async () => {
  const workspaces = await mkdtemp(path.join(tmpdir(), 'everbeat-workspaces-'));
  const swap = `mkdir ../elsewhere; echo '{"goalMet":true}' > ../elsewhere/"$(basename "$EVERBEAT_REPORT")"; cd ..; rm -r "$(dirname "$EVERBEAT_REPORT")"; ln -s "$PWD/elsewhere" "$(dirname "$EVERBEAT_REPORT")"; echo Output`;
  const runtime = commandKind.createRuntime({
    command: {
      commands: { swap },
      enabled: true,
      env,
      workspaces,
      sandbox: { confinement: async () => unconfined },
    },
  });
  const request = exampleRequest({ config: { command: 'swap' } });
  expect(await runtime.run(request)).toEqual({ kind: 'done', content: 'Output' });
  expect(request.transcript).toEqual([{ role: 'tool', content: expect.stringContaining('was left out') }]);
  await rm(workspaces, { recursive: true });
});
