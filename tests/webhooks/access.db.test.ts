import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import { QSTASH_DEVELOPMENT, signDelivery } from '@everbeat/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

const { watchdog } = WEBHOOK_PATHS;
const { currentSigningKey, nextSigningKey } = QSTASH_DEVELOPMENT;
const KEYS = { QSTASH_CURRENT_SIGNING_KEY: currentSigningKey, QSTASH_NEXT_SIGNING_KEY: nextSigningKey };

let world: World;
afterEach(() => world.close());

async function statusOf(env: Record<string, string>, signature?: string): Promise<number> {
  world = await createWorld({ env });
  const headers: Record<string, string> = signature === undefined ? {} : { 'Upstash-Signature': signature };
  return (await world.workflows.request(watchdog, { method: 'POST', body: '{}', headers })).status;
}

describe('in local mode, where QStash is not needed, a call without a signature', () => {
  test.each([
    ['is let in on the operator’s own machine', {}, 200],
    ['is refused once there are keys to verify it with', KEYS, 401],
    [
      'is refused where only one of the two keys is set',
      { QSTASH_CURRENT_SIGNING_KEY: currentSigningKey },
      401,
    ],
    ['is refused where the application has a public address', { APP_URL: 'https://everbeat.example' }, 401],
    ['is refused where the network can reach it', { HOST: '0.0.0.0', ACCESS_PASSWORD: 'correct horse' }, 401],
  ])('%s', async (_name, env, status) => {
    expect(await statusOf(env)).toBe(status);
  });

  test('is let in with a good signature where there are keys', async () => {
    const url = `http://localhost:3000${watchdog}`;
    expect(await statusOf(KEYS, signDelivery({ url, body: '{}', key: currentSigningKey }))).toBe(200);
  });
});
