import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SubscribedBrowser, vapidClaims } from '../../packages/channels/test/browser';
import { type FarSide, startFarSide } from '../../packages/channels/test/farSide';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

/** Push messages to a browser, from the key that it subscribes with to what it reads. */

const newKey = (): string => randomBytes(32).toString('base64');

let service: FarSide;
const worlds: ApiWorld[] = [];
beforeEach(async () => {
  service = await startFarSide();
});
afterEach(async () => {
  await service.close();
  for (const world of worlds.splice(0).toReversed()) await world.close();
});

/** A server; with `beside`, another one on the same database. */
async function server(key: string, beside?: ApiWorld): Promise<ApiWorld> {
  const world = await createApiWorld({
    env: { SECRETS_KEY: key, NOTIFY_ALLOW_PRIVATE_URLS: '1', APP_URL: 'https://everbeat.example.com' },
    ...(beside && { database: { ...beside.testDatabase, drop: async () => undefined }, clock: beside.clock }),
  });
  worlds.push(world);
  return world;
}

const storedKeys = (world: ApiWorld) =>
  world.query<{ value: { privateKey: string } }>(
    `select value from everbeat.system_state where key = 'push'`,
  );

test('a subscribed browser reads a message that is signed with the key it subscribed with', async () => {
  const { ada } = await server(newKey());
  const { publicKey } = await ada.channel.pushKey();
  const browser = new SubscribedBrowser();
  const subscription = browser.subscription(`${service.url}/device`);
  const channel = await ada.channel.create({ kind: 'push', config: { subscription } });
  expect(JSON.stringify(channel)).not.toContain(subscription.keys.auth);
  expect(await ada.channel.test({ id: channel.id })).toEqual({ ok: true, problem: null });
  const [call] = service.calls;
  expect(JSON.parse(browser.read(call?.body ?? Buffer.alloc(0)))).toMatchObject({
    title: 'Everbeat reaches you here',
  });
  expect(call?.headers.authorization).toContain(`k=${publicKey}`);
  expect(vapidClaims(call?.headers.authorization ?? '')).toMatchObject({ aud: service.url });
});

test('two servers that are asked for the key at once make one', async () => {
  const key = newKey();
  const one = await server(key);
  const other = await server(key, one);
  const [first, second] = await Promise.all([one.ada.channel.pushKey(), other.bob.channel.pushKey()]);
  expect(second).toEqual(first);
  expect(await one.ada.channel.pushKey()).toEqual(first);
});

test('the private key is stored sealed, and sealed anew with the next key of the vault', async () => {
  const [former, next] = [newKey(), newKey()];
  const before = await server(former);
  const { publicKey } = await before.ada.channel.pushKey();
  expect(await storedKeys(before)).toEqual([
    { value: { publicKey, privateKey: expect.stringMatching(/^sealed:/) } },
  ]);
  const during = await server(`${next}, ${former}`, before);
  await during.secretsSweep.sweep();
  const after = await server(next, before);
  const subscription = new SubscribedBrowser().subscription(`${service.url}/device`);
  const { id } = await after.ada.channel.create({ kind: 'push', config: { subscription } });
  expect(await after.ada.channel.test({ id })).toMatchObject({ ok: true });
});
