import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostEnv, titleOf, WAYS } from '../../../../test/confinements';
import { exampleRequest } from '../../../../test/contract';
import { commandKind } from '../commandKind';
import { bubblewrap } from './bubblewrap';

const SECRET = 'what-no-command-may-see';
const [unconfined, asAnotherUser, inSandbox] = WAYS;
if (unconfined === undefined || asAnotherUser === undefined || inSandbox === undefined) throw new Error();

let root: string;
let application: string;
let data: string;
let workspaces: string;
let home: string;
beforeEach(async () => {
  // Not in /tmp, of which a sandbox shows nothing; and where every user can pass.
  root = await realpath(
    await mkdtemp(path.join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), 'everbeat-')),
  );
  await chmod(root, 0o755);
  [application, data, home] = [path.join(root, 'app'), path.join(root, 'app/.data'), path.join(root, 'home')];
  workspaces = path.join(data, 'workspaces');
  for (const folder of [application, home, data, workspaces]) await mkdir(folder, { mode: 0o755 });
  await mkdir(path.join(data, 'postgres'));
  await writeFile(path.join(application, '.env'), SECRET, { mode: 0o600 });
  await writeFile(path.join(data, 'postgres/password'), SECRET, { mode: 0o600 });
});
afterEach(() => rm(root, { recursive: true }));

/** What a command of a task prints, on both of its outputs. */
async function printed(
  { make }: (typeof WAYS)[number],
  commandLine: string,
  { taskId = 'task_1', open = [] }: { taskId?: string; open?: string[] } = {},
): Promise<string> {
  const confinement = make(workspaces, { hidden: [application, data, workspaces], open });
  const runtime = commandKind.createRuntime({
    command: {
      commands: { it: `(${commandLine}) 2>&1` },
      enabled: true,
      workspaces,
      env: { ...hostEnv, HOME: home },
      sandbox: { confinement: async () => confinement },
    },
  });
  const outcome = await runtime.run(exampleRequest({ taskId, config: { command: 'it' } }));
  return outcome.kind === 'done' ? outcome.content : JSON.stringify(outcome);
}

/** Runs `work` while a process of the server's user has a secret in its environment. */
async function besideServer(work: (pid: number) => Promise<void>): Promise<void> {
  const server = spawn('sleep', ['60'], { env: { ...process.env, SERVER_SECRET: SECRET } });
  await once(server, 'spawn');
  try {
    await work(server.pid ?? 0);
  } finally {
    server.kill('SIGKILL');
  }
}

const READ_ENVIRONMENTS = `cat /proc/[0-9]*/environ /proc/self/task/*/environ | tr '\\0' '\\n'`;

it.skipIf(process.platform !== 'linux')(
  'commands without a confinement see all of it, so these tests can fail',
  async () => {
    await besideServer(async () => expect(await printed(unconfined, READ_ENVIRONMENTS)).toContain(SECRET));
    expect(await printed(unconfined, `cat '${application}/.env'`)).toBe(SECRET);
  },
);

describe.each([asAnotherUser, inSandbox].map((way) => [titleOf(way), way] as const))('%s', (_title, way) => {
  describe.skipIf(way.skip !== null)('a command', () => {
    it('finds the file in /tmp that its command line names', async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'everbeat-program-'));
      await chmod(folder, 0o755);
      await writeFile(path.join(folder, 'report.sh'), 'echo All well');
      expect(await printed(way, `sh ${folder}/report.sh`)).toBe('All well');
      await rm(folder, { recursive: true });
    });

    it('reads the environment of no process of the server', async () => {
      await besideServer(async (pid) => {
        const seen = await printed(way, `${READ_ENVIRONMENTS}; cat /proc/${pid}/environ /proc/1/environ`);
        expect(seen).toContain('EVERBEAT_REPORT');
        expect(seen).not.toContain(SECRET);
      });
    });

    it('reads neither the settings of the application nor the password of its database', async () => {
      const files = [path.join(application, '.env'), path.join(data, 'postgres/password')];
      const seen = await printed(way, `cat ${files.join(' ')}; cd '${application}' && cat .env; echo end`);
      expect(seen).toContain('end');
      expect(seen).not.toContain(SECRET);
    });

    it('reads and writes no folder of another task, and finds its own again', async () => {
      await printed(way, `echo ${SECRET} > kept`, { taskId: 'task_2' });
      const other = path.join(workspaces, 'task_2');
      const seen = await printed(
        way,
        `cat '${other}/kept'; echo x > '${other}/kept'; ls '${workspaces}'; echo end`,
      );
      expect(seen).toContain('end');
      expect(seen).not.toContain(SECRET);
      const { uid } = await lstat(other);
      expect(await printed(way, 'cat kept', { taskId: 'task_2' })).toBe(SECRET);
      expect((await lstat(other)).uid).toBe(uid);
    });

    it('leaves no process behind, also none that left its group', async () => {
      const mark = `301.${process.pid}`;
      await printed(way, `setsid sleep ${mark} > /dev/null 2>&1 & echo started`);
      expect(await printed(unconfined, `cat /proc/[0-9]*/cmdline | tr '\\0' ' '`)).not.toContain(
        `sleep ${mark}`,
      );
    });

    it('works on in a folder that was used without it, and the other way round', async () => {
      const elsewhere = path.join(application, '.env');
      const ownerUid = (await lstat(elsewhere)).uid;
      await printed(unconfined, `mkdir folder; echo one > folder/file; ln -s '${elsewhere}' link`);
      expect(await printed(way, 'echo two >> folder/file; cat folder/file')).toBe('one\ntwo');
      expect(await printed(unconfined, 'echo three >> folder/file; cat folder/file')).toBe('one\ntwo\nthree');
      expect((await lstat(elsewhere)).uid).toBe(ownerUid);
    });
  });
});

