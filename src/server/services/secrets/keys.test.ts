import { readdir, writeFile } from 'node:fs/promises';
import { createTempFolder } from '@everbeat/testkit';
import { keyFileIn, makeKey, parseKeys } from '@everbeat/vault';
import { beforeEach, describe, expect, it } from 'vitest';
import { Keys } from './keys';

describe('keys of the environment', () => {
  it('are known at once, and none is made beside them', async () => {
    const keys = parseKeys(makeKey());
    if (keys === null) throw new Error('This is no key');
    const source = new Keys({ kind: 'environment', keys });
    const vault = await source.find();
    expect(vault?.keyId).toBe(keys[0].id);
    expect(await source.make()).toBe(vault);
    expect([source.place, await source.problem()]).toEqual(['SECRETS_KEY', null]);
  });
});

describe('the key file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await createTempFolder('keys');
  });

  it('is not there until it is made, and stays the same then', async () => {
    const keys = new Keys({ kind: 'file', folder });
    expect(await keys.find()).toBeNull();
    const made = await keys.make();
    expect(await readdir(folder)).toEqual(['secrets.key']);
    expect(made).not.toBeNull();
    expect(await keys.make()).toBe(made);
    expect(await keys.find()).toBe(made);
    expect((await new Keys({ kind: 'file', folder }).find())?.keyId).toBe(made?.keyId);
    expect(keys.place).toBe(keyFileIn(folder));
  });

  it('that holds no key is a problem until it is put right', async () => {
    await writeFile(keyFileIn(folder), 'nonsense');
    const keys = new Keys({ kind: 'file', folder });
    expect(await keys.problem()).toContain('does not hold a key');
    await writeFile(keyFileIn(folder), makeKey());
    expect(await keys.problem()).toBeNull();
  });
});

it('without a place for a key there is none, and none can be made', async () => {
  const keys = new Keys({ kind: 'none' });
  expect([await keys.find(), await keys.make(), await keys.problem()]).toEqual([null, null, null]);
});
