import { chmod, mkdir, mkdtemp, readdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { COMMAND_EXPOSURES } from '@everbeat/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostEnv, WAYS } from '../../../../test/confinements';
import { bubblewrap } from './bubblewrap';
import { unconfined } from './confinement';
import { type Secrets, tryOut } from './probe';
import { CommandSandbox, type SandboxSettings } from './sandbox';

let root: string;
let settings: SandboxSettings;
beforeEach(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'everbeat-')));
  await chmod(root, 0o755);
  const [applicationFolder, dataFolder] = [path.join(root, 'app'), path.join(root, 'data')];
  await mkdir(applicationFolder);
  await mkdir(path.join(dataFolder, 'postgres'), { recursive: true });
  await writeFile(path.join(applicationFolder, '.env'), 'ACCESS_PASSWORD=secret');
  await writeFile(path.join(dataFolder, 'postgres/password'), 'secret', { mode: 0o600 });
  settings = {
    mode: 'auto',
    folders: [],
    applicationFolder,
    dataFolder,
    env: hostEnv,
    workspaces: path.join(dataFolder, 'workspaces'),
  };
});
afterEach(() => rm(root, { recursive: true }));

const secrets = (): Secrets => [
  { of: 'environment', file: `/proc/${process.pid}/environ` },
  { of: 'settings', file: path.join(settings.applicationFolder, '.env') },
  { of: 'data', file: path.join(settings.dataFolder, 'postgres/password') },
];
const [, asAnotherUser, inSandbox] = WAYS;

describe('what confines the commands of a server', () => {
  it('is nothing where it is switched off, and everything is exposed', async () => {
    const sandbox = new CommandSandbox({ ...settings, mode: 'off' });
    expect(await sandbox.state()).toEqual({
      kind: 'none',
      exposed: COMMAND_EXPOSURES,
      problem: null,
      refuses: false,
    });
    expect(await sandbox.confinement()).toBe(unconfined);
  });

  it.skipIf(inSandbox?.skip !== null)('is bubblewrap where that works, and nothing is exposed', async () => {
    const sandbox = new CommandSandbox({ ...settings, mode: 'required' });
    expect(await sandbox.state()).toEqual({
      kind: 'bubblewrap',
      exposed: [],
      problem: null,
      refuses: false,
    });
    expect((await sandbox.confinement()).kind).toBe('bubblewrap');
    expect(await readdir(settings.workspaces)).toEqual([]);
  });

  it.skipIf(inSandbox?.skip !== null)(
    'is bubblewrap also where the database is behind a link out of the data folder',
    async () => {
      const { dataFolder } = settings;
      const elsewhere = await mkdtemp('/var/tmp/everbeat-');
      await rename(path.join(dataFolder, 'postgres'), path.join(elsewhere, 'data'));
      await symlink(path.join(elsewhere, 'data'), path.join(dataFolder, 'postgres'));
      expect(await new CommandSandbox(settings).state()).toMatchObject({ kind: 'bubblewrap', exposed: [] });
      await rm(elsewhere, { recursive: true });
    },
  );

  it('refuses commands where a sandbox is required and none works, such as in a folder that cannot be made', async () => {
    const sandbox = new CommandSandbox({
      ...settings,
      mode: 'required',
      workspaces: path.join(settings.applicationFolder, '.env/no-folder'),
    });
    expect(await sandbox.state()).toMatchObject({ kind: 'none', refuses: true });
    await expect(sandbox.confinement()).rejects.toMatchObject({ code: 'command_not_isolated' });
  });
});

describe('a confinement is tried out before it is relied on, and', () => {
  const found = async (confinement: Parameters<typeof tryOut>[0]) => {
    await mkdir(settings.workspaces, { recursive: true });
    return tryOut(confinement, { workspaces: settings.workspaces, secrets: secrets(), env: hostEnv });
  };

  it.skipIf(process.platform !== 'linux')(
    'one that hides nothing is found to expose everything',
    async () => {
      expect(await found(unconfined)).toEqual({ exposed: COMMAND_EXPOSURES });
    },
  );

  it.skipIf(asAnotherUser?.skip !== null)(
    `another user is found to read files that are open to all`,
    async () => {
      const confinement = asAnotherUser?.make(settings.workspaces) ?? unconfined;
      expect(await found(confinement)).toEqual({ exposed: ['settings'] });
      await chmod(path.join(settings.applicationFolder, '.env'), 0o600);
      expect(await found(confinement)).toEqual({ exposed: [] });
    },
  );

  it.skipIf(asAnotherUser?.skip !== null)(
    'a user who cannot enter the folder of its task is refused',
    async () => {
      await chmod(root, 0o700);
      const confinement = asAnotherUser?.make(settings.workspaces) ?? unconfined;
      expect(await found(confinement)).toMatchObject({ problem: expect.stringContaining('could not write') });
    },
  );

  it('a bubblewrap that the host refuses to run is not used', async () => {
    const refusing = path.join(root, 'bwrap');
    await writeFile(
      refusing,
      '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2; exit 1\n',
      {
        mode: 0o755,
      },
    );
    expect(await found(bubblewrap(refusing, { hidden: [], open: [] }))).toEqual({
      problem: expect.stringContaining('No permissions to create new namespace'),
    });
  });

  it.skipIf(process.platform !== 'linux')('a bubblewrap that hides nothing is found out', async () => {
    const careless = path.join(root, 'bwrap');
    await writeFile(
      careless,
      `#!/bin/sh
       while [ "$1" != -- ]; do shift; done; shift
       echo "{ \\"child-pid\\": $$ }" >&3; "$@" 3>&-; echo "{ \\"exit-code\\": $? }" >&3`,
      { mode: 0o755 },
    );
    expect(await found(bubblewrap(careless, { hidden: [], open: [] }))).toEqual({
      exposed: COMMAND_EXPOSURES,
    });
  });
});
