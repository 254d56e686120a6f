import { writeFile } from 'node:fs/promises';
import { createDatabase } from '@everbeat/database';
import { MASK } from '@everbeat/domain';
import { createTempFolder, createTestClock } from '@everbeat/testkit';
import { type KeyRing, keyFileIn, makeKey, parseKeys, Vault } from '@everbeat/vault';
import { describe, expect, it } from 'vitest';
import { Keys } from './keys';
import { SecretsService } from './SecretsService';

/** What is sealed and opened without a statement. */

const { pool: db } = createDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' });
const ringOf = (...keys: string[]): KeyRing => {
  const ring = parseKeys(keys.join());
  if (ring === null) throw new Error('These are no keys');
  return ring;
};
const KEYS = ringOf(makeKey());
const serviceWith = (keys: Keys) => new SecretsService({ db, clock: createTestClock(), keys });
const service = serviceWith(new Keys({ kind: 'environment', keys: KEYS }));
const keyless = serviceWith(new Keys({ kind: 'none' }));

const AGENT = { id: 'agent-1', kind: 'http' } as const;
const config = { url: 'https://a.example', headers: { Authorization: 'Bearer a' } };
const sealedAs = (table: string, row: string, field: string, text: string): string =>
  new Vault(KEYS).seal(text, { owner: 'ada', table, row, field });

describe('what an earlier version has sealed', () => {
  it('opens as the secret of an agent', async () => {
    const stored = sealedAs('agents', 'agent-1', 'headers.Authorization', 'Bearer a');
    const row = { ...AGENT, config: { ...config, headers: { Authorization: stored } } };
    expect(await service.openAgent('ada', row)).toEqual(config);
  });

  it('opens as the key of a provider', async () => {
    const stored = sealedAs('model_providers', 'openai', 'apiKey', 'sk-1');
    expect(await service.openApiKey({ userId: 'ada', provider: 'openai' }, stored)).toBe('sk-1');
  });

  it('opens as the secret of a task, for its own kind of agent', async () => {
    const settings = {
      headers: { Cookie: sealedAs('tasks.config.watch', 'task-1', 'headers.Cookie', 'c') },
    };
    const open = { headers: { Cookie: 'c' } };
    expect(await service.openSettings('ada', 'task-1', 'watch', settings)).toEqual(open);
    expect(await service.openTask('ada', 'task-1', { watch: settings })).toEqual({ watch: open });
  });
});

describe('what is sealed', () => {
  it('is the texts of secrets alone, and opens to what it was', async () => {
    const row = { owner: 'ada', table: 'agents', row: 'agent-1' };
    const sealed = await service.seal(row, config, ['headers']);
    expect(sealed).toMatchObject({ url: config.url });
    expect(JSON.stringify(sealed)).not.toContain('Bearer');
    expect(await service.open(row, sealed, ['headers'])).toEqual(config);
  });

  it('is a key, and a text that looks as if it were sealed already', async () => {
    const provider = { userId: 'ada', provider: 'openai' } as const;
    const twice = await service.sealApiKey(provider, await service.sealApiKey(provider, 'sk-1'));
    expect(await service.openApiKey(provider, await service.openApiKey(provider, twice))).toBe('sk-1');
  });

  it('is the settings of a task for each kind, and nothing that it does not set', async () => {
    const task = { endAt: '2026-06-01T00:00:00Z', watch: { headers: { Cookie: 'c' } } };
    const sealed = await service.sealTask('ada', 'task-1', task);
    expect(sealed).toMatchObject({ endAt: task.endAt });
    expect(Object.keys(sealed)).toEqual(['endAt', 'watch']);
    expect(await service.openTask('ada', 'task-1', sealed)).toEqual(task);
    expect(await service.openSettings('ada', 'task-1', 'watch', undefined)).toBeUndefined();
  });
});