it.skipIf(asAnotherUser.skip !== null)('a program that another user cannot reach is explained', async () => {
  await mkdir(path.join(root, 'closed'), { mode: 0o700 });
  await writeFile(path.join(root, 'closed/program'), '#!/bin/sh\necho ran', { mode: 0o755 });
  expect(await printed(asAnotherUser, `'${root}/closed/program'`)).toContain('COMMAND_SANDBOX');
});

it('a sandbox that the host refuses to set up is no failure of the command', async () => {
  const refusing = path.join(root, 'bwrap');
  await writeFile(refusing, '#!/bin/sh\necho "bwrap: No space left" >&2; exit 1\n', { mode: 0o755 });
  const make = () => bubblewrap(refusing, { hidden: [], open: [] });
  expect(JSON.parse(await printed({ ...inSandbox, make }, 'echo ran'))).toMatchObject({
    errorCode: 'command_not_started',
    errorMessage: expect.stringContaining('No space left'),
  });
});

describe.skipIf(inSandbox.skip !== null)(`${titleOf(inSandbox)} a command`, () => {
  it('writes to its folder, its home and a folder of scratch, and nowhere else', async () => {
    const places = ['.', home, '/tmp', '/etc', '/usr', root, application, data, '/run', '/sys/kernel'];
    const isWritable = places.map((place) => `test -w '${place}' && echo '${place}'`).join('; ');
    expect((await printed(inSandbox, `${isWritable}; true`)).split('\n')).toEqual(['.', home, '/tmp']);
    await printed(inSandbox, 'for place in . "$HOME" /tmp; do echo x > "$place/it"; done');
    expect(existsSync(path.join(home, 'it'))).toBe(true);
    expect(existsSync('/tmp/it')).toBe(false);
  });

  it('writes also where the operator opens a folder, even in what is hidden', async () => {
    const open = [path.join(root, 'shop'), path.join(application, 'examples')];
    for (const folder of open) await mkdir(folder);
    await printed(inSandbox, open.map((folder) => `echo x > '${folder}/it'`).join('; '), { open });
    expect(open.map((folder) => existsSync(path.join(folder, 'it')))).toEqual([true, true]);
  });

  it('finds no process of the host, and no socket through which it could start one', async () => {
    const seen = await printed(inSandbox, 'ls /proc | grep -c "^[0-9]"; ls -A /tmp /run');
    expect(Number(seen.split('\n')[0])).toBeLessThan(10);
    const shown = /^(\/.*:|nscd|current-system|opengl-driver|systemd|resolvconf|NetworkManager|)$/;
    expect(
      seen
        .split('\n')
        .slice(1)
        .filter((line) => !shown.test(line)),
    ).toEqual([]);
    expect((await readdir('/run')).some((name) => !shown.test(name))).toBe(true);
  });

  it('has no rights with which it could undo the sandbox or change the kernel', async () => {
    const seen = await printed(
      inSandbox,
      [
        'grep CapEff /proc/self/status',
        `umount '${application}'`,
        `unshare -Urm umount '${application}'`,
        // Not those of its own namespaces, which an ordinary user may change.
        'for file in $(find /proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /proc/sys/vm -writable -type f); do echo "writable: $file"; done',
        `ls -A '${application}'`,
      ].join('; '),
    );
    expect(seen).toMatch(/^CapEff:\s+0+$/m);
    expect(seen).not.toContain('writable:');
    expect(seen.split('\n').at(-1)).toBe('.data');
  });

  it('resolves names as the host does', async () => {
    expect(await printed(inSandbox, 'cat /etc/resolv.conf | wc -l')).toBe(
      await printed(unconfined, 'cat /etc/resolv.conf | wc -l'),
    );
  });
});
