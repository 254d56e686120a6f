import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import { QSTASH_DEVELOPMENT, signDelivery } from '@everbeat/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { createApp } from '@/server/http/app';
import { createWorld, type World } from '../support/world';

const { watchdog } = WEBHOOK_PATHS;
const { currentSigningKey, nextSigningKey } = QSTASH_DEVELOPMENT;
const KEYS = { QSTASH_CURRENT_SIGNING_KEY: currentSigningKey, QSTASH_NEXT_SIGNING_KEY: nextSigningKey };

let world: World;
afterEach(() => world.close());

async function statusOf(env: Record<string, string>, signature?: string): Promise<number> {
  world = await createWorld({ env });
  const headers = {
    host: 'localhost:3000',
    ...(signature !== undefined && { 'Upstash-Signature': signature }),
  };
  const app = createApp({ env: world.env, logger: world.logger, container: async () => world });
  return (await app.request(watchdog, { method: 'POST', body: '{}', headers })).status;
}

describe('in local mode, which does not need QStash, a call without a signature', () => {
  test.each([
    ['is accepted on the operator’s own machine', {}, 200],
    ['is refused once signing keys are set', KEYS, 401],
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

  test('is accepted with a valid signature when keys are set', async () => {
    const url = `http://localhost:3000${watchdog}`;
    expect(await statusOf(KEYS, signDelivery({ url, body: '{}', key: currentSigningKey }))).toBe(200);
  });
});