describe('without a key', () => {
  it('what holds no secret is stored and read as it is', async () => {
    const open = { url: config.url, headers: {} };
    expect(await keyless.sealAgent('ada', { ...AGENT, config: open })).toBe(open);
    expect(await keyless.openAgent('ada', { ...AGENT, config })).toBe(config);
    expect(await keyless.seal({ owner: 'ada', table: 'x', row: 'y' }, open, ['headers'])).toBe(open);
  });

  it('a secret is neither stored nor opened, and the answer says what to do', async () => {
    await expect(keyless.sealAgent('ada', { ...AGENT, config })).rejects.toMatchObject({
      code: 'secrets-key-missing',
      message: expect.stringContaining('openssl rand'),
    });
    const stored = sealedAs('agents', 'agent-1', 'headers.Authorization', 'Bearer a');
    const row = { ...AGENT, config: { headers: { Authorization: stored } } };
    await expect(keyless.openAgent('ada', row)).rejects.toMatchObject({
      code: 'secrets-unreadable',
      message: expect.stringContaining(`the key ${KEYS[0].id}`),
    });
  });
});

describe('a key file that holds no key', () => {
  it('is said to be wrong wherever it is needed', async () => {
    const folder = await createTempFolder('keys');
    await writeFile(keyFileIn(folder), 'nonsense');
    const broken = serviceWith(new Keys({ kind: 'file', folder }));
    const refusal = { code: 'secrets-unreadable', message: expect.stringContaining('does not hold a key') };
    await expect(broken.sealAgent('ada', { ...AGENT, config })).rejects.toMatchObject(refusal);
    const stored = sealedAs('agents', 'agent-1', 'headers.Authorization', 'Bearer a');
    const row = { ...AGENT, config: { headers: { Authorization: stored } } };
    await expect(broken.openAgent('ada', row)).rejects.toMatchObject(refusal);
    expect(await broken.view('ada')).toEqual({ key: 'file', problem: refusal.message });
  });
});

describe('a secret that cannot be opened', () => {
  const opened = (text: string) =>
    service.openAgent('ada', { ...AGENT, config: { headers: { Authorization: text } } });
  const stored = sealedAs('agents', 'agent-1', 'headers.Authorization', 'Bearer a');

  it.each([
    ['was copied from another place', sealedAs('agents', 'agent-2', 'headers.Authorization', 'x'), 'copied'],
    ['is of a version that is newer', stored.replace(':v1:', ':v2:'), 'a newer version of Everbeat'],
    ['was sealed with another key', stored.replace(KEYS[0].id, 'AAAAAAAA'), 'the key AAAAAAAA'],
  ])('because it %s says so', async (_why, text, words) => {
    await expect(opened(text)).rejects.toMatchObject({
      code: 'secrets-unreadable',
      message: expect.stringContaining(words),
    });
  });
});

describe('an edit of a task', () => {
  const sealed = () => service.sealTask('ada', 'task-1', { watch: { ...config } });
  const edit = async (watch: Record<string, unknown>) => {
    const storedConfig = await sealed();
    const written = await service.editTask('ada', { id: 'task-1', storedConfig }, { watch });
    return { storedConfig, written, opened: await service.openTask('ada', 'task-1', written) };
  };

  it('that changes nothing of the settings for a kind leaves them as they are stored', async () => {
    const { storedConfig, written } = await edit({ ...config, headers: { Authorization: MASK } });
    expect(written).toEqual(storedConfig);
  });

  it('keeps what it masks, and seals what it gives', async () => {
    const { written, opened } = await edit({
      url: 'https://a.example/other',
      headers: { Authorization: MASK, Cookie: 'new' },
    });
    expect(JSON.stringify(written)).not.toContain('new');
    expect(opened.watch).toMatchObject({ headers: { Authorization: 'Bearer a', Cookie: 'new' } });
  });

  it('that gives all secrets anew needs none of those that are stored', async () => {
    const storedConfig = await sealed();
    const later = serviceWith(new Keys({ kind: 'environment', keys: ringOf(makeKey()) }));
    const anew = { watch: { ...config, headers: { Authorization: 'Bearer b' } } };
    const written = await later.editTask('ada', { id: 'task-1', storedConfig }, anew);
    expect(await later.openTask('ada', 'task-1', written)).toEqual(anew);
  });
});
