import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createTempFolder } from '@everbeat/testkit';
import { describe, expect, it } from 'vitest';
import { keyFileIn, makeKeyFile, readKeyFile } from './keyFile';
import { type KeyRing, makeKey, parseKeys } from './keyRing';
import { type Place, sealedBy, Vault, VaultError } from './vault';

const PLACE: Place = { owner: 'ada', table: 'agents', row: '1', field: 'headers.Authorization' };
const SECRET = 'Bearer very-secret ✓';

function ring(...keys: string[]): KeyRing {
  const parsed = parseKeys(keys.join(','));
  if (parsed === null) throw new Error('These are no keys');
  return parsed;
}

function faultOf(open: () => string): string {
  try {
    return `opened: ${open()}`;
  } catch (error) {
    if (error instanceof VaultError) return error.fault;
    throw error;
  }
}

describe('a sealed text', () => {
  const vault = new Vault(ring(makeKey()));

  it('opens where it was sealed for', () => {
    const sealed = vault.seal(SECRET, PLACE);
    expect(sealed).not.toContain('secret');
    expect(sealedBy(sealed)).toBe(vault.keyId);
    expect(vault.open(sealed, PLACE)).toBe(SECRET);
    expect(vault.open(vault.seal('', PLACE), PLACE)).toBe('');
  });

  it('is another one each time', () => {
    expect(vault.seal(SECRET, PLACE)).not.toBe(vault.seal(SECRET, PLACE));
  });

  it.each<[string, Partial<Place>]>([
    ["another owner's row", { owner: 'eve' }],
    ['another table', { table: 'tasks' }],
    ['another row', { row: '2' }],
    ['another field', { field: 'headers.X' }],
    ['a place whose parts are split otherwise', { owner: 'ada","agents', table: '1' }],
  ])('does not open when it is copied to %s', (_where, other) => {
    const sealed = vault.seal(SECRET, PLACE);
    expect(faultOf(() => vault.open(sealed, { ...PLACE, ...other }))).toBe('damaged');
  });

  it('does not open when any character of it was changed', () => {
    const sealed = vault.seal('abc', PLACE);
    const start = sealed.lastIndexOf(':') + 1;
    for (let index = start; index < sealed.length; index += 1) {
      const changed = `${sealed.slice(0, index)}${sealed[index] === 'A' ? 'B' : 'A'}${sealed.slice(index + 1)}`;
      const bytes = (text: string) => Buffer.from(text.slice(start), 'base64url').toString('hex');
      // The last character may hold bits that stand for nothing.
      if (bytes(changed) !== bytes(sealed)) expect(faultOf(() => vault.open(changed, PLACE))).toBe('damaged');
    }
  });

  it('does not open when it is too short, or of a version that does not exist yet', () => {
    expect(faultOf(() => vault.open(`sealed:v1:${vault.keyId}:AAAA`, PLACE))).toBe('damaged');
    const later = vault.seal(SECRET, PLACE).replace(':v1:', ':v2:');
    expect(faultOf(() => vault.open(later, PLACE))).toBe('unknown-version');
  });

  it('does not open without its key, and the error says which key that is and nothing else', () => {
    const sealed = vault.seal(SECRET, PLACE);
    const open = () => new Vault(ring(makeKey())).open(sealed, PLACE);
    expect(faultOf(open)).toBe('unknown-key');
    expect(open).toThrow(`A secret could not be opened (unknown-key, sealed with the key ${vault.keyId})`);
  });

  it('opens with a former key, while the first one seals', () => {
    const [former, present] = [makeKey(), makeKey()];
    const sealed = new Vault(ring(former)).seal(SECRET, PLACE);
    const rotated = new Vault(ring(present, former));
    expect(rotated.open(sealed, PLACE)).toBe(SECRET);
    expect(sealedBy(rotated.seal(SECRET, PLACE))).toBe(new Vault(ring(present)).keyId);
  });
});

it('leaves a text that is not sealed as it is', () => {
  expect(new Vault(ring(makeKey())).open('sealed with wax', PLACE)).toBe('sealed with wax');
  expect(sealedBy('sealed:v1:short:x')).toBeNull();
});

describe('keys', () => {
  const bytes = Buffer.alloc(32, 0xfb);

  it.each([
    ['hex', bytes.toString('hex')],
    ['base64', bytes.toString('base64')],
    ['base64url', bytes.toString('base64url')],
    ['base64 without its end', bytes.toString('base64').replace('=', '')],
  ])('are read from %s', (_name, text) => {
    expect(parseKeys(text)?.[0].bytes).toEqual(bytes);
  });

  it('are read in their order, separated by commas, spaces or lines', () => {
    const keys = [makeKey(), makeKey(), makeKey()];
    const read = parseKeys(` ${keys[0]}, ${keys[1]}\n${keys[2]} `);
    expect(read?.map(({ bytes }) => bytes.toString('base64url'))).toEqual(keys);
  });

  it.each([
    ['nothing', ' , '],
    ['a pass phrase', 'correct horse battery staple'],
    ['31 bytes', Buffer.alloc(31).toString('base64')],
    ['33 bytes', Buffer.alloc(33).toString('base64')],
    ['hex of 16 bytes', '0'.repeat(32)],
    ['one good key of two', `${makeKey()},short`],
  ])('are refused: %s', (_name, text) => {
    expect(parseKeys(text)).toBeNull();
  });
});

describe('the key file', () => {
  it('is made once, for its owner alone, and the same for all who make it at once', async () => {
    const folder = await createTempFolder('vault');
    expect(await readKeyFile(folder)).toBeNull();
    const made = await Promise.all([makeKeyFile(folder), makeKeyFile(folder), makeKeyFile(folder)]);
    const again = await readKeyFile(folder);
    expect(new Set([...made, again].map((keys) => keys?.[0].id)).size).toBe(1);
    expect((await stat(keyFileIn(folder))).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['secrets.key']);
  });

  it('is never replaced: what cannot be read as a key is an error with the remedy', async () => {
    const folder = await createTempFolder('vault');
    await writeFile(keyFileIn(folder), 'damaged');
    await expect(makeKeyFile(folder)).rejects.toThrow('does not hold a key of 32 bytes');
    await expect(readKeyFile(folder)).rejects.toThrow('Put the file back from a backup');
    expect(await readFile(keyFileIn(folder), 'utf8')).toBe('damaged');
  });

  it('says where it cannot be made', async () => {
    const folder = await createTempFolder('vault');
    await writeFile(`${folder}/file`, '');
    await expect(makeKeyFile(`${folder}/file`)).rejects.toThrow(/No key file could be made.*set SECRETS_KEY/);
  });
});
