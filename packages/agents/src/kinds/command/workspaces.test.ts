import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Workspaces } from './workspaces';

const TASKS = ['0196a1b2-0000-7000-8000-000000000001', '0196a1b2-0000-7000-8000-000000000002'] as const;

let root: string;
let folder: string;
let workspaces: Workspaces;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'everbeat-'));
  folder = path.join(root, 'workspaces');
  workspaces = new Workspaces(folder);
});
afterEach(() => rm(root, { recursive: true }));

it('has no folders before a command has run', async () => {
  expect(await workspaces.taskIds()).toEqual([]);
  await workspaces.remove(TASKS[0]);
  await workspaces.removeTrials(new Date());
});

it('removes what a task has left, also what is read-only, and follows no link', async () => {
  const kept = path.join(root, 'kept');
  await mkdir(kept);
  await writeFile(path.join(kept, 'file'), 'kept');
  for (const id of TASKS) await mkdir(path.join(folder, id, 'below'), { recursive: true });
  const removed = path.join(folder, TASKS[0]);
  await symlink(kept, path.join(removed, 'link'));
  await symlink(path.join(kept, 'file'), path.join(removed, 'below/link'));
  await chmod(path.join(removed, 'below'), 0o500);

  expect(await workspaces.taskIds()).toEqual(TASKS);
  await workspaces.remove(TASKS[0]);

  expect(await workspaces.taskIds()).toEqual([TASKS[1]]);
  expect(existsSync(path.join(kept, 'file'))).toBe(true);
});

it('removes a link in place of the folder of a task, and not what it leads to', async () => {
  const kept = path.join(root, 'kept');
  await mkdir(kept);
  await writeFile(path.join(kept, 'file'), 'kept');
  await mkdir(folder);
  await symlink(kept, path.join(folder, TASKS[0]));
  await workspaces.remove(TASKS[0]);
  expect(await readdir(folder)).toEqual([]);
  expect(await readdir(kept)).toEqual(['file']);
});

it('removes trials of a server that died, and neither new ones nor what it does not know', async () => {
  const old = new Date(Date.now() - 86_400_000);
  for (const name of ['.trial-old', '.probe-old', '.trial-new', '.ssh', TASKS[0], 'notes']) {
    await mkdir(path.join(folder, name), { recursive: true });
    if (name !== '.trial-new') await utimes(path.join(folder, name), old, old);
  }
  await workspaces.removeTrials(new Date(Date.now() - 3_600_000));
  expect((await readdir(folder)).sort()).toEqual(['.trial-new', '.ssh', TASKS[0], 'notes'].sort());
  expect(await workspaces.taskIds()).toEqual([TASKS[0]]);
});

it('says how much is in the folders of all tasks, and not in what it does not know', async () => {
  for (const [index, id] of TASKS.entries()) {
    await mkdir(path.join(folder, id, 'below'), { recursive: true });
    await writeFile(path.join(folder, id, 'below', 'file'), 'x'.repeat(100 + index));
  }
  await writeFile(path.join(folder, 'not-ours'), 'x'.repeat(1_000));
  expect(await workspaces.size()).toEqual({ bytes: 201, files: 2, isPartial: false });
});
